#include "server/schema.h"

#include "base/utf8.h"

#include <stdio.h>

/* ---- complaints ---- */

int schema_complain(struct schema_faults *faults, struct arena *arena, struct error *e,
                    const char *pointer, const char *message)
{
    if (faults->count < SCHEMA_FAULTS_MAX) {
        faults->list[faults->count++] = (struct schema_fault){
            arena_string(arena, slice_from(pointer)), arena_string(arena, slice_from(message))};
    }
    if (faults->count == 1)
        return error_set(e, ERR_SCHEMA, "%s: %s", faults->list[0].pointer, faults->list[0].message);
    return -ERR_SCHEMA;
}

/* What one check carries along. The pointer grows and shrinks as the walk goes down and up. */
struct check {
    struct arena *arena;
    struct schema_faults *faults;
    struct error *error;
    char pointer[160];
    size_t length;
    int result;
};

static void say(struct check *c, const char *message)
{
    c->result = schema_complain(c->faults, c->arena, c->error, c->pointer, message);
}

static const char *say_number(struct check *c, const char *message, int64_t number)
{
    const char *said = text_in(c->error->language, message);
    const char *place = strstr(said, "%lld");

    if (!place)
        return said;
    return arena_printf(c->arena, "%.*s%lld%s", (int)(place - said), said, (long long)number,
                        place + 4);
}

#define SAY(c, message) say(c, text_in((c)->error->language, message))
#define SAY_NUMBER(c, message, number) say(c, say_number(c, message, number))

static void pointer_add(struct check *c, const char *step)
{
    int n = snprintf(c->pointer + c->length, sizeof(c->pointer) - c->length, "/%s", step);
    size_t room = sizeof(c->pointer) - c->length - 1;

    c->length += (size_t)n < room ? (size_t)n : room;
}

static void pointer_cut(struct check *c, size_t length)
{
    c->length = length;
    c->pointer[length] = '\0';
}

/* ---- values ---- */

static void check_value(struct check *c, const struct schema *schema, const json_t *value);

static size_t code_points(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static bool of_pattern(const struct schema *schema, struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if (byte >= 128 || !(schema->bytes[byte / 32] >> (byte % 32) & 1))
            return false;
    }
    return true;
}

/* A text of that many characters is written in lines, such as findings or a reason. */
#define TEXT_OF_LINES 1000

static bool is_line_mark(char c) { return c == '\n' || c == '\r' || c == '\t'; }

/* Marks that have a text read in another order than it was written (U+202A to U+202E, U+2066 to U+2069), and the
 * mark that is not seen at all (U+FEFF). No language that is written here needs them inside a text. */
static bool turns_the_text(const unsigned char *p, size_t n)
{
    return n >= 3 && ((p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0xAA && p[2] <= 0xAE) ||
                      (p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9) ||
                      (p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF));
}

static bool has_control(const struct schema *schema, struct slice s)
{
    bool lines = schema->maximum >= TEXT_OF_LINES;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if ((byte < 0x20 && !(lines && is_line_mark(s.p[i]))) || byte == 0x7F ||
            turns_the_text((const unsigned char *)s.p + i, s.n - i))
            return true;
    }
    return false;
}

static const char *choices_text(struct check *c, const struct schema *schema)
{
    const char *list = "";

    for (size_t i = 0; i < schema->choice_count; i++)
        list = arena_printf(c->arena, "%s%s%s", list, i ? ", " : "", schema->choices[i]);
    return list;
}

static bool is_choice(const struct schema *schema, struct slice s)
{
    for (size_t i = 0; i < schema->choice_count; i++)
        if (slice_is(s, schema->choices[i]))
            return true;
    return false;
}

static void check_string(struct check *c, const struct schema *schema, struct slice s)
{
    int64_t length = (int64_t)code_points(s);

    if (schema->choices) {
        if (!is_choice(schema, s))
            say(c,
                arena_printf(c->arena, "%s %s", text_in(c->error->language, N_("must be one of:")),
                             choices_text(c, schema)));
        return;
    }
    if (length < schema->minimum)
        SAY_NUMBER(c, N_("must have at least %lld characters"), schema->minimum);
    else if (length > schema->maximum)
        SAY_NUMBER(c, N_("must have at most %lld characters"), schema->maximum);
    else if (schema->patterned ? !of_pattern(schema, s) : has_control(schema, s))
        SAY(c, N_("holds a character that is not allowed here"));
}

