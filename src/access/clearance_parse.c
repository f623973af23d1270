/* Reads the text of the clearance table, line by line. */
#include "access/clearance_inside.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

#define WORDS_MAX 24  /* a line with more is none of ours */
#define WORD_SHOWN 40 /* bytes of a word in a message */

int table_fault(struct table *t, uint32_t line, uint32_t column, const char *what, ...)
{
    char said[300];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(said, sizeof said, text_in(t->error->language, what), arguments);
    va_end(arguments);
    return error_set(t->error, ERR_CLEARANCE, "%.80s:%u:%u: %s", t->name, line, column, said);
}

struct slice word_shown(struct slice word)
{
    size_t n = word.n < WORD_SHOWN ? word.n : WORD_SHOWN;
    return (struct slice){word.p, utf8_valid_prefix((struct slice){word.p, n})};
}

/* Where the reader stands: below a class, below a permission, or below neither. */
enum block { BLOCK_NONE, BLOCK_CLASS, BLOCK_PERMISSION };

struct reader {
    struct table *t;
    uint32_t line;
    bool indented;
    struct word words[WORDS_MAX];
    size_t count;
    enum block block;
    enum data_class class;
    uint32_t seen[CLASS_COUNT]; /* the line of each class, 0: not named yet */
};

static int fault_word(struct reader *r, struct word w, const char *what, const char *hint)
{
    struct slice shown = word_shown(w.text);
    table_fault(r->t, r->line, w.column, what, (int)shown.n, shown.p);
    return error_hint(r->t->error, "%s", text_in(r->t->error->language, hint));
}

/* ---- words ---- */

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* Splits a line at blanks, up to a '#'. Columns count characters, as an editor does. */
static int split(struct reader *r, struct slice line)
{
    uint32_t column = 1;
    size_t at = 0;
    r->count = 0;
    r->indented = line.n > 0 && is_blank(line.p[0]);
    while (at < line.n && line.p[at] != '#') {
        if (is_blank(line.p[at])) {
            at++, column++;
            continue;
        }
        struct word w = {{line.p + at, 0}, column};
        for (; at < line.n && !is_blank(line.p[at]) && line.p[at] != '#'; at++) {
            w.text.n++;
            column += ((unsigned char)line.p[at] & 0xC0) != 0x80;
        }
        if (r->count == WORDS_MAX)
            return fault_word(r, w, N_("“%.*s” and what follows is too much for one line"),
                              N_("Carry a long list on in indented lines."));
        r->words[r->count++] = w;
    }
    return 0;
}

/* Takes the next item off a comma-separated list; false at its end. An item may be empty. */
static bool next_item(struct word *list, struct word *ret)
{
    if (!list->text.p)
        return false;
    const char *comma = memchr(list->text.p, ',', list->text.n);
    size_t n = comma ? (size_t)(comma - list->text.p) : list->text.n;
    *ret = (struct word){{list->text.p, n}, list->column};
    uint32_t characters = 0;
    for (size_t i = 0; i < n; i++)
        characters += ((unsigned char)list->text.p[i] & 0xC0) != 0x80;
    if (comma)
        *list = (struct word){{comma + 1, list->text.n - n - 1}, list->column + characters + 1};
    else
        list->text.p = NULL;
    return true;
}

/* One kind of name that lists hold: how it is read, its word for all, what is said of another. */
struct vocabulary {
    int (*parse)(struct slice name); /* -1: no such name */
    const char *all;                 /* NULL: there is none */
    uint32_t all_set;
    const char *unknown, *hint;
};

static int parse_role(struct slice name)
{
    enum role role = role_parse(name);
    return role == ROLE_NONE ? -1 : (int)role;
}

static int parse_purpose(struct slice name)
{
    enum purpose purpose = purpose_parse(name);
    return purpose == PURPOSE_NONE ? -1 : (int)purpose;
}

static const struct vocabulary roles = {
    parse_role, "everybody", ROLES_ALL, N_("there is no role “%.*s”"),
    N_("Roles are those of src/access/roles.def, joined by commas without blanks; everybody is all "
       "of them.")};
static const struct vocabulary relations = {
    relation_parse, "any", RELATIONS_ALL, N_("there is no relation “%.*s”"),
    N_("Relations are none, area, department, team, assigned and guardian; any is all of them.")};
static const struct vocabulary purposes = {
    parse_purpose, NULL, 0, N_("there is no purpose “%.*s”"),
    N_("Purposes are routine, visit, aid, casework, emergency and oversight.")};

static int read_list(struct reader *r, struct word list, const struct vocabulary *of, uint32_t *ret)
{
    uint32_t set = 0;
    if (of->all && slice_is(list.text, of->all)) {
        *ret = of->all_set;
        return 0;
    }
    for (struct word item; next_item(&list, &item);) {
        int member = of->parse(item.text);
        if (member < 0)
            return fault_word(r, item, of->unknown, of->hint);
        if (has(set, member))
            return fault_word(r, item, N_("“%.*s” stands twice in this list"), N_("Leave one."));
        set |= UINT32_C(1) << member;
    }
    *ret = set;
    return 0;
}

