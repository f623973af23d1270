/* Who may see what: the table, the roles, and why one account sees or does not see one field of a
 * child. */
#include "access/clearance.h"
#include "access/opening.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "people/division.h"
#include "people/relation.h"

#include <stdio.h>

#define DAY_LENGTH INT64_C(86400000000) /* in microseconds */

/* One question on its way to the terminal. */
struct question {
    struct invocation *in;
    struct deployment *d;
    const struct clearance *table;
    struct account account;
    struct relation_tie tie;
    int64_t child, now;
    enum data_class class;
    enum purpose purpose;
};

/* The present moment, on the day that HUMIAO_TODAY gives where a test or a trial sets it. */
static int64_t moment(void)
{
    int64_t now = instant_now();

    return now + ((int64_t)day_today() - day_of_instant(now)) * DAY_LENGTH;
}

/* "2026-11-23 10:05", in Shanghai. */
static const char *instant_text(const struct question *q, int64_t instant)
{
    char day_text[DAY_TEXT];
    int64_t minute = instant / INT64_C(60000000) + 8 * 60;

    return arena_printf(q->in->arena, "%s %02d:%02d", day_format(day_of_instant(instant), day_text),
                        hour_of_instant(instant), (int)(minute % 60));
}

static const char *say_of(const struct question *q, const char *msgid)
    __attribute__((format_arg(2)));
static const char *say_of(const struct question *q, const char *msgid) { return say(q->in, msgid); }

/* ---- who asks
 * ----------------------------------------------------------------------------------------- */

static int print_account(const struct question *q)
{
    const struct account *a = &q->account;
    struct division_tree tree;
    int rc = division_tree_read(q->d->store, q->in->arena, &tree, q->in->error);

    if (rc < 0)
        return rc;
    printf(say_of(q, N_("%s has the role %s")), q->in->positional[1],
           a->role ? role_name(a->role) : "none");
    if (a->division) {
        const struct division *division = division_find(&tree, a->division);
        printf(say_of(q, N_(" in division %012lld")), (long long)a->division);
        if (division)
            printf(" (%s)", division->name);
    }
    if (a->department.n)
        printf(say_of(q, N_(" of the department %.*s")), (int)a->department.n, a->department.p);
    puts(say_of(q, N_(".")));
    if (a->disabled)
        puts(say_of(q, N_("The account is disabled and cannot sign in.")));
    return 0;
}

/* ---- what ties it to the child
 * ------------------------------------------------------------------------ */

static const char *why_none(const struct question *q)
{
    const struct account *a = &q->account;

    if (!q->tie.minor)
        return say_of(q, N_("The register holds no child under 18 by that reference now"));
    if (a->disabled)
        return say_of(q, N_("A disabled account has no tie to any child"));
    if (role_is_administrator(a->role))
        return say_of(q, N_("An administrator has no tie to any child"));
    if (a->role != ROLE_GUARDIAN)
        return say_of(q,
                      N_("The child lives outside the account's division, and neither it nor its "
                         "team has a task for the child"));
    if (q->tie.revoked)
        return say_of(q, N_("A court has revoked the guardianship of the account's person"));
    return say_of(
        q, N_("The account's person is neither legal parent nor guardian of the child today"));
}

static void print_kin(const struct question *q)
{
    char from[DAY_TEXT], to[DAY_TEXT];

    printf(say_of(q, N_("Its person is %s of the child")), kin_role_name(q->tie.kin));
    if (q->tie.kin_from != DAY_BEGINNING)
        printf(say_of(q, N_(" since %s")), day_format(q->tie.kin_from, from));
    if (q->tie.kin_to != DAY_FOREVER)
        printf(say_of(q, N_(" until %s")), day_format(q->tie.kin_to, to));
}

static void print_relation(const struct question *q)
{
    const struct relation_tie *t = &q->tie;

    switch (t->relation) {
    case RELATION_AREA:
        fputs(say_of(q, N_("The child lives in the account's division")), stdout);
        break;
    case RELATION_DEPARTMENT:
        fputs(
            say_of(q,
                   N_("The child lives in the account's division, and its department has a record "
                      "of the child or of a legal parent")),
            stdout);
        break;
    case RELATION_TEAM:
        printf(
            say_of(q, N_("Somebody of the account's team has the task %s for the child until %s")),
            assignment_task_name(t->task), instant_text(q, t->task_until));
        break;
    case RELATION_ASSIGNED:
        printf(say_of(q, N_("The account has the task %s for the child until %s")),
               assignment_task_name(t->task), instant_text(q, t->task_until));
        break;
    case RELATION_GUARDIAN: print_kin(q); break;
    case RELATION_NONE:
    case RELATION_COUNT: fputs(why_none(q), stdout); break;
    }
    printf(say_of(q, N_(": the relation is %s.\n")), relation_name(t->relation));
}

