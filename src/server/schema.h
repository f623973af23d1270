/* Schemas: what the files of api/ says of a body or a parameter, as tables that tools/apigen.py makes; and the
 * validator over them.
 *
 * Only the part of JSON Schema that the tables can hold is allowed in api/: type, enum, minimum,
 * maximum, minLength, maxLength, pattern (one set of characters, `^[...]{m,n}$`), items, minItems,
 * maxItems, uniqueItems, properties, required, additionalProperties: false, or one schema for members of
 * any name with maxProperties. The generator refuses any other word, so that nothing is promised there that
 * is not held here. */
#ifndef HUMIAO_SERVER_SCHEMA_H
#define HUMIAO_SERVER_SCHEMA_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <jansson.h>
#include <stdint.h>

enum schema_type {
    SCHEMA_NONE = 0,
    SCHEMA_STRING,
    SCHEMA_INTEGER,
    SCHEMA_BOOLEAN,
    SCHEMA_OBJECT,
    SCHEMA_ARRAY,
    SCHEMA_SCALAR /* a text of any characters, or a number: a cell, on its way into a mapping */
};

struct schema_property;

struct schema {
    enum schema_type type;
    bool nullable;
    bool unique;       /* ARRAY: no item twice */
    bool patterned;    /* STRING: every byte is in `bytes` */
    uint32_t bytes[4]; /* a bit an ASCII character */
    int64_t minimum,
        maximum; /* INTEGER: value; STRING, SCALAR: code points; ARRAY: items; OBJECT: members */
    const char *const *choices; /* STRING: one of these; NULL: any */
    size_t choice_count;
    const struct schema_property *properties; /* OBJECT */
    size_t property_count;
    const struct schema *items; /* ARRAY; OBJECT: of members of any name; NULL: only `properties` */
};

struct schema_property {
    const char *name;
    bool required;
    const struct schema *schema;
};

/* One thing that is wrong: where (a JSON pointer into the body, or the parameter's name), and how to
 * mend it, in the language of the error. Never holds the value that was sent. */
struct schema_fault {
    const char *pointer;
    const char *message;
};

#define SCHEMA_FAULTS_MAX 16
struct schema_faults {
    struct schema_fault list[SCHEMA_FAULTS_MAX];
    size_t count; /* those beyond the maximum are left out */
};

#define BODY_DEPTH_MAX 8 /* of brackets; no schema of ours needs more than 4 */

/* Parses a body: strict UTF-8, no member twice, no bracket deeper than BODY_DEPTH_MAX, nothing after
 * the end. ERR_JSON with line and column. The caller gives `ret` back with json_decref. */
int schema_parse(struct slice body, json_t **ret, struct error *e);

/* Holds a value to its schema. ERR_SCHEMA, with the first fault in the error and all in `faults`. */
int schema_check(const struct schema *schema, json_t *value, struct arena *arena,
                 struct schema_faults *faults, struct error *e);

/* The same for a parameter, which is text: an integer is decimal digits, a boolean true or false. */
int schema_check_text(const struct schema *schema, const char *name, struct slice text,
                      struct arena *arena, struct schema_faults *faults, struct error *e);

/* Adds "this parameter is required", "not known" and the like. Returns -ERR_SCHEMA. */
int schema_complain(struct schema_faults *faults, struct arena *arena, struct error *e,
                    const char *pointer, const char *message);

/* Members of a checked body. NONE, the default, or NULL where the member is not there or null. */
struct slice body_text(const json_t *body, const char *name);
int64_t body_integer(const json_t *body, const char *name, int64_t otherwise);
bool body_boolean(const json_t *body, const char *name, bool otherwise);
const json_t *body_array(const json_t *body, const char *name);

#endif
