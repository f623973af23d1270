/* Relations in random districts beside an oracle that goes by the book: for one account and one
 * child it walks all rows there are. */
#include "cast.h"

#include "../base/random.h"
#include "people/assignment.h"
#include "people/relation.h"

#include <string.h>

#define CHILDREN 90 /* more than a statement takes at once */
#define ADULTS 30
#define WORKERS 36

struct told_kin {
    int child, person; /* person: an adult */
    enum kin_role role;
    day from, to;
};
struct told_record {
    int subject; /* below CHILDREN a child, else an adult */
    enum record_kind kind;
    int department;
    day from, to;
};
struct told_task {
    int child, worker;
    int64_t from, to;
};

struct district {
    int64_t ids[CHILDREN + ADULTS];
    char codes[CHILDREN + ADULTS][13];
    day births[CHILDREN];
    struct told_kin kin[300];
    struct told_record records[200];
    struct told_task tasks[200];
    size_t kin_count, record_count, task_count;
    struct account workers[WORKERS];
    char divisions[WORKERS][13];
    int teams[WORKERS], departments[WORKERS], persons[WORKERS]; /* -1: none */
};

static const char *const departments[] = {"justice", "health", "court"};

static day today_of_oracle(void)
{
    day d;

    assert_true(day_parse(SLICE_LITERAL(CAST_TODAY), &d));
    return d;
}

/* By the text of the codes: the outer without its trailing groups of zeros is a prefix. */
static bool oracle_inside(const char *outer, const char *inner)
{
    static const int lengths[] = {2, 4, 6, 9, 12};

    if (!*outer || !*inner)
        return false;
    for (size_t i = 0; i < 5; i++)
        if (strspn(outer + lengths[i], "0") == strlen(outer + lengths[i]))
            return strncmp(outer, inner, (size_t)lengths[i]) == 0;
    return false;
}

/* The person who is the child's legal parent in that role, -1 where nobody is. */
static int oracle_holder(const struct district *x, int child, enum kin_role role, day today)
{
    int holder = -1;
    day since = 0;

    for (size_t i = 0; i < x->kin_count; i++) {
        const struct told_kin *k = &x->kin[i];
        day from = k->from == DAY_BEGINNING ? x->births[child] : k->from;
        if (k->child == child && k->role == role && k->from <= today && today < k->to &&
            (holder < 0 || from >= since)) {
            holder = k->person;
            since = from;
        }
    }
    return holder;
}

static bool oracle_legal(const struct district *x, int child, int person, day today)
{
    int af = oracle_holder(x, child, KIN_ADOPTIVE_FATHER, today);
    int am = oracle_holder(x, child, KIN_ADOPTIVE_MOTHER, today);

    if (af >= 0 || am >= 0)
        return person == af || person == am;
    return person == oracle_holder(x, child, KIN_FATHER, today) ||
           person == oracle_holder(x, child, KIN_MOTHER, today);
}

static bool oracle_guards(const struct district *x, int child, int person, day today)
{
    bool guards = oracle_legal(x, child, person, today);

    for (size_t i = 0; i < x->kin_count; i++)
        guards |= x->kin[i].child == child && x->kin[i].person == person &&
                  x->kin[i].role == KIN_GUARDIAN && x->kin[i].from <= today && today < x->kin[i].to;
    for (size_t i = 0; i < x->record_count; i++)
        if (x->records[i].subject == CHILDREN + person &&
            x->records[i].kind == KIND_GUARDIANSHIP_REVOKED && x->records[i].from <= today &&
            today < x->records[i].to)
            return false;
    return guards;
}

static enum relation oracle(const struct district *x, int w, int child, day today)
{
    enum role role = x->workers[w].role;
    bool department = false, assigned = false, team = false;

    if (x->births[child] == DAY_BEGINNING || day_add_months(x->births[child], 12 * 18) <= today)
        return RELATION_NONE;
    if (role_is_administrator(role))
        return RELATION_NONE;
    if (role == ROLE_GUARDIAN)
        return x->persons[w] >= 0 && oracle_guards(x, child, x->persons[w], today)
                   ? RELATION_GUARDIAN
                   : RELATION_NONE;
    bool area = oracle_inside(x->divisions[w], x->codes[child]);
    for (size_t i = 0; i < x->record_count && role == ROLE_DEPARTMENT_LIAISON && area; i++) {
        const struct told_record *r = &x->records[i];
        department |= r->department == x->departments[w] &&
                      (r->subject == child ||
                       (r->subject >= CHILDREN &&
                        oracle_legal(x, child, r->subject - CHILDREN, today)));
    }
    for (size_t i = 0; i < x->task_count; i++) {
        const struct told_task *t = &x->tasks[i];
        if (t->child != child || t->from > CAST_NOW || CAST_NOW >= t->to)
            continue;
        assigned |= t->worker == w;
        team |= x->teams[w] >= 0 && x->teams[t->worker] == x->teams[w];
    }
    return assigned     ? RELATION_ASSIGNED
           : team       ? RELATION_TEAM
           : department ? RELATION_DEPARTMENT
           : area       ? RELATION_AREA
                        : RELATION_NONE;
}

