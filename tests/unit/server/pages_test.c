/* The built pages: what is on offer, how it is answered, and that nothing else is. */
#include "server/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char folder[64];
    struct pages *pages;
};

static void put(const char *folder, const char *name, const char *text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void make(const char *folder, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0755), 0);
}

static int set_up(void **state)
{
    static struct place place;
    struct error e = {.language = LANGUAGE_EN};
    char path[256];

    snprintf(place.folder, sizeof(place.folder), "/tmp/humiao-pages-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    make(place.folder, "phone");
    make(place.folder, "assets");
    make(place.folder, ".vite");
    put(place.folder, "index.html", "<!doctype html>sign in");
    put(place.folder, "index.html.gz", "zipped");
    put(place.folder, "worker.js", "worker");
    put(place.folder, "phone/index.html", "<!doctype html>phone");
    put(place.folder, "assets/a-1b2c.js", "script");
    put(place.folder, "assets/a-1b2c.js.gz", "script by gzip");
    put(place.folder, "assets/a-1b2c.js.br", "script by brotli");
    put(place.folder, "assets/orphan.js.br", "a copy of nothing");
    put(place.folder, "assets/tool.wasm", "no type of ours");
    put(place.folder, ".vite/manifest.json", "{}");
    put(place.folder, ".secret.json", "{}");
    snprintf(path, sizeof(path), "%s/linked.json", place.folder);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_int_equal(pages_load(place.folder, &place.pages, &e), 0);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    pages_free(place->pages);
    static const char *const names[] = {
        "phone/index.html",    "assets/a-1b2c.js", "assets/a-1b2c.js.gz", "assets/a-1b2c.js.br",
        "assets/orphan.js.br", "assets/tool.wasm", ".vite/manifest.json", ".secret.json",
        "linked.json",         "index.html",       "index.html.gz",       "worker.js"};
    char path[256];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", place->folder, names[i]);
        unlink(path);
    }
    static const char *const folders[] = {"phone", "assets", ".vite", ""};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", place->folder, folders[i]);
        rmdir(path);
    }
    return 0;
}

static struct page_question ask(const char *path)
{
    return (struct page_question){.path = slice_from(path),
                                  .host = slice_from("localhost:8480"),
                                  .live_address = "127.0.0.1:8481"};
}

static void test_pages__are_found(void **state)
{
    static const struct {
        const char *path;
        int status; /* 0: not found */
        const char *type, *body, *location;
    } examples[] = {
        {"/", 200, "text/html; charset=utf-8", "<!doctype html>sign in", NULL},
        {"/phone/", 200, "text/html; charset=utf-8", "<!doctype html>phone", NULL},
        {"/phone", 308, NULL, NULL, "/phone/"},
        {"/worker.js", 200, "text/javascript; charset=utf-8", "worker", NULL},
        {"/assets/a-1b2c.js", 200, "text/javascript; charset=utf-8", "script", NULL},
        {"/index.html", 0, NULL, NULL, NULL},
        {"", 308, NULL, NULL, "/"},
        {"/assets/", 0, NULL, NULL, NULL},
        {"/assets", 0, NULL, NULL, NULL},
        {"/assets/a-1b2c.js.br", 0, NULL, NULL, NULL},
        {"/assets/orphan.js", 0, NULL, NULL, NULL},
        {"/assets/tool.wasm", 0, NULL, NULL, NULL},
        {"/.secret.json", 0, NULL, NULL, NULL},
        {"/.vite/manifest.json", 0, NULL, NULL, NULL},
        {"/linked.json", 0, NULL, NULL, NULL},
        {"/../etc/hostname", 0, NULL, NULL, NULL},
        {"/phone/../worker.js", 0, NULL, NULL, NULL},
        {"/%77orker.js", 0, NULL, NULL, NULL},
        {"//worker.js", 0, NULL, NULL, NULL},
        {"//evil.example", 0, NULL, NULL, NULL},
    };
    struct place *place = *state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        ARENA_AUTO(arena);
        struct error e = {.language = LANGUAGE_EN};
        struct page_answer a;
        struct page_question q = ask(examples[i].path);
        int rc = pages_answer(place->pages, &q, &arena, &a, &e);
        if ((rc == 0 ? a.status : 0) != examples[i].status)
            fail_msg("%s: %d", examples[i].path, rc == 0 ? a.status : rc);
        if (rc < 0) {
            assert_int_equal(e.code, ERR_NOT_FOUND);
            assert_string_equal(e.hint, "");
            continue;
        }
        if (examples[i].location)
            assert_string_equal(a.location, examples[i].location);
        if (examples[i].type) {
            assert_string_equal(a.type, examples[i].type);
            assert_true(slice_is(a.body, examples[i].body));
            assert_non_null(a.etag);
        }
    }
}

static void test_pages__codings(void **state)
{
    static const struct {
        const char *accept, *encoding;
    } examples[] = {
        {"gzip, deflate, br, zstd", "br"},
        {"gzip", "gzip"},
        {"br;q=0, gzip", "gzip"},
        {"BR", "br"},
        {"br;q=0.5", "br"},
        {"br;q=0.0,gzip;q=0", NULL},
        {"gzip;q=1.0", "gzip"},
        {"brotli, xgzip", NULL},
        {"identity", NULL},
        {"", NULL},
        {"*", NULL},
        {"br ; q=0 , gzip", "gzip"},
    };
    struct place *place = *state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        ARENA_AUTO(arena);
        struct error e = {.language = LANGUAGE_EN};
        struct page_answer a;
        struct page_question q = ask("/assets/a-1b2c.js");
        q.accept_encoding = slice_from(examples[i].accept);
        assert_int_equal(pages_answer(place->pages, &q, &arena, &a, &e), 0);
        if (examples[i].encoding ? !a.encoding || strcmp(a.encoding, examples[i].encoding) != 0
                                 : a.encoding != NULL)
            fail_msg("%s: %s", examples[i].accept, a.encoding ? a.encoding : "none");
        assert_true(a.varies);
    }
}

