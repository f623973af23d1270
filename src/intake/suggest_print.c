/* The suggestion as a mapping. */
#include "intake/suggest_inside.h"

#include <string.h>

/* Who usually keeps each kind. */
static const struct {
    enum record_kind kind;
    const char *department;
} keepers[] = {
    {KIND_DEAD, "public_security"},
    {KIND_MISSING_DECLARED, "court"},
    {KIND_DISABILITY, "disabled_federation"},
    {KIND_SERIOUS_ILLNESS, "medical_insurance"},
    {KIND_IMPRISONED, "justice"},
    {KIND_COMPULSORY_REHAB, "public_security"},
    {KIND_OTHER_CUSTODY, "public_security"},
    {KIND_LOST_CONTACT, "public_security"},
    {KIND_GUARDIANSHIP_REVOKED, "court"},
    {KIND_DEPORTED, "public_security"},
    {KIND_HIV, "health"},
    {KIND_RESIDENCE, "public_security"},
    {KIND_OUTSIDE_FOR_WORK, "human_resources"},
    {KIND_SCHOOL_ENROLLED, "education"},
    {KIND_SCHOOL_SUSPENDED, "education"},
    {KIND_SCHOOL_DROPOUT, "education"},
    {KIND_SCHOOL_ABSENT, "education"},
    {KIND_SELF_HARM_VISIT, "health"},
    {KIND_SLEEP_DISORDER_VISIT, "health"},
    {KIND_PSYCHIATRIC_DIAGNOSIS, "health"},
    {KIND_ABNORMAL_INJURY_VISIT, "health"},
    {KIND_DOMESTIC_VIOLENCE_CALL, "public_security"},
    {KIND_ABUSE_REPORT, "womens_federation"},
    {KIND_BULLYING, "education"},
    {KIND_RUNAWAY, "public_security"},
    {KIND_VAGRANT, "town"},
    {KIND_SCREENING_RESULT, "education"},
};

static struct slice department_of(const struct suggesting *s)
{
    if (s->department.n)
        return s->department;
    if (s->like && s->likeness >= 0.5)
        return s->like->department;
    for (size_t i = 0; i < sizeof keepers / sizeof keepers[0]; i++)
        if (keepers[i].kind == s->kind)
            return slice_from(keepers[i].department);
    return s->kind == KIND_NONE ? SLICE_LITERAL("") : SLICE_LITERAL("civil_affairs");
}

static const char *name_of(const struct suggesting *s)
{
    char *name;

    if (s->name.n)
        return arena_string(s->arena, s->name);
    if (s->kind == KIND_NONE)
        return "new-source";
    name = arena_string(s->arena, slice_from(record_kind_name(s->kind)));
    for (char *p = name; *p; p++)
        *p = *p == '_' ? '-' : *p;
    return name;
}

/* What a mapping is named by where it has no word of its own: the kind, or the feed that is near. */
static void title(const struct suggesting *s, struct feed *f)
{
    f->title_zh = s->like && slice_is(s->name, s->like->name) ? s->like->title_zh
                                                              : slice_from(f->name);
    f->title_en = s->like && slice_is(s->name, s->like->name) ? s->like->title_en
                                                              : slice_from(f->name);
}

static bool is_optional(enum suggest_use use)
{
    return use != USE_RECORD_KEY && use != USE_ID_NO && use != USE_FROM && use != USE_VALUE &&
           use != USE_KIND && use != USE_OTHER_PARTY;
}

static void add_column(const struct suggesting *s, const struct weighed *c, struct feed *f,
                       struct feed_column *columns)
{
    struct feed_column *to = &columns[f->column_count];
    struct feed_code *codes = ARENA_ARRAY(s->arena, c->code_count + 1, struct feed_code);
    const char *name = suggest_uses[c->use];

    f->columns = columns;
    if (feed_column_find(f, slice_from(name)) >= 0)
        name = c->use == USE_TO ? "to_2" : "value_2";
    f->column_count++;
    *to = (struct feed_column){.name = name,
                               .form = c->form,
                               .optional = is_optional(c->use),
                               .last_day = c->use == USE_TO && c->last_day};
    to->named[to->named_count++] = c->header;
    if (c->form == FORM_TERM)
        to->unit = suggest_unit(c);
    for (size_t i = 0; i < c->code_count; i++)
        if (c->codes[i].to.n)
            codes[to->code_count++] = c->codes[i];
    to->codes = codes;
    if (c->use == USE_STATE)
        to->otherwise = SLICE_LITERAL("valid");
}

static bool withdraws(const struct weighed *c)
{
    for (size_t i = 0; i < c->code_count; i++)
        if (slice_is(c->codes[i].to, "void"))
            return true;
    return false;
}

