/* What no edition of the table may break, each said where it is broken. */
#include "access/clearance_inside.h"

bool class_is_of_a_child(enum data_class c)
{
    switch (c) {
    case CLASS_ID: /* random: tells nothing without what it points to */
    case CLASS_STAFF:
    case CLASS_STAFF_PHONE:
    case CLASS_ACCOUNT:
    case CLASS_TRAIL:
    case CLASS_SYSTEM:
    case CLASS_CELL: /* a department's own row: which child it is of is not known */
    case CLASS_FEED:
    case CLASS_PUBLIC: return false;
    default: return true;
    }
}

/* PR-08: who is accused of harm learns nothing of the report, nor of who worked on it. */
static bool class_is_of_a_report(enum data_class c)
{
    return c == CLASS_FACT_HARM || c == CLASS_NARRATIVE || c == CLASS_REPORTER ||
           c == CLASS_TRACE || c == CLASS_REASON;
}

/* The column in which an item of a comma-separated list stands; the list's own where it is not
 * named, as in `everybody`. */
static uint32_t column_of(struct word list, const char *item)
{
    size_t n = strlen(item);
    for (size_t from = 0; from < list.text.n;) {
        const char *comma = memchr(list.text.p + from, ',', list.text.n - from);
        size_t to = comma ? (size_t)(comma - list.text.p) : list.text.n;
        if (to - from == n && memcmp(list.text.p + from, item, n) == 0)
            return list.column + (uint32_t)from;
        from = to + 1;
    }
    return list.column;
}

static int check_row_roles(struct table *t, const struct clearance_row *row)
{
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++) {
        enum role role = (enum role)i;
        if (!has(row->roles, i))
            continue;
        if (role_is_administrator(role)) {
            table_fault(t, row->rule.line, column_of(row->role_word, role_name(role)),
                        N_("%s is an administrator, and %s is a child's"), role_name(role),
                        data_class_name(row->class));
            return error_hint(t->error, N_("An administrator sees nothing of a child: take the "
                                           "role out of this line."));
        }
        if (role == ROLE_GUARDIAN && class_is_of_a_report(row->class)) {
            table_fault(t, row->rule.line, column_of(row->role_word, role_name(role)),
                        N_("a guardian may be the one who is reported: %s is not theirs to see"),
                        data_class_name(row->class));
            return error_hint(t->error, N_("Take guardian out of this line."));
        }
    }
    return 0;
}

/* Routine is opened by nothing; every other purpose by something; the glass belongs to emergency
 * alone. */
static int check_row_way(struct table *t, const struct clearance_row *row)
{
    const struct clearance_rule *rule = &row->rule;
    bool routine = has(row->purposes, PURPOSE_ROUTINE);
    bool emergency = has(row->purposes, PURPOSE_EMERGENCY);
    bool others = (row->purposes & ~(1u << PURPOSE_ROUTINE)) != 0;
    bool named = row->way_word.text.n > 0, glass = rule->way == WAY_GLASS;
    if (routine && named) {
        table_fault(t, rule->line, row->way_word.column, N_("routine needs no way of opening"));
        return error_hint(t->error, N_("Leave the way out, or name another purpose."));
    }
    if (others && !named) {
        table_fault(t, rule->line, row->sight_word.column,
                    N_("it does not say how this purpose is opened"));
        return error_hint(t->error,
                          N_("Write tap, approval or glass behind it, and for how long: tap 15m."));
    }
    if (emergency && !glass) {
        table_fault(t, rule->line, row->way_word.column,
                    N_("emergency is opened by breaking the glass alone"));
        return error_hint(t->error, N_("Write glass, or name another purpose."));
    }
    if (glass && row->purposes != 1u << PURPOSE_EMERGENCY) {
        table_fault(t, rule->line, row->way_word.column,
                    N_("the glass is broken in an emergency alone"));
        return error_hint(t->error, N_("Write tap or approval, or name emergency alone."));
    }
    return 0;
}

