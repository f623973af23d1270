/* Bodies: whatever is parsed is held against the body of every route. The first byte chooses which. */
#include "server/schemas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct schema_faults faults = {.count = 0};
    json_t *value;

    if (size == 0)
        return 0;
    const struct schema *schema = api_bodies[data[0] % API_BODY_COUNT];
    struct slice body = {(const char *)data + 1, size - 1};
    if (schema_parse(body, &value, &e) < 0)
        return 0;
    int rc = schema_check(schema, value, &arena, &faults, &e);
    /* A fault is always said, and nothing is said where there is none. */
    if ((rc < 0) != (faults.count > 0) || (rc < 0 && e.code != ERR_SCHEMA))
        __builtin_trap();
    if (rc == 0) {
        body_text(value, "account");
        body_integer(value, "limit", 1);
        body_boolean(value, "grant", false);
        body_array(value, "classes");
    }
    json_decref(value);
    return 0;
}
