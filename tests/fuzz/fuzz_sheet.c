/* Any bytes as a sheet: whatever format and encoding they are taken for. The first byte names an encoding, or none. */
#include "sheet_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen_rows seen = {0};
    const struct sheet_sink sink = {check_row, check_nature, &seen};
    struct error e = {.language = LANGUAGE_EN};
    struct sheet_options o = {0};

    if (size == 0)
        return 0;
    o.encoding = data[0] == 'g'   ? "gb18030"
                 : data[0] == 'u' ? "utf-8"
                 : data[0] == 'x' ? "no-such"
                                  : NULL;
    int rc = sheet_parse((struct slice){(const char *)data + 1, size - 1}, &o, &sink, &e);
    MUST(rc == 0 || rc == -(int)e.code);
    check_end(rc < 0 ? &e : NULL);
    return 0;
}