static void check_number(struct check *c, const struct schema *schema, int64_t v)
{
    if (v < schema->minimum)
        SAY_NUMBER(c, N_("must be at least %lld"), schema->minimum);
    else if (v > schema->maximum)
        SAY_NUMBER(c, N_("must be at most %lld"), schema->maximum);
}

static void check_array(struct check *c, const struct schema *schema, const json_t *value)
{
    size_t count = json_array_size(value), length = c->length;

    if ((int64_t)count < schema->minimum)
        SAY_NUMBER(c, N_("must have at least %lld items"), schema->minimum);
    if ((int64_t)count > schema->maximum) {
        SAY_NUMBER(c, N_("must have at most %lld items"), schema->maximum);
        return; /* none of a list that is too long is looked at */
    }
    for (size_t i = 0; i < count; i++) {
        char index[24];
        snprintf(index, sizeof(index), "%zu", i);
        pointer_add(c, index);
        check_value(c, schema->items, json_array_get(value, i));
        for (size_t j = 0; schema->unique && j < i; j++)
            if (json_equal(json_array_get(value, i), json_array_get(value, j))) {
                SAY(c, N_("stands in the list twice"));
                break;
            }
        pointer_cut(c, length);
    }
}

static const struct schema_property *property_of(const struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->property_count; i++)
        if (strcmp(schema->properties[i].name, name) == 0)
            return &schema->properties[i];
    return NULL;
}

#define NAME_MAX_POINTS 200 /* of a member of any name: of a column */

/* Members of any name. The name is the sender's own text: a fault is told of the object. */
static void check_dictionary(struct check *c, const struct schema *schema, json_t *value)
{
    const char *name;
    json_t *member;

    if ((int64_t)json_object_size(value) > schema->maximum) {
        SAY_NUMBER(c, N_("must have at most %lld members"), schema->maximum);
        return;
    }
    json_object_foreach(value, name, member)
    {
        if (code_points(slice_from(name)) > NAME_MAX_POINTS)
            SAY_NUMBER(c, N_("must have at most %lld characters"), NAME_MAX_POINTS);
        check_value(c, schema->items, member);
    }
}

static void check_scalar(struct check *c, const struct schema *schema, const json_t *value)
{
    if (json_is_number(value))
        return;
    if (!json_is_string(value))
        SAY(c, N_("must be a text or a number"));
    else if ((int64_t)code_points((struct slice){json_string_value(value),
                                                 json_string_length(value)}) > schema->maximum)
        SAY_NUMBER(c, N_("must have at most %lld characters"), schema->maximum);
}

static void check_object(struct check *c, const struct schema *schema, json_t *value)
{
    size_t length = c->length;
    const char *name;
    json_t *member;

    for (size_t i = 0; i < schema->property_count; i++)
        if (schema->properties[i].required && !json_object_get(value, schema->properties[i].name)) {
            pointer_add(c, schema->properties[i].name);
            SAY(c, N_("is missing"));
            pointer_cut(c, length);
        }
    json_object_foreach(value, name, member)
    {
        const struct schema_property *p = property_of(schema, name);
        if (!p) {
            /* Its name is the sender's own text: it is not said again. */
            SAY(c, N_("has a member that is not known here"));
            continue;
        }
        pointer_add(c, p->name);
        check_value(c, p->schema, member);
        pointer_cut(c, length);
    }
}

