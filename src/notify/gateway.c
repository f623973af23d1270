#include "notify/gateway.h"

#include "base/arena.h"
#include "base/json.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_SECONDS 10L

struct gateway {
    CURL *curl;
    struct curl_slist *headers;
    char *url;
};

static bool starts_with(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Telephone numbers go over TLS, or do not leave the machine. */
static bool safe(const char *url)
{
    if (strchr(url, '@')) /* a host that looks like another: http://127.0.0.1:x@elsewhere */
        return false;
    return starts_with(url, "https://") || starts_with(url, "http://127.0.0.1:") ||
           starts_with(url, "http://[::1]:") || starts_with(url, "http://localhost:");
}

static size_t forget(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static bool add_header(struct gateway *g, const char *header)
{
    struct curl_slist *longer = curl_slist_append(g->headers, header);

    if (longer)
        g->headers = longer;
    return longer != NULL;
}

static bool prepare(struct gateway *g, const char *token)
{
    ARENA_AUTO(scratch);

    g->curl = curl_easy_init();
    if (!g->curl || !g->url || !add_header(g, "Content-Type: application/json"))
        return false;
    if (token && !add_header(g, arena_printf(&scratch, "Authorization: Bearer %s", token)))
        return false;
    curl_easy_setopt(g->curl, CURLOPT_URL, g->url);
    curl_easy_setopt(g->curl, CURLOPT_HTTPHEADER, g->headers);
    curl_easy_setopt(g->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(g->curl, CURLOPT_TIMEOUT, WAIT_SECONDS);
    curl_easy_setopt(g->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(g->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(g->curl, CURLOPT_WRITEFUNCTION, forget);
    return true;
}

int gateway_open(const char *url, const char *token, struct gateway **ret, struct error *e)
{
    struct gateway *g;

    if (!safe(url))
        return error_set(e, ERR_USAGE, N_("notice_url is https, or http to this machine"));
    if (!(g = calloc(1, sizeof(*g))))
        return error_set(e, ERR_MEMORY, NULL);
    g->url = strdup(url);
    if (!prepare(g, token)) {
        gateway_close(g);
        return error_set(e, ERR_MEMORY, NULL);
    }
    *ret = g;
    return 0;
}

struct gateway *gateway_close(struct gateway *g)
{
    if (g) {
        curl_easy_cleanup(g->curl);
        curl_slist_free_all(g->headers);
        free(g->url);
        free(g);
    }
    return NULL;
}

static struct slice letter(int64_t notice_id, const char *phone, struct arena *arena)
{
    struct json j;

    json_begin(&j, arena);
    json_object_begin(&j);
    json_name(&j, "id");
    json_put_string(&j, slice_from(arena_printf(arena, "%lld", (long long)notice_id)));
    json_name(&j, "to");
    json_put_string(&j, slice_from(phone));
    json_name(&j, "text");
    json_put_string(&j,
                    slice_from(text_in(LANGUAGE_ZH, N_("Humiao: there is something for you to do. "
                                                       "Please sign in and look."))));
    json_object_end(&j);
    return json_text(&j);
}

const char *gateway_send(struct gateway *g, int64_t notice_id, const char *phone)
{
    ARENA_AUTO(scratch);
    struct slice body = letter(notice_id, phone, &scratch);
    long status = 0;

    curl_easy_setopt(g->curl, CURLOPT_POSTFIELDS, body.p);
    curl_easy_setopt(g->curl, CURLOPT_POSTFIELDSIZE, (long)body.n);
    if (curl_easy_perform(g->curl) != CURLE_OK)
        return "unreachable";
    curl_easy_getinfo(g->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300)
        return NULL;
    return status >= 400 && status < 500 ? "refused" : "failing";
}
