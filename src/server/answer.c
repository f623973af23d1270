#include "server/answer.h"

#include <stdio.h>

const struct answer_header answer_headers[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {NULL, NULL},
};

static void member(struct json *j, const char *name, const char *text)
{
    json_name(j, name);
    json_put_string(j, slice_from(text));
}

void answer_problem(struct json *j, const struct error *e, const char *request_id,
                    const struct schema_faults *faults)
{
    int status = error_http_status(e->code);
    char word[40];

    json_object_begin(j);
    snprintf(word, sizeof(word), "urn:humiao:error:%d", e->code);
    member(j, "type", word);
    member(j, "title", error_primary(e));
    json_name(j, "status");
    json_put_integer(j, status);
    snprintf(word, sizeof(word), "HM-%d", e->code);
    member(j, "code", word);
    if (e->detail[0] && status < 500)
        member(j, "detail", e->detail);
    if (e->hint[0] && status < 500)
        member(j, "hint", e->hint);
    member(j, "request", request_id);
    if (faults && faults->count > 0) {
        json_name(j, "errors");
        json_array_begin(j);
        for (size_t i = 0; i < faults->count; i++) {
            json_object_begin(j);
            member(j, "pointer", faults->list[i].pointer);
            member(j, "message", faults->list[i].message);
            json_object_end(j);
        }
        json_array_end(j);
    }
    json_object_end(j);
}