/* ---- classes and their rows ---- */

static int read_class(struct reader *r)
{
    r->block = BLOCK_NONE;
    if (r->count != 2)
        return fault_word(r, r->words[0], N_("“%.*s” is followed by the name of one class"),
                          N_("Write: class name"));
    int class = data_class_parse(r->words[1].text);
    if (class < 0)
        return fault_word(r, r->words[1], N_("there is no class “%.*s”"),
                          N_("Classes are those of src/access/classes.def."));
    if (r->seen[class]) {
        table_fault(r->t, r->line, r->words[1].column, N_("class %s began on line %u already"),
                    data_class_name((enum data_class) class), r->seen[class]);
        return error_hint(r->t->error, N_("Put its lines together under one heading."));
    }
    r->seen[class] = r->line;
    r->class = (enum data_class) class;
    r->block = BLOCK_CLASS;
    return 0;
}

static int read_sight(struct reader *r, struct word w, struct clearance_rule *rule)
{
    rule->sight = slice_is(w.text, "shown")    ? SIGHT_SHOWN
                  : slice_is(w.text, "masked") ? SIGHT_MASKED
                                               : SIGHT_ABSENT;
    return rule->sight != SIGHT_ABSENT
               ? 0
               : fault_word(r, w, N_("“%.*s” is neither shown nor masked"),
                            N_("What nobody is to see is left out of the table."));
}

static bool read_minutes(struct slice s, uint16_t *ret)
{
    unsigned minutes = 0;
    if (s.n < 2 || s.n > 5 || s.p[s.n - 1] != 'm' || s.p[0] == '0')
        return false;
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        minutes = minutes * 10 + (unsigned)(s.p[i] - '0');
    }
    *ret = (uint16_t)minutes;
    return minutes <= CLEARANCE_MINUTES_MAX;
}

static int read_way(struct reader *r, struct word way, struct word minutes,
                    struct clearance_rule *rule)
{
    rule->way = slice_is(way.text, "tap")        ? WAY_TAP
                : slice_is(way.text, "approval") ? WAY_APPROVAL
                : slice_is(way.text, "glass")    ? WAY_GLASS
                                                 : WAY_NONE;
    if (rule->way == WAY_NONE)
        return fault_word(r, way, N_("“%.*s” is no way of opening"),
                          N_("Ways are tap, approval and glass."));
    if (!read_minutes(minutes.text, &rule->minutes))
        return fault_word(r, minutes, N_("“%.*s” is no length of time"),
                          N_("Write minutes, from 1m to 1440m, which is a day."));
    return 0;
}

static int read_row(struct reader *r)
{
    struct table *t = r->t;
    if (r->count != 4 && r->count != 6)
        return fault_word(r, r->words[r->count - 1],
                          N_("the line does not have its parts; it ends in “%.*s”"),
                          N_("Write: ROLES RELATIONS PURPOSES shown|masked [WAY MINUTESm]"));
    struct clearance_row row = {.class = r->class,
                                .role_word = r->words[0],
                                .relation_word = r->words[1],
                                .purpose_word = r->words[2],
                                .sight_word = r->words[3]};
    row.rule.line = r->line;
    row.rule.way = WAY_FREE;
    int status = read_list(r, r->words[0], &roles, &row.roles);
    if (status == 0)
        status = read_list(r, r->words[1], &relations, &row.relations);
    if (status == 0)
        status = read_list(r, r->words[2], &purposes, &row.purposes);
    if (status == 0)
        status = read_sight(r, r->words[3], &row.rule);
    if (status == 0 && r->count == 6) {
        row.way_word = r->words[4];
        status = read_way(r, r->words[4], r->words[5], &row.rule);
    }
    if (status == 0)
        status = check_row(t, &row);
    if (status != 0)
        return status;
    t->rows = arena_grow(t->arena, t->rows, &t->row_capacity, t->row_count + 1, sizeof row);
    t->rows[t->row_count++] = row;
    return 0;
}

/* ---- who decides ---- */

static int read_approval(struct reader *r)
{
    r->block = BLOCK_NONE;
    if (r->count != 4 || !slice_is(r->words[2].text, "by"))
        return fault_word(r, r->words[0], N_("“%.*s” does not say who decides for whom"),
                          N_("Write: approval ROLES by ROLES"));
    uint32_t askers, approvers;
    int status = read_list(r, r->words[1], &roles, &askers);
    if (status == 0)
        status = read_list(r, r->words[3], &roles, &approvers);
    if (status == 0)
        status = check_approval(r->t, askers, approvers, r->line, r->words[3]);
    for (int asker = 0; status == 0 && asker < ROLE_COUNT; asker++) {
        uint32_t *known = &r->t->compiled->approvers[asker];
        if (has(askers, asker) && (*known & approvers))
            return fault_word(r, r->words[1], N_("“%.*s”: one of them has this approval already"),
                              N_("Leave one of the two lines."));
        if (has(askers, asker))
            *known |= approvers;
    }
    return status;
}

