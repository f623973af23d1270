#include "server/configuration.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void configuration_defaults(struct configuration *c)
{
    *c = (struct configuration){.listen = "127.0.0.1:8480",
                                .connections = 1024,
                                .pages = 5000,
                                .stop_seconds = 10,
                                .log = LOG_INFO,
                                .clock = true};
}

static bool take_address(const char *value, char ret[CONFIGURATION_ADDRESS_MAX])
{
    size_t n = strlen(value);

    if (n == 0 || n >= CONFIGURATION_ADDRESS_MAX)
        return false;
    memcpy(ret, value, n + 1);
    return true;
}

static bool take_text(const char *value, char ret[CONFIGURATION_URL_MAX])
{
    size_t n = strlen(value);

    if (n >= CONFIGURATION_URL_MAX)
        return false;
    memcpy(ret, value, n + 1);
    return true;
}

static bool take_switch(const char *value, bool *ret)
{
    *ret = strcmp(value, "on") == 0;
    return *ret || strcmp(value, "off") == 0;
}

static bool take_number(const char *value, unsigned least, unsigned most, unsigned *ret)
{
    char *end = NULL;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);

    if (*value < '0' || *value > '9' || *end || errno || n < least || n > most)
        return false;
    *ret = (unsigned)n;
    return true;
}

/* -1: no such key; 0: not a value of it; 1: taken. */
static int take(struct configuration *c, const char *key, const char *value)
{
    if (strcmp(key, "listen") == 0)
        return take_address(value, c->listen);
    if (strcmp(key, "live") == 0)
        return take_address(value, c->live);
    if (strcmp(key, "threads") == 0)
        return take_number(value, 0, 256, &c->threads);
    if (strcmp(key, "connections") == 0)
        return take_number(value, 1, 60000, &c->connections);
    if (strcmp(key, "pages") == 0)
        return take_number(value, 0, 50000, &c->pages);
    if (strcmp(key, "stop_seconds") == 0)
        return take_number(value, 0, 300, &c->stop_seconds);
    if (strcmp(key, "log") == 0)
        return log_level_parse(value, &c->log);
    if (strcmp(key, "web") == 0)
        return take_text(value, c->web);
    if (strcmp(key, "notice_url") == 0)
        return take_text(value, c->notice_url);
    if (strcmp(key, "notice_token_file") == 0)
        return take_text(value, c->notice_token_file);
    if (strcmp(key, "feed_folder") == 0)
        return take_text(value, c->feed_folder);
    if (strcmp(key, "exchange_url_file") == 0)
        return take_text(value, c->exchange_url_file);
    if (strcmp(key, "clock") == 0)
        return take_switch(value, &c->clock);
    return -1;
}

static int take_line(struct configuration *c, struct slice line, const char *path, unsigned number,
                     struct error *e)
{
    ARENA_AUTO(scratch);
    const char *equals;

    line = slice_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return 0;
    equals = memchr(line.p, '=', line.n);
    if (!equals)
        return error_set(e, ERR_USAGE, N_("%s:%u: a line is `key = value`"), path, number);
    size_t at = (size_t)(equals - line.p);
    const char *key = arena_string(&scratch, slice_trim((struct slice){line.p, at}));
    const char *value = arena_string(&scratch,
                                     slice_trim((struct slice){line.p + at + 1, line.n - at - 1}));
    int taken = take(c, key, value);
    if (taken < 0)
        return error_set(e, ERR_USAGE, N_("%s:%u: there is no key %s"), path, number, key);
    if (taken == 0)
        return error_set(e, ERR_USAGE, N_("%s:%u: not a value of %s"), path, number, key);
    return 0;
}

int configuration_read(const char *path, struct configuration *ret, struct error *e)
{
    struct configuration c = *ret;
    char line[512];
    unsigned number = 0;
    int rc = 0;
    FILE *f = fopen(path, "re");

    if (!f)
        return error_set_errno(e, errno, path);
    while (rc == 0 && fgets(line, sizeof(line), f)) {
        struct slice s = slice_from(line);
        number++;
        if (s.n == sizeof(line) - 1 && line[s.n - 1] != '\n')
            rc = error_set(e, ERR_USAGE, N_("%s:%u: the line is too long"), path, number);
        else
            rc = take_line(&c, s, path, number, e);
    }
    if (rc == 0 && ferror(f))
        rc = error_set_errno(e, errno, path);
    fclose(f);
    if (rc == 0)
        *ret = c;
    return rc;
}
