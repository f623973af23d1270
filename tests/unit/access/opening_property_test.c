/* Random lives of openings beside a slow model that recounts everything from the beginning each
 * time. */
#include "opening_stage.h"

#include "../base/random.h"

#define MODEL_MAX 600

struct model_opening {
    int64_t id;
    int who;
    int64_t child;
    uint64_t classes;
    enum purpose purpose;
    enum relation relation;
    bool asks, glass; /* asks: waits for approval */
    int64_t asked, decided, until;
    int answer;    /* 0 none, 1 granted, 2 refused */
    int64_t ended; /* by hand; 0: not */
    bool reviewed;
    bool lateness_told;
};

struct model_alarm {
    enum alarm_kind kind;
    int who;
    int64_t at;
};

struct model {
    struct model_opening openings[MODEL_MAX];
    size_t count;
    struct model_alarm alarms[3 * MODEL_MAX];
    size_t alarm_count;
};

static enum opening_state model_state(const struct model_opening *o, int64_t now)
{
    if (o->asks && o->answer == 2)
        return OPENING_REFUSED;
    if (o->asks && o->answer == 0)
        return now - o->asked >= DAY_LONG ? OPENING_LAPSED : OPENING_ASKED;
    return o->ended || now >= o->until ? OPENING_ENDED : OPENING_OPEN;
}

static int64_t model_opened(const struct model_opening *o)
{
    return o->asks ? o->decided : o->asked;
}

static void model_alarm(struct model *m, enum alarm_kind kind, int who, int64_t at)
{
    if (kind != ALARM_GLASS && kind != ALARM_NOT_REVIEWED)
        for (size_t i = 0; i < m->alarm_count; i++)
            if (m->alarms[i].kind == kind && m->alarms[i].who == who && m->alarms[i].at > at - HOUR)
                return;
    assert_true(m->alarm_count < 3 * MODEL_MAX);
    m->alarms[m->alarm_count++] = (struct model_alarm){kind, who, at};
}

/* Openings by this account that began in the hour before, this one among them. */
static void model_alarms(struct model *m, const struct model_opening *o, int64_t at)
{
    int64_t of_day = (at / SECOND + 8 * 3600) % 86400;
    int n = 0;

    for (size_t i = 0; i < m->count; i++) {
        const struct model_opening *x = &m->openings[i];
        bool was_open = !x->asks || x->answer == 1;
        n += x->who == o->who && was_open && model_opened(x) > at - HOUR;
    }
    if (n > 20)
        model_alarm(m, ALARM_VOLUME, o->who, at);
    if (of_day < 7 * 3600 || of_day >= 21 * 3600)
        model_alarm(m, ALARM_HOUR, o->who, at);
    if (o->relation != RELATION_ASSIGNED && o->relation != RELATION_GUARDIAN &&
        o->purpose != PURPOSE_OVERSIGHT)
        model_alarm(m, ALARM_NO_TASK, o->who, at);
    if (o->glass)
        model_alarm(m, ALARM_GLASS, o->who, at);
}

/* What asking must answer: an error, a standing opening, or (NULL, 0) a new one in `ret_new`. */
static int model_ask(struct stage *s, struct model *m, const struct opening_request *r, int who,
                     struct model_opening **ret_standing, struct model_opening *ret_new)
{
    bool approval = false, glass = false;
    int64_t minutes = 100000;
    struct model_opening *standing = NULL;

    for (int c = 0; c < CLASS_COUNT; c++) {
        if (!(r->classes & BIT(c)))
            continue;
        struct clearance_rule rule = clearance_rule(s->clearance, (enum data_class)c, r->role,
                                                    r->relation, r->purpose);
        if (rule.way != WAY_TAP && rule.way != WAY_APPROVAL && rule.way != WAY_GLASS)
            return ERR_FORBIDDEN;
        approval |= rule.way == WAY_APPROVAL;
        glass |= rule.way == WAY_GLASS;
        minutes = rule.minutes < minutes ? rule.minutes : minutes;
    }
    glass = glass && !approval;
    for (int open = 0; open <= 1; open++) /* an open one goes before one asked */
        for (size_t i = 0; i < m->count; i++) {
            struct model_opening *o = &m->openings[i];
            enum opening_state state = model_state(o, r->now);
            if (o->who == who && o->child == r->child_id && o->purpose == r->purpose &&
                o->relation == r->relation && (r->classes & ~o->classes) == 0 &&
                (open ? state == OPENING_OPEN : state == OPENING_ASKED && approval))
                standing = o;
        }
    *ret_standing = standing;
    if (standing)
        return 0;
    if ((approval || glass) && r->reason.n == 0)
        return ERR_VALUE;
    *ret_new = (struct model_opening){.who = who,
                                      .child = r->child_id,
                                      .classes = r->classes,
                                      .purpose = r->purpose,
                                      .relation = r->relation,
                                      .asks = approval,
                                      .glass = glass,
                                      .asked = r->now,
                                      .until = approval ? minutes : r->now + minutes * MINUTE};
    return 0;
}