/* ---- permissions ---- */

static bool is_permission_name(struct slice s)
{
    size_t colons = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool letter = (s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_';
        colons += s.p[i] == ':';
        if (!letter && s.p[i] != ':')
            return false;
    }
    return s.n <= CLEARANCE_NAME_MAX && s.n >= 3 && colons == 1 && s.p[0] != ':' &&
           s.p[s.n - 1] != ':';
}

/* Adds the words from `from` on, each a list of roles, to the last permission. */
static int read_permission_roles(struct reader *r, size_t from)
{
    struct permission_row *p = &r->t->permissions[r->t->permission_count - 1];
    for (size_t i = from; i < r->count; i++) {
        struct word list = r->words[i];
        if (slice_is(list.text, roles.all)) {
            if (p->roles || r->count > i + 1)
                return fault_word(r, list, N_("“%.*s” stands alone: it is all roles"),
                                  N_("Leave the other roles out."));
            for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
                int status = check_permission_role(r->t, p, (enum role)role, r->line, list.column);
                if (status != 0)
                    return status;
            }
            p->roles = ROLES_ALL;
            continue;
        }
        for (struct word item; next_item(&list, &item);) {
            int role = parse_role(item.text);
            if (role < 0)
                return fault_word(r, item, roles.unknown, roles.hint);
            if (has(p->roles, role))
                return fault_word(r, item, N_("“%.*s” stands twice in this list"),
                                  N_("Leave one."));
            int status = check_permission_role(r->t, p, (enum role)role, r->line, item.column);
            if (status != 0)
                return status;
            p->roles |= UINT32_C(1) << role;
        }
    }
    return 0;
}

static int read_permission(struct reader *r)
{
    struct table *t = r->t;
    r->block = BLOCK_NONE;
    if (r->count < 3)
        return fault_word(r, r->words[0], N_("“%.*s” does not say what, and whose"),
                          N_("Write: permission NAME ROLES"));
    struct word name = r->words[1];
    if (!is_permission_name(name.text))
        return fault_word(r, name, N_("“%.*s” is no name of a permission"),
                          N_("Write two words of small letters with a colon between: child:list"));
    for (size_t i = 0; i < t->permission_count; i++)
        if (slice_equal(t->permissions[i].name, name.text))
            return fault_word(r, name, N_("permission “%.*s” stands here a second time"),
                              N_("Put its roles into one list."));
    t->permissions = arena_grow(t->arena, t->permissions, &t->permission_capacity,
                                t->permission_count + 1, sizeof *t->permissions);
    t->permissions[t->permission_count++] = (struct permission_row){.name = name.text};
    r->block = BLOCK_PERMISSION;
    return read_permission_roles(r, 2);
}

/* ---- lines ---- */

static int read_line(struct reader *r)
{
    struct word first = r->words[0];
    if (r->count == 0)
        return 0;
    if (r->indented && r->block == BLOCK_CLASS)
        return read_row(r);
    if (r->indented && r->block == BLOCK_PERMISSION)
        return read_permission_roles(r, 0);
    if (r->indented)
        return fault_word(r, first, N_("“%.*s” is indented and belongs to nothing"),
                          N_("Indented lines follow a class or a permission."));
    if (slice_is(first.text, "class"))
        return read_class(r);
    if (slice_is(first.text, "approval"))
        return read_approval(r);
    if (slice_is(first.text, "permission"))
        return read_permission(r);
    return fault_word(r, first, N_("“%.*s” begins no line of this table"),
                      N_("Lines begin with class, approval or permission; those of a class are "
                         "indented."));
}

/* The column of the first byte that is no text: not UTF-8, or a control character. */
static bool find_no_text(struct slice line, uint32_t *ret_column)
{
    size_t valid = utf8_valid_prefix(line);
    *ret_column = 1;
    for (size_t i = 0; i < valid; i++) {
        unsigned char c = (unsigned char)line.p[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return true;
        *ret_column += (c & 0xC0) != 0x80;
    }
    return valid < line.n;
}

int table_read(struct table *t, struct slice text)
{
    struct reader r = {.t = t};
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        struct slice line = {text.p, n};
        size_t whole = end ? n + 1 : n;
        text = (struct slice){text.p + whole, text.n - whole};
        r.line++;
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        uint32_t column;
        if (find_no_text(line, &column)) {
            table_fault(t, r.line, column, N_("this is no text in UTF-8"));
            return error_hint(t->error, N_("Write the table with an editor, as UTF-8."));
        }
        int status = split(&r, line);
        if (status == 0)
            status = read_line(&r);
        if (status != 0)
            return status;
    }
    return 0;
}