static void add_columns(const struct suggesting *s, struct feed *f)
{
    struct feed_column *columns = ARENA_ARRAY(s->arena, FEED_COLUMNS_MAX, struct feed_column);
    struct slice *ignored = ARENA_ARRAY(s->arena, s->column_count + 1, struct slice);

    for (size_t i = 0; i < s->column_count; i++) {
        const struct weighed *c = &s->columns[i];
        bool idle = c->use == USE_STATE && !withdraws(c); /* a mapping wants each column used */
        if ((c->use == USE_IGNORE && !c->sensitive) ||
            (idle && !detect_column_sensitive(&c->contents)))
            ignored[f->ignored_count++] = c->header;
        if (c->use == USE_NONE || c->use == USE_IGNORE || idle ||
            f->column_count == FEED_COLUMNS_MAX)
            continue;
        add_column(s, c, f, columns);
    }
    f->columns = columns;
    f->ignored = ignored;
}

static bool has(const struct feed *f, const char *name)
{
    return feed_column_find(f, slice_from(name)) >= 0;
}

static struct slice value_template(const struct suggesting *s, const struct feed *f)
{
    const struct weighed *first = NULL;

    for (size_t i = 0; i < s->column_count && !first; i++)
        if (s->columns[i].use == USE_VALUE)
            first = &s->columns[i];
    if (has(f, "other_party"))
        return SLICE_LITERAL("{other_party}");
    if (has(f, "value_2"))
        return first && first->group == 2 ? SLICE_LITERAL("{value_2}/{value}")
                                          : SLICE_LITERAL("{value}/{value_2}");
    if (has(f, "value"))
        return SLICE_LITERAL("{value}");
    return suggest_constant(s->kind) ? slice_from(suggest_constant(s->kind)) : SLICE_NONE;
}

static void first_record(const struct suggesting *s, const struct feed *f, struct feed_record *r)
{
    static const struct {
        enum record_column column;
        const char *name, *template;
    } plain[] = {{RECORD_KEY, "record_key", "{record_key}"},
                 {RECORD_ID_NO, "id_no", "{id_no}"},
                 {RECORD_NAME, "name", "{name}"},
                 {RECORD_BIRTH_DATE, "birth_date", "{birth_date}"},
                 {RECORD_DIVISION, "division", "{division}"},
                 {RECORD_FROM, "from", "{from}"},
                 {RECORD_TO, "to", "{to}"},
                 {RECORD_NOTE, "note", "{note}"},
                 {RECORD_REVISION, "revision", "{revision}"},
                 {RECORD_KIND, "kind", "{kind}"}};
    static const struct slice withdrawn[] = {{"void", 4}};

    r->kind = s->kind;
    r->when.column = r->withdrawn.column = -1;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (has(f, plain[i].name))
            r->templates[plain[i].column] = slice_from(plain[i].template);
    r->templates[RECORD_VALUE] = value_template(s, f);
    for (size_t i = 0; i < s->column_count; i++)
        if (s->columns[i].use == USE_STATE && withdraws(&s->columns[i]))
            r->withdrawn = (struct feed_condition){feed_column_find(f, SLICE_LITERAL("state")),
                                                   withdrawn, 1, false};
}

/* Of a registration of two people each gets a record, with the other's number. */
static size_t both_parties(const struct feed *f, struct feed_record r[2])
{
    if (!has(f, "other_party") || !has(f, "id_no"))
        return 1;
    r[1] = r[0];
    if (has(f, "record_key")) {
        r[0].templates[RECORD_KEY] = SLICE_LITERAL("{record_key}-a");
        r[1].templates[RECORD_KEY] = SLICE_LITERAL("{record_key}-b");
    }
    r[1].templates[RECORD_ID_NO] = SLICE_LITERAL("{other_party}");
    r[1].templates[RECORD_VALUE] = SLICE_LITERAL("{id_no}");
    r[1].templates[RECORD_NAME] = has(f, "other_name") ? SLICE_LITERAL("{other_name}") : SLICE_NONE;
    r[1].templates[RECORD_BIRTH_DATE] = SLICE_NONE;
    return 2;
}

/* Of two ends the one that happened counts; the one that was foreseen only where nothing happened. */
static size_t both_ends(const struct feed *f, struct feed_record r[2])
{
    static const struct slice nothing[] = {{"", 0}};
    int first = feed_column_find(f, SLICE_LITERAL("to")),
        second = feed_column_find(f, SLICE_LITERAL("to_2"));

    if (first < 0 || second < 0)
        return 1;
    bool foreseen = f->columns[second].last_day;
    r[1] = r[0];
    r[0].templates[RECORD_TO] = foreseen ? SLICE_LITERAL("{to}") : SLICE_LITERAL("{to_2}");
    r[1].templates[RECORD_TO] = foreseen ? SLICE_LITERAL("{to_2}") : SLICE_LITERAL("{to}");
    r[0].when = (struct feed_condition){foreseen ? first : second, nothing, 1, true};
    r[1].when = (struct feed_condition){foreseen ? first : second, nothing, 1, false};
    return 2;
}

struct slice suggest_print(const struct suggesting *s)
{
    struct feed_record *records = ARENA_ARRAY(s->arena, 2, struct feed_record);
    struct feed f = {.name = name_of(s), .department = department_of(s)};

    title(s, &f);
    add_columns(s, &f);
    first_record(s, &f, &records[0]);
    f.record_count = both_parties(&f, records);
    if (f.record_count == 1)
        f.record_count = both_ends(&f, records);
    f.records = records;
    return feed_print(&f, s->arena);
}
