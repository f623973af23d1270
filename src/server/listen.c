#include "server/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 511

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un path;
};

static int no_address(const char *address, struct error *e)
{
    error_set(e, ERR_USAGE, N_("%s is no address to listen on"), address);
    return error_hint(e, N_("Write ADDR:PORT, [ADDR]:PORT for IPv6, or /path/of/a/socket."));
}

static bool parse_port(const char *text, unsigned *ret)
{
    char *end = NULL;
    unsigned long port = strtoul(text, &end, 10);

    *ret = (unsigned)port;
    return *text >= '0' && *text <= '9' && !*end && port <= 65535;
}

/* Splits at the last colon; the host is written to `host` without brackets. */
static bool split(const char *address, char host[CONFIGURATION_ADDRESS_MAX], unsigned *ret_port)
{
    const char *colon = strrchr(address, ':');
    size_t n = colon ? (size_t)(colon - address) : 0;

    if (n == 0 || n >= CONFIGURATION_ADDRESS_MAX || !parse_port(colon + 1, ret_port))
        return false;
    if (address[0] == '[' && address[n - 1] == ']') {
        address++;
        n -= 2;
    }
    memcpy(host, address, n);
    host[n] = '\0';
    return true;
}

static int parse(const char *address, union address *ret, socklen_t *ret_size, struct error *e)
{
    char host[CONFIGURATION_ADDRESS_MAX];
    unsigned port;

    memset(ret, 0, sizeof(*ret));
    if (address[0] == '/') {
        if (strlen(address) >= sizeof(ret->path.sun_path))
            return no_address(address, e);
        ret->path.sun_family = AF_UNIX;
        memcpy(ret->path.sun_path, address, strlen(address) + 1);
        *ret_size = sizeof(ret->path);
        return 0;
    }
    if (!split(address, host, &port))
        return no_address(address, e);
    if (inet_pton(AF_INET, host, &ret->v4.sin_addr) == 1) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons((uint16_t)port);
        *ret_size = sizeof(ret->v4);
    } else if (inet_pton(AF_INET6, host, &ret->v6.sin6_addr) == 1) {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_port = htons((uint16_t)port);
        *ret_size = sizeof(ret->v6);
    } else {
        return no_address(address, e);
    }
    return 0;
}

static bool told(int fd, const char *asked, char ret[CONFIGURATION_ADDRESS_MAX])
{
    union address a;
    socklen_t size = sizeof(a);
    char host[INET6_ADDRSTRLEN];

    if (getsockname(fd, &a.any, &size) != 0)
        return false;
    if (a.any.sa_family == AF_INET)
        snprintf(ret, CONFIGURATION_ADDRESS_MAX, "%s:%u",
                 inet_ntop(AF_INET, &a.v4.sin_addr, host, sizeof(host)), ntohs(a.v4.sin_port));
    else if (a.any.sa_family == AF_INET6)
        snprintf(ret, CONFIGURATION_ADDRESS_MAX, "[%s]:%u",
                 inet_ntop(AF_INET6, &a.v6.sin6_addr, host, sizeof(host)), ntohs(a.v6.sin6_port));
    else
        snprintf(ret, CONFIGURATION_ADDRESS_MAX, "%s", asked);
    return true;
}

int listen_on(const char *address, int *ret_fd, char ret_address[CONFIGURATION_ADDRESS_MAX],
              struct error *e)
{
    union address a;
    socklen_t size = 0;
    int one = 1, rc = parse(address, &a, &size, e);

    if (rc < 0)
        return rc;
    int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return error_set_errno(e, errno, address);
    if (a.any.sa_family == AF_UNIX)
        unlink(address); /* the lock on the database says that no other server is there */
    else
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, &a.any, size) != 0 || listen(fd, BACKLOG) != 0 ||
        (a.any.sa_family == AF_UNIX && chmod(address, 0660) != 0) ||
        !told(fd, address, ret_address)) {
        rc = error_set_errno(e, errno, address);
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    return 0;
}

int listen_beside(const char *address, char ret[CONFIGURATION_ADDRESS_MAX], struct error *e)
{
    const char *colon = strrchr(address, ':');
    unsigned port;
    int n;

    if (address[0] == '/') {
        n = snprintf(ret, CONFIGURATION_ADDRESS_MAX, "%s.live", address);
    } else {
        if (!colon || !parse_port(colon + 1, &port) || port == 65535)
            return no_address(address, e);
        n = snprintf(ret, CONFIGURATION_ADDRESS_MAX, "%.*s:%u", (int)(colon - address), address,
                     port ? port + 1 : 0);
    }
    return n < CONFIGURATION_ADDRESS_MAX ? 0 : no_address(address, e);
}