static void test_pages__caching(void **state)
{
    struct place *place = *state;
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct page_answer a, again;
    struct page_question q = ask("/assets/a-1b2c.js");

    assert_int_equal(pages_answer(place->pages, &q, &arena, &a, &e), 0);
    assert_string_equal(a.cache, "public, max-age=31536000, immutable");
    q = ask("/");
    assert_int_equal(pages_answer(place->pages, &q, &arena, &a, &e), 0);
    assert_string_equal(a.cache, "no-cache");
    q.if_none_match = slice_from(a.etag);
    assert_int_equal(pages_answer(place->pages, &q, &arena, &again, &e), 0);
    assert_int_equal(again.status, 304);
    assert_int_equal(again.body.n, 0);
    q.if_none_match = slice_from("W/\"another\"");
    assert_int_equal(pages_answer(place->pages, &q, &arena, &again, &e), 0);
    assert_int_equal(again.status, 200);
}

/* Pages reach the live listener by a redirect where nothing stands in front, and nowhere else. */
static void test_pages__live(void **state)
{
    static const struct {
        const char *host, *address, *location; /* NULL: not for the pages, or not found */
        const char *connect;
    } examples[] = {
        {"localhost:8480", "127.0.0.1:8481", "http://localhost:8481/api/v1/live",
         "connect-src 'self' http://localhost:8481;"},
        {"127.0.0.1:8480", "127.0.0.1:9000", "http://127.0.0.1:9000/api/v1/live",
         "connect-src 'self' http://127.0.0.1:9000;"},
        {"[::1]:8480", "[::1]:8481", "http://[::1]:8481/api/v1/live",
         "connect-src 'self' http://[::1]:8481;"},
        {"humiao.example", "127.0.0.1:8481", NULL, "connect-src 'self';"},
        {"[::1]", "[::1]:8481", NULL, "connect-src 'self';"},
        {"localhost:8480", "/run/humiao.sock.live", NULL, "connect-src 'self';"},
        {"a;script-src *:80", "127.0.0.1:8481", NULL, "connect-src 'self';"},
        {"", "127.0.0.1:8481", NULL, "connect-src 'self';"},
    };
    struct place *place = *state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        ARENA_AUTO(arena);
        struct error e = {.language = LANGUAGE_EN};
        struct page_answer a;
        struct page_question q = {.path = slice_from("/api/v1/live"),
                                  .host = slice_from(examples[i].host),
                                  .live_address = examples[i].address};
        int rc = pages_own(&q) ? pages_answer(place->pages, &q, &arena, &a, &e) : -1;
        assert_int_equal(rc == 0, examples[i].location != NULL);
        if (rc == 0) {
            assert_int_equal(a.status, 307);
            assert_string_equal(a.location, examples[i].location);
        }
        q.path = slice_from("/");
        assert_int_equal(pages_answer(place->pages, &q, &arena, &a, &e), 0);
        if (!strstr(a.policy, examples[i].connect))
            fail_msg("%s: %s", examples[i].host, a.policy);
        assert_non_null(strstr(a.policy, "default-src 'self';"));
        assert_null(strstr(a.policy, "unsafe"));
        assert_null(strstr(a.policy, "*"));
    }
}

static void test_pages__own(void **state)
{
    static const struct {
        const char *path;
        bool own;
    } examples[] = {{"/", true},      {"/api", true},       {"/apis/x", true},
                    {"/api/", false}, {"/api/v1/x", false}, {"/api/v1/live/x", false}};

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct page_question q = ask(examples[i].path);
        if (pages_own(&q) != examples[i].own)
            fail_msg("%s", examples[i].path);
    }
}

static void test_pages__without(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    struct pages *none = NULL;
    ARENA_AUTO(arena);
    struct page_answer a;
    struct page_question q = ask("/");
    char empty[] = "/tmp/humiao-pages-XXXXXX";

    /* Beside this test's program there are none. */
    unsetenv("HUMIAO_WEB");
    assert_int_equal(pages_load("", &none, &e), 0);
    if (!pages_folder(none)) {
        assert_int_equal(pages_answer(none, &q, &arena, &a, &e), -ERR_NOT_FOUND);
        assert_non_null(strstr(e.hint, "script/build"));
    }
    pages_free(none);
    assert_int_equal(pages_load("/nowhere/at/all", &none, &e), -ERR_IO);
    assert_non_null(mkdtemp(empty));
    assert_int_equal(pages_load(empty, &none, &e), -ERR_IO);
    setenv("HUMIAO_WEB", empty, 1);
    assert_int_equal(pages_load(NULL, &none, &e), -ERR_IO);
    unsetenv("HUMIAO_WEB");
    rmdir(empty);
    pages_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages__are_found), cmocka_unit_test(test_pages__codings),
        cmocka_unit_test(test_pages__caching),   cmocka_unit_test(test_pages__live),
        cmocka_unit_test(test_pages__own),       cmocka_unit_test(test_pages__without),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