static void step_ask(struct stage *s, struct model *m, uint64_t *seed, int64_t now)
{
    static const enum relation relations[] = {RELATION_NONE,     RELATION_AREA,     RELATION_AREA,
                                              RELATION_ASSIGNED, RELATION_ASSIGNED, RELATION_TEAM};
    static const enum data_class classes[] = {CLASS_NAME, CLASS_ADDRESS, CLASS_KIN_PHONE,
                                              CLASS_ID_NUMBER, CLASS_FACT_HARM};
    struct model_opening *standing = NULL, fresh = {0};
    struct opening_request r;
    struct opening o;
    int who, want, tries = random_below(seed, 8) ? 30 : 1;

    /* Mostly something that the table opens: most of all combinations are refused. */
    do {
        who = (int)random_below(seed, ACCOUNTS);
        r = request(s, who, relations[random_below(seed, 6)],
                    (enum purpose)(1 + random_below(seed, PURPOSE_COUNT - 1)), 0,
                    random_below(seed, 8) ? "because" : "", now);
        r.child_id = CHILD + random_below(seed, 3);
        r.classes = BIT(classes[random_below(seed, 5)]);
        if (random_below(seed, 3) == 0)
            r.classes |= BIT(classes[random_below(seed, 3)]);
        want = model_ask(s, m, &r, who, &standing, &fresh);
    } while (want && --tries > 0);
    int got = ask(s, &r, &o);
    assert_int_equal(got, -want);
    if (want)
        return;
    if (standing) {
        assert_int_equal(o.id, standing->id);
        return;
    }
    assert_true(m->count < MODEL_MAX);
    fresh.id = o.id;
    m->openings[m->count++] = fresh;
    if (!fresh.asks)
        model_alarms(m, &fresh, now);
}

static void step_decide(struct stage *s, struct model *m, uint64_t *seed, int64_t now)
{
    struct model_opening *o =
        &m->openings[m->count - 1 - random_below(seed, m->count < 12 ? (unsigned)m->count : 12)];
    int who = (int)random_below(seed, ACCOUNTS);
    bool grant = random_below(seed, 3) > 0;
    bool may = who != o->who && clearance_approves(s->clearance, roles[who], roles[o->who]);
    int want = !may ? ERR_FORBIDDEN : model_state(o, now) != OPENING_ASKED ? ERR_WRONG_STATE : 0;
    struct opening ret;

    assert_int_equal(decide(s, o->id, who, grant, now, &ret), -want);
    if (want)
        return;
    o->decided = now;
    o->answer = grant ? 1 : 2;
    if (grant) {
        o->until = now + o->until * MINUTE;
        model_alarms(m, o, now);
    }
}

static void step_end(struct stage *s, struct model *m, uint64_t *seed, int64_t now)
{
    struct model_opening *o =
        &m->openings[m->count - 1 - random_below(seed, m->count < 5 ? (unsigned)m->count : 5)];
    int who = random_below(seed, 4) ? o->who : (int)random_below(seed, ACCOUNTS);
    int want = who != o->who                         ? ERR_FORBIDDEN
               : model_state(o, now) != OPENING_OPEN ? ERR_WRONG_STATE
                                                     : 0;

    assert_int_equal(end(s, o->id, who, now), -want);
    if (!want)
        o->ended = now;
}

static void step_review(struct stage *s, struct model *m, uint64_t *seed, int64_t now)
{
    struct model_opening *o = &m->openings[random_below(seed, (unsigned)m->count)];
    int who = (int)random_below(seed, ACCOUNTS);
    bool justified = random_below(seed, 2);
    bool may = who != o->who && clearance_approves(s->clearance, roles[who], roles[o->who]);
    int want = !may ? ERR_FORBIDDEN : !o->glass || o->reviewed ? ERR_WRONG_STATE : 0;
    struct opening ret;

    assert_int_equal(review(s, o->id, who, justified, now, &ret), -want);
    if (want)
        return;
    if (!justified && model_state(o, now) == OPENING_OPEN)
        o->ended = now;
    o->reviewed = true;
}