int check_row(struct table *t, const struct clearance_row *row)
{
    if (!class_is_of_a_child(row->class))
        return check_row_way(t, row);
    int status = check_row_roles(t, row);
    if (status == 0 && has(row->relations, RELATION_NONE)) {
        table_fault(t, row->rule.line, column_of(row->relation_word, relation_name(RELATION_NONE)),
                    N_("%s is a child's: without a relation to the child nobody sees it"),
                    data_class_name(row->class));
        return error_hint(t->error, N_("Name the relations, without none."));
    }
    return status ? status : check_row_way(t, row);
}

static bool permission_is_of_a_child(struct slice name)
{
    static const char *const beginnings[] = {"child:", "opening:", "trace:"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t n = strlen(beginnings[i]);
        if (name.n >= n && memcmp(name.p, beginnings[i], n) == 0)
            return true;
    }
    return false;
}

int check_permission_role(struct table *t, const struct permission_row *p, enum role role,
                          uint32_t line, uint32_t column)
{
    if (!role_is_administrator(role))
        return 0;
    if (permission_is_of_a_child(p->name)) {
        table_fault(t, line, column, N_("%s is an administrator, and %.*s is of a child"),
                    role_name(role), (int)p->name.n, p->name.p);
        return error_hint(t->error, N_("An administrator never comes near a child's file: take "
                                       "the role out."));
    }
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++)
        if (i != (int)role && has(p->roles, i) && role_is_administrator((enum role)i)) {
            table_fault(t, line, column, N_("%s and %s are administrators and would share %.*s"),
                        role_name((enum role)i), role_name(role), (int)p->name.n, p->name.p);
            return error_hint(t->error, N_("Administrators share nothing: leave one of them, or "
                                           "give it to everybody."));
        }
    return 0;
}

static int check_approver(struct table *t, uint32_t askers, enum role approver, uint32_t line,
                          uint32_t column)
{
    if (has(askers, (int)approver)) {
        table_fault(t, line, column, N_("%s would approve what %s asks"), role_name(approver),
                    role_name(approver));
        return error_hint(t->error, N_("Nobody decides for their own role: name another one."));
    }
    if (role_is_administrator(approver)) {
        table_fault(t, line, column, N_("%s is an administrator and decides nothing about a child"),
                    role_name(approver));
        return error_hint(t->error, N_("Name a role that answers for the children."));
    }
    return 0;
}

int check_approval(struct table *t, uint32_t askers, uint32_t approvers, uint32_t line,
                   struct word approver_word)
{
    int status = 0;
    for (int i = ROLE_NONE + 1; status == 0 && i < ROLE_COUNT; i++)
        if (has(approvers, i))
            status = check_approver(t, askers, (enum role)i, line,
                                    column_of(approver_word, role_name((enum role)i)));
    return status;
}

/* Approval or glass, where nobody would decide or review. */
static int check_decided(struct table *t, const struct clearance_row *row, int role)
{
    bool decided = row->rule.way == WAY_APPROVAL || row->rule.way == WAY_GLASS;
    if (!decided || t->compiled->approvers[role])
        return 0;
    table_fault(t, row->rule.line, row->way_word.column,
                N_("nobody decides what %s asks for, nor reviews it"), role_name((enum role)role));
    return error_hint(t->error, N_("Add a line: approval %s by ROLE"), role_name((enum role)role));
}

static int check_shows_more(struct table *t, const struct clearance_row *row, int role)
{
    for (int relation = 0; relation < RELATION_COUNT; relation++) {
        const struct clearance_rule *routine =
            &t->compiled->rules[role][relation][PURPOSE_ROUTINE][row->class];
        if (!has(row->relations, relation) || row->rule.sight > routine->sight)
            continue;
        table_fault(t, row->rule.line, row->sight_word.column,
                    N_("%s at %s sees that much in the routine already, by line %u"),
                    role_name((enum role)role), relation_name((enum relation)relation),
                    routine->line);
        return error_hint(t->error,
                          N_("An opening shows more than the routine, or is not needed."));
    }
    return 0;
}

int check_whole(struct table *t)
{
    for (size_t i = 0; i < t->row_count; i++) {
        const struct clearance_row *row = &t->rows[i];
        if (has(row->purposes, PURPOSE_ROUTINE))
            continue;
        for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
            if (!has(row->roles, role))
                continue;
            int status = check_decided(t, row, role);
            if (status == 0)
                status = check_shows_more(t, row, role);
            if (status != 0)
                return status;
        }
    }
    return 0;
}
