/* Bare libmicrohttpd: what its transport alone costs, for the side of the table beside ours.
 *
 *     bare_http PORT BODY_FILE
 *
 * Epoll, one thread a core, and the same bytes to whoever asks. Ends when its standard input does. */
#include <microhttpd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct body {
    char bytes[1 << 20];
    size_t n;
};

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    struct body *body = context;

    (void)url, (void)method, (void)version, (void)upload;
    *upload_size = 0;
    if (!*state) {
        *state = body;
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(body->n, body->bytes,
                                                                    MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result rc = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return rc;
}

int main(int argc, char **argv)
{
    static struct body body;
    FILE *f = argc == 3 ? fopen(argv[2], "rb") : NULL;

    if (!f) {
        fprintf(stderr, "usage: bare_http PORT BODY_FILE\n");
        return 2;
    }
    body.n = fread(body.bytes, 1, sizeof(body.bytes), f);
    fclose(f);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL, answer,
        &body, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
        MHD_OPTION_END);
    if (!daemon) {
        fprintf(stderr, "bare_http: cannot listen\n");
        return 3;
    }
    while (getchar() != EOF)
        continue;
    MHD_stop_daemon(daemon);
    return 0;
}