static void step_sweep(struct stage *s, struct model *m, int64_t now)
{
    sweep(s, now);
    for (size_t i = 0; i < m->count; i++) {
        struct model_opening *o = &m->openings[i];
        int64_t day_asked = (o->asked / SECOND + 8 * 3600) / 86400;
        int64_t day_now = (now / SECOND + 8 * 3600) / 86400;
        if (o->glass && !o->reviewed && !o->lateness_told && day_now > day_asked + 1) {
            o->lateness_told = true;
            model_alarm(m, ALARM_NOT_REVIEWED, o->who, now);
        }
    }
}

static void compare(struct stage *s, const struct model *m, int64_t now)
{
    struct arena arena = ARENA_EMPTY;
    size_t asked = 0, to_review = 0;
    struct alarm *list;
    size_t count;

    for (size_t i = 0; i < m->count; i++) {
        const struct model_opening *want = &m->openings[i];
        struct opening o;
        OK(s, opening_get(s->d, want->id, now, &arena, &o, &s->e));
        assert_int_equal(o.state, model_state(want, now));
        assert_int_equal(o.account_id, s->accounts[want->who].id);
        assert_int_equal(o.classes, want->classes);
        assert_int_equal(o.glass, want->glass);
        assert_int_equal(o.reviewed_at != 0, want->reviewed);
        asked += o.state == OPENING_ASKED;
        to_review += want->glass && !want->reviewed;
    }
    for (int who = 0; who < ACCOUNTS; who++)
        for (int child = 0; child < 3; child++) {
            size_t open = 0;
            for (size_t i = 0; i < m->count; i++)
                open += m->openings[i].who == who && m->openings[i].child == CHILD + child &&
                        model_state(&m->openings[i], now) == OPENING_OPEN;
            assert_int_equal(in_force(s, who, CHILD + child, now), open);
        }
    struct opening *waiting;
    OK(s,
       opening_list(s->d, OPENINGS_ASKED, 0, 0, MODEL_MAX, now, &arena, &waiting, &count, &s->e));
    assert_int_equal(count, asked);
    OK(s, opening_list(s->d, OPENINGS_TO_REVIEW, 0, 0, MODEL_MAX, now, &arena, &waiting, &count,
                       &s->e));
    assert_int_equal(count, to_review);
    OK(s, alarm_list(s->d, false, 0, 3 * MODEL_MAX, &arena, &list, &count, &s->e));
    assert_int_equal(count, m->alarm_count);
    for (int kind = 1; kind < ALARM_KIND_COUNT; kind++)
        for (int who = 0; who < ACCOUNTS; who++) {
            size_t got = 0, want = 0;
            for (size_t i = 0; i < count; i++) {
                got += list[i].kind == (enum alarm_kind)kind &&
                       list[i].account_id == s->accounts[who].id;
                want += m->alarms[i].kind == (enum alarm_kind)kind && m->alarms[i].who == who;
            }
            assert_int_equal(got, want);
        }
    arena_end(&arena);
}

static void random_lives(void **state)
{
    struct stage *s = stage_of(state);
    struct model *m = calloc(1, sizeof *m);
    uint64_t seed = random_seed();
    int64_t now = MORNING;

    for (int i = 0; i < 900; i++) {
        static const int64_t pauses[] = {SECOND,      SECOND, MINUTE,  MINUTE,
                                         15 * MINUTE, HOUR,   9 * HOUR};
        now += pauses[random_below(&seed, i < 450 ? 4 : 7)] * (1 + random_below(&seed, 3));
        unsigned what = m->count == 0 ? 0 : random_below(&seed, 10);
        if (what < 5)
            step_ask(s, m, &seed, now);
        else if (what < 7)
            step_decide(s, m, &seed, now);
        else if (what < 8)
            step_end(s, m, &seed, now);
        else if (what < 9)
            step_review(s, m, &seed, now);
        else
            step_sweep(s, m, now);
        if (i % 50 == 49)
            compare(s, m, now);
    }
    printf("# %zu openings, %zu alarms\n", m->count, m->alarm_count);
    assert_true(m->count > 20);
    free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(random_lives)};

    return cmocka_run_group_tests_name("lives of openings", tests, NULL, NULL);
}