/* ---- what the table says
 * ------------------------------------------------------------------------------ */

static struct clearance_rule rule_for(const struct question *q, enum purpose purpose)
{
    return clearance_rule(q->table, q->class, q->account.role, q->tie.relation, purpose);
}

static const char *sight_text(const struct question *q, int sight)
{
    return sight == SIGHT_SHOWN    ? say_of(q, N_("shown"))
           : sight == SIGHT_MASKED ? say_of(q, N_("masked"))
                                   : say_of(q, N_("absent"));
}

static const char *way_text(const struct question *q, int way)
{
    switch (way) {
    case WAY_TAP: return say_of(q, N_("at once, by saying the purpose"));
    case WAY_APPROVAL: return say_of(q, N_("after a second person has agreed"));
    case WAY_GLASS:
        return say_of(q, N_("at once with a reason, reviewed by the end of the next day"));
    default: return say_of(q, N_("without an opening"));
    }
}

/* The text of a line of the table, without the blanks around it. */
static struct slice table_line(uint32_t number)
{
    struct slice text = clearance_builtin_text();
    const char *at = text.p, *end = text.p + text.n;

    for (uint32_t i = 1; i < number && at < end; i++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return slice_trim((struct slice){at, (size_t)((stop ? stop : end) - at)});
}

/* What a purpose shows, and by which line. Nothing for a purpose that no line names. */
static void print_purpose(const struct question *q, enum purpose purpose)
{
    struct clearance_rule rule = rule_for(q, purpose);

    if (rule.line == 0) {
        if (purpose == q->purpose)
            printf(say_of(q, N_("For %s no line of the table names %s here: it is absent.\n")),
                   purpose_name(purpose), data_class_name(q->class));
        return;
    }
    printf(say_of(q, N_("For %s, %s is %s")), purpose_name(purpose), data_class_name(q->class),
           sight_text(q, rule.sight));
    if (rule.way == WAY_TAP || rule.way == WAY_APPROVAL || rule.way == WAY_GLASS)
        printf(say_of(q, N_(", opened %s, for %d minutes")), way_text(q, rule.way), rule.minutes);
    struct slice line = table_line(rule.line);
    printf(say_of(q, N_(", by line %u of the table:\n")), (unsigned)rule.line);
    printf("    %.*s\n", (int)line.n, line.p);
}

static void print_rules(const struct question *q)
{
    print_purpose(q, q->purpose);
    if (invocation_value(q->in, "--purpose"))
        return;
    for (int purpose = PURPOSE_NONE + 1; purpose < PURPOSE_COUNT; purpose++)
        if ((enum purpose)purpose != q->purpose)
            print_purpose(q, (enum purpose)purpose);
}

/* ---- what is open now
 * --------------------------------------------------------------------------------- */

static int print_openings(const struct question *q, int *ret_sight)
{
    struct opening *list;
    size_t count, covering = 0;
    int sight = rule_for(q, PURPOSE_ROUTINE).sight;
    int rc = opening_in_force(q->d, q->account.id, q->child, q->now, q->in->arena, &list, &count,
                              q->in->error);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        if (!(list[i].classes >> q->class & 1))
            continue;
        int raised = rule_for(q, list[i].purpose).sight;
        covering++;
        printf(say_of(q, N_("An opening for %s is in force until %s.\n")),
               purpose_name(list[i].purpose), instant_text(q, list[i].expires_at));
        if (raised > sight)
            sight = raised;
    }
    if (covering == 0)
        puts(say_of(q, N_("No opening of this field is in force.")));
    *ret_sight = sight;
    return 0;
}

static int explain(struct question *q)
{
    int sight;
    int rc = print_account(q);

    if (rc < 0)
        return rc;
    print_relation(q);
    print_rules(q);
    if ((rc = print_openings(q, &sight)) < 0)
        return rc;
    if (q->account.disabled)
        sight = SIGHT_ABSENT;
    printf(say_of(q, N_("So at this moment %s is %s.\n")), data_class_name(q->class),
           sight_text(q, sight));
    return EXIT_DONE;
}