static void random_code(uint64_t *seed, int levels_most, char code[13])
{
    int level = 1 + (int)random_below(seed, (unsigned)levels_most);

    snprintf(code, 13, "99%02u%02u%03u%03u", level > 1 ? 98 + random_below(seed, 2) : 0,
             level > 2 ? 1 + random_below(seed, 2) : 0, level > 3 ? 1 + random_below(seed, 2) : 0,
             level > 4 ? 1 + random_below(seed, 3) : 0);
}

/* Half of them open, the rest near today. */
static void random_days(uint64_t *seed, day today, day *from, day *to)
{
    *from = random_below(seed, 2) ? DAY_BEGINNING : today - 3 + (day)random_below(seed, 5);
    *to = random_below(seed, 2) ? DAY_FOREVER : today - 1 + (day)random_below(seed, 4);
    if (*from != DAY_BEGINNING && *to != DAY_FOREVER && *to <= *from)
        *to = *from + 1;
}

static const char *text_of(struct scene *s, day d)
{
    char text[DAY_TEXT];

    return d == DAY_BEGINNING || d == DAY_FOREVER
               ? NULL
               : arena_printf(&s->arena, "%s", day_format(d, text));
}

static void make_people(struct scene *s, struct district *x, uint64_t *seed, day today)
{
    for (int i = 0; i < CHILDREN + ADULTS; i++) {
        day birth = day_add_months(today, -12 * 18) + (day)random_below(seed, 3) - 1 +
                    (random_below(seed, 3) ? 2000 : 0);
        if (i >= CHILDREN)
            birth = -2000;
        x->codes[i][0] = '\0';
        if (random_below(seed, 10))
            random_code(seed, 5, x->codes[i]);
        if (i < CHILDREN)
            x->births[i] = random_below(seed, 12) ? birth : DAY_BEGINNING;
        x->ids[i] = cast_child(s, arena_printf(&s->arena, "p%d", i),
                               i < CHILDREN ? text_of(s, x->births[i]) : text_of(s, birth),
                               x->codes[i][0] ? strtoll(x->codes[i], NULL, 10) : 0);
    }
}

static void make_kin_and_records(struct scene *s, struct district *x, uint64_t *seed, day today)
{
    static const enum kin_role kin[] = {KIN_FATHER,        KIN_MOTHER,          KIN_FATHER,
                                        KIN_MOTHER,        KIN_ADOPTIVE_FATHER, KIN_ADOPTIVE_MOTHER,
                                        KIN_STEP_FATHER,   KIN_GRANDPARENT,     KIN_GUARDIAN,
                                        KIN_FOSTER_PARENT, KIN_INSTITUTION};
    static const enum record_kind kinds[] = {KIND_GUARDIANSHIP_REVOKED, KIND_IMPRISONED, KIND_DEAD};

    for (int i = 0; i < 250; i++) {
        struct told_kin *k = &x->kin[x->kin_count++];
        *k = (struct told_kin){.child = (int)random_below(seed, CHILDREN),
                               .person = (int)random_below(seed, ADULTS),
                               .role = kin[random_below(seed, 11)]};
        random_days(seed, today, &k->from, &k->to);
        cast_kin(s, x->ids[k->child], x->ids[CHILDREN + k->person], k->role, text_of(s, k->from),
                 text_of(s, k->to));
    }
    for (int i = 0; i < 60; i++) {
        struct told_record *r = &x->records[x->record_count++];
        *r = (struct told_record){.subject = (int)random_below(seed, CHILDREN + ADULTS),
                                  .kind = kinds[random_below(seed, 3)],
                                  .department = (int)random_below(seed, 3)};
        random_days(seed, today, &r->from, &r->to);
        cast_record(s, x->ids[r->subject], r->kind, "", departments[r->department],
                    text_of(s, r->from), text_of(s, r->to));
    }
}

