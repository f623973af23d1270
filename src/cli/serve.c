#include "cli/command.h"
#include "server/server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The file first, then what the command line says. */
static int configure(const struct invocation *in, struct configuration *ret)
{
    static const struct {
        const char *option;
        size_t offset;
    } addresses[] = {{"--listen", offsetof(struct configuration, listen)},
                     {"--live", offsetof(struct configuration, live)}};
    const char *file = invocation_value(in, "--config");
    struct configuration c;
    int rc = 0;

    configuration_defaults(&c);
    if (file && (rc = configuration_read(file, &c, in->error)) < 0)
        return rc;
    for (size_t i = 0; i < 2; i++) {
        const char *value = invocation_value(in, addresses[i].option);
        if (value && strlen(value) >= CONFIGURATION_ADDRESS_MAX)
            return error_set(in->error, ERR_USAGE, N_("%s is no address to listen on"), value);
        if (value)
            memcpy((char *)&c + addresses[i].offset, value, strlen(value) + 1);
    }
    *ret = c;
    return 0;
}

static void reload(struct invocation *in, struct server *server)
{
    struct configuration c;

    if (configure(in, &c) == 0) {
        server_reload(server, &c);
        return;
    }
    /* What runs goes on as it is. */
    print_error(in->error);
    error_clear(in->error);
}

static void print_address(const struct invocation *in, const char *format, const char *address)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    fprintf(stderr, say(in, format), address[0] == '/' ? "" : "http://", address);
#pragma GCC diagnostic pop
}

static int run(struct invocation *in)
{
    struct configuration c;
    struct server *server = NULL;
    const char *url = NULL;
    sigset_t signals;
    int signal = 0, rc = invocation_url(in, &url);

    if (rc == 0)
        rc = configure(in, &c);
    if (rc < 0)
        return rc;
    /* Blocked before any thread is made, so that none of them is struck: they are waited for here. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if ((rc = server_start(url, &c, &server, in->error)) < 0)
        return rc;
    print_address(in, N_("humiao: listening on %s%s\n"), server_address(server));
    print_address(in, N_("humiao: live updates on %s%s\n"), server_live_address(server));
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP)
        reload(in, server);
    fprintf(stderr, "%s\n", say(in, N_("humiao: stopping")));
    rc = server_stop(server, in->error);
    return rc < 0 ? rc : EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--listen", "ADDR:PORT",
     N_("where it listens, also /path/of/a/socket; 127.0.0.1:8480 if not given")},
    {"--live", "ADDR:PORT", N_("where live updates are heard; the next port if not given")},
    {"--config", "FILE", N_("a file of `key = value` lines, read again at SIGHUP")},
    OPTION_END};

extern const struct command command_serve;
const struct command command_serve = {
    "serve",
    TASK_SET_UP,
    "--db URL [--listen ADDR:PORT] [--live ADDR:PORT] [--config FILE]",
    N_("Answer over HTTP, until SIGTERM."),
    options,
    0,
    0,
    run};