static int read_words(struct question *q)
{
    const char *purpose = invocation_value(q->in, "--purpose");
    int class = data_class_parse(slice_from(q->in->positional[3]));

    if (class < 0) {
        error_set(q->in->error, ERR_USAGE, N_("there is no class of data %s"),
                  q->in->positional[3]);
        return error_hint(q->in->error, N_("Classes and purposes stand in: humiao access table"));
    }
    q->class = (enum data_class) class;
    q->purpose = purpose ? purpose_parse(slice_from(purpose)) : PURPOSE_ROUTINE;
    if (q->purpose == PURPOSE_NONE) {
        error_set(q->in->error, ERR_USAGE, N_("there is no purpose %s"), purpose);
        return error_hint(q->in->error, N_("Classes and purposes stand in: humiao access table"));
    }
    return 0;
}

static int run_explain(struct invocation *in, const struct clearance *table)
{
    DEPLOYMENT_AUTO(d);
    struct question q = {.in = in, .table = table, .now = moment()};
    int rc = read_words(&q);

    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    if (rc < 0)
        return rc;
    q.d = d;
    rc = account_find(d, slice_from(in->positional[1]), in->arena, &q.account, in->error);
    if (rc == 0)
        rc = person_id_of_ref(in, d, in->positional[2], &q.child);
    if (rc == 0)
        rc = relation_explain(d, &q.account, q.child, q.now, &q.tie, in->error);
    return rc < 0 ? rc : explain(&q);
}

/* ---- roles
 * -------------------------------------------------------------------------------------------- */

/* Words with blanks between them. */
static struct slice join(struct arena *arena, struct slice so_far, const char *word)
{
    return slice_from(arena_printf(arena, "%.*s%s%s", (int)so_far.n, so_far.n ? so_far.p : "",
                                   so_far.n ? " " : "", word));
}

static int run_roles(struct invocation *in, const struct clearance *table)
{
    static const char *const columns[] = {"role",        "administrator", "second_factor",
                                          "approved_by", "permissions",   NULL};
    struct rows_writer w;
    size_t count;
    const char *const *permissions = clearance_permissions(table, &count);
    int rc = rows_begin(&w, in, columns);

    if (rc < 0)
        return rc;
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
        struct slice approvers = SLICE_LITERAL(""), may = SLICE_LITERAL("");
        for (int other = ROLE_NONE + 1; other < ROLE_COUNT; other++)
            if (clearance_approves(table, (enum role)other, (enum role)role))
                approvers = join(in->arena, approvers, role_name((enum role)other));
        for (size_t i = 0; i < count; i++)
            if (clearance_permits(table, (enum role)role, slice_from(permissions[i])))
                may = join(in->arena, may, permissions[i]);
        const struct slice cells[] = {
            slice_from(role_name((enum role)role)),
            slice_from(role_is_administrator((enum role)role) ? "yes" : "no"),
            slice_from(role_needs_second_factor((enum role)role) ? "yes" : "no"), approvers, may};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

static int run(struct invocation *in)
{
    const struct clearance *table;
    const char *verb = in->positional[0];
    bool explains = strcmp(verb, "explain") == 0;
    int rc = clearance_builtin(in->arena, &table, in->error);

    if (rc < 0)
        return rc;
    if (explains ? in->positional_count == 4 : in->positional_count == 1) {
        if (explains)
            return run_explain(in, table);
        if (strcmp(verb, "roles") == 0)
            return run_roles(in, table);
        if (strcmp(verb, "table") == 0) {
            struct slice text = clearance_builtin_text();
            fwrite(text.p, 1, text.n, stdout);
            return EXIT_DONE;
        }
    }
    error_set(in->error, ERR_USAGE, N_("access can be explained, or its table or roles shown"));
    return error_hint(in->error, N_("See: humiao %s --help"), "access");
}

static const struct option options[] = {
    OPTION_DB,
    {"--purpose", "PURPOSE", N_("what the field is looked at for; all purposes if not given")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_access;
const struct command command_access = {
    "access",
    TASK_ACCESS,
    "table | roles | explain ACCOUNT CHILD_REF FIELD --db URL [--purpose PURPOSE]",
    N_("Who may see what: the table, the roles, and why an account sees a field of a child."),
    options,
    1,
    4,
    run};