static void make_workers(struct scene *s, struct district *x, uint64_t *seed)
{
    for (int w = 0; w < WORKERS; w++) {
        /* Guardians and liaisons above all: theirs are the rules with the most parts. */
        enum role role = w < 12   ? (enum role)(1 + w % (ROLE_COUNT - 1))
                         : w < 22 ? ROLE_GUARDIAN
                         : w < 30 ? ROLE_DEPARTMENT_LIAISON
                                  : (enum role)(1 + w % (ROLE_COUNT - 1));
        x->teams[w] = role == ROLE_HELPER || role == ROLE_ORGANISATION_MANAGER ? w % 2 : -1;
        x->departments[w] = role == ROLE_DEPARTMENT_LIAISON ? (int)random_below(seed, 3) : -1;
        x->persons[w] = role == ROLE_GUARDIAN ? (int)random_below(seed, ADULTS) : -1;
        x->divisions[w][0] = '\0';
        if (role != ROLE_HELPER || random_below(seed, 2))
            random_code(seed, 4, x->divisions[w]);
        int64_t id = cast_account(s, arena_printf(&s->arena, "w%d", w), role,
                                  x->divisions[w][0] ? strtoll(x->divisions[w], NULL, 10) : 0,
                                  x->departments[w] >= 0 ? departments[x->departments[w]] : NULL,
                                  x->teams[w] >= 0 ? arena_printf(&s->arena, "team%d", x->teams[w])
                                                   : NULL,
                                  x->persons[w] >= 0 ? x->ids[CHILDREN + x->persons[w]] : 0);
        x->workers[w] = cast_account_get(s, id);
    }
}

static void make_tasks(struct scene *s, struct district *x, uint64_t *seed)
{
    for (int i = 0; i < 150; i++) {
        struct told_task *t = &x->tasks[x->task_count];
        int64_t id;
        *t = (struct told_task){.child = (int)random_below(seed, CHILDREN),
                                .worker = (int)random_below(seed, WORKERS),
                                .from = CAST_NOW - 2 + random_below(seed, 4)};
        t->to = t->from + 1 + random_below(seed, 4);
        int rc;
        CAST_WRITE(s, rc,
                   assignment_give(s->d, x->ids[t->child], x->workers[t->worker].id,
                                   (enum assignment_task)(1 + random_below(seed, 3)), t->to, 0,
                                   t->from, &id, &s->e));
        if (rc == -ERR_REFERENCE) /* a child of whom no birth is known */
            continue;
        OK(s, rc);
        struct assignment a;
        x->task_count++;
        OK(s, assignment_get(s->d, id, &a, &s->e));
    }
}

/* Tasks may have been replaced by later ones of their kind: what the table of them says is asked
 * anew. */
static void read_tasks(struct scene *s, struct district *x)
{
    x->task_count = 0;
    for (int w = 0; w < WORKERS; w++) {
        struct assignment *list;
        size_t count;
        OK(s, assignment_list_of_account(s->d, x->workers[w].id, 0, 1000, &s->arena, &list, &count,
                                         &s->e));
        for (size_t i = 0; i < count; i++) {
            struct told_task *t = &x->tasks[x->task_count++];
            *t = (struct told_task){.worker = w, .from = list[i].from_at, .to = list[i].to_at};
            if (list[i].ended_at && list[i].ended_at < t->to)
                t->to = list[i].ended_at;
            while (x->ids[t->child] != list[i].child_id)
                t->child++;
        }
    }
}

static void random_districts(void **state)
{
    struct scene *s = cast_of(state);
    struct district *x = calloc(1, sizeof *x);
    uint64_t seed = random_seed();
    day today = today_of_oracle();
    size_t told[RELATION_COUNT] = {0};

    make_people(s, x, &seed, today);
    make_kin_and_records(s, x, &seed, today);
    make_workers(s, x, &seed);
    make_tasks(s, x, &seed);
    read_tasks(s, x);
    for (int w = 0; w < WORKERS; w++) {
        enum relation got[CHILDREN], one;
        OK(s, relation_of_all(s->d, &x->workers[w], x->ids, CHILDREN, CAST_NOW, got, &s->e));
        for (int c = 0; c < CHILDREN; c++) {
            enum relation want = oracle(x, w, c, today);
            told[want]++;
            if (got[c] != want)
                fail_msg("%s, child %d: %s, not %s", role_name(x->workers[w].role), c,
                         relation_name(got[c]), relation_name(want));
        }
        int c = (int)random_below(&seed, CHILDREN);
        OK(s, relation_of(s->d, &x->workers[w], x->ids[c], CAST_NOW, &one, &s->e));
        assert_int_equal(one, got[c]);
    }
    printf("#");
    for (int r = 0; r < RELATION_COUNT; r++)
        printf(" %s %zu", relation_name((enum relation)r), told[r]);
    printf("\n");
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(random_districts)};

    return cmocka_run_group_tests_name("relations of random districts", tests, NULL, NULL);
}