static void check_value(struct check *c, const struct schema *schema, const json_t *value)
{
    if (json_is_null(value) && schema->nullable)
        return;
    switch (schema->type) {
    case SCHEMA_STRING:
        if (!json_is_string(value))
            SAY(c, N_("must be a text"));
        else
            check_string(c, schema,
                         (struct slice){json_string_value(value), json_string_length(value)});
        return;
    case SCHEMA_INTEGER:
        if (!json_is_integer(value))
            SAY(c, N_("must be a whole number"));
        else
            check_number(c, schema, json_integer_value(value));
        return;
    case SCHEMA_BOOLEAN:
        if (!json_is_boolean(value))
            SAY(c, N_("must be true or false"));
        return;
    case SCHEMA_ARRAY:
        if (!json_is_array(value))
            SAY(c, N_("must be a list"));
        else
            check_array(c, schema, value);
        return;
    case SCHEMA_OBJECT:
        if (!json_is_object(value))
            SAY(c, N_("must be an object"));
        else if (schema->items)
            check_dictionary(c, schema, (json_t *)value);
        else
            check_object(c, schema, (json_t *)value);
        return;
    case SCHEMA_SCALAR: check_scalar(c, schema, value); return;
    case SCHEMA_NONE: break;
    }
    SAY(c, N_("is not described"));
}

int schema_check(const struct schema *schema, json_t *value, struct arena *arena,
                 struct schema_faults *faults, struct error *e)
{
    struct check c = {.arena = arena, .faults = faults, .error = e};

    check_value(&c, schema, value);
    return c.result;
}

/* ---- parameters ---- */

static bool read_integer(struct slice text, int64_t *ret)
{
    int64_t v = 0;

    if (text.n == 0 || text.n > 18 || (text.n > 1 && text.p[0] == '0'))
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        v = v * 10 + (text.p[i] - '0');
    }
    *ret = v;
    return true;
}

int schema_check_text(const struct schema *schema, const char *name, struct slice text,
                      struct arena *arena, struct schema_faults *faults, struct error *e)
{
    struct check c = {.arena = arena, .faults = faults, .error = e};
    int64_t v;

    snprintf(c.pointer, sizeof(c.pointer), "%s", name);
    c.length = strlen(c.pointer);
    if (schema->type == SCHEMA_STRING)
        check_string(&c, schema, text);
    else if (schema->type == SCHEMA_BOOLEAN && !slice_is(text, "true") && !slice_is(text, "false"))
        SAY(&c, N_("must be true or false"));
    else if (schema->type == SCHEMA_INTEGER && !read_integer(text, &v))
        SAY(&c, N_("must be a whole number"));
    else if (schema->type == SCHEMA_INTEGER)
        check_number(&c, schema, v);
    return c.result;
}

/* ---- bodies ---- */

/* Jansson's own limit of depth is that of the library; ours is held before it sees the text, so that
 * its recursion is bounded. Brackets inside of strings are passed over. */
static bool too_deep(struct slice body)
{
    int depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < body.n; i++) {
        char c = body.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > BODY_DEPTH_MAX)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

int schema_parse(struct slice body, json_t **ret, struct error *e)
{
    json_error_t why;
    json_t *value;

    if (too_deep(body))
        return error_set(e, ERR_JSON, N_("more than %d brackets inside each other"),
                         BODY_DEPTH_MAX);
    /* No JSON_ALLOW_NUL: a text of ours has no NUL in it. */
    value = json_loadb(body.p ? body.p : "", body.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
                       &why);
    if (!value)
        /* Jansson's words quote what was sent, which may be personal: only the place is said. */
        return error_set(e, ERR_JSON, N_("line %d, column %d"), why.line, why.column);
    *ret = value;
    return 0;
}

struct slice body_text(const json_t *body, const char *name)
{
    const json_t *v = json_object_get(body, name);

    return json_is_string(v) ? (struct slice){json_string_value(v), json_string_length(v)}
                             : SLICE_NONE;
}

int64_t body_integer(const json_t *body, const char *name, int64_t otherwise)
{
    const json_t *v = json_object_get(body, name);

    return json_is_integer(v) ? (int64_t)json_integer_value(v) : otherwise;
}

bool body_boolean(const json_t *body, const char *name, bool otherwise)
{
    const json_t *v = json_object_get(body, name);

    return json_is_boolean(v) ? json_is_true(v) : otherwise;
}

const json_t *body_array(const json_t *body, const char *name)
{
    const json_t *v = json_object_get(body, name);

    return json_is_array(v) ? v : NULL;
}
