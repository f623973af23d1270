#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct error_row {
    enum error_code code;
    int http, exit;
    const char *primary;
};

static const struct error_row table[] = {
#define ERROR(symbol, number, http, exit, text) {symbol, http, exit, text},
#include "base/errors.def"
#undef ERROR
};

/* A code that is not in the table can only be a slip of ours, so it reads as ERR_INTERNAL. */
static const struct error_row *find(enum error_code code)
{
    size_t count = sizeof table / sizeof table[0];
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            return &table[i];
    return &table[count - 1];
}

/* A text that had to be cut must not end in half a character. */
static void cut_to_whole_characters(char *text, size_t n)
{
    size_t begin = n;
    while (begin > 0 && ((unsigned char)text[begin - 1] & 0xC0) == 0x80)
        begin--;
    if (begin == 0)
        return;
    unsigned char lead = (unsigned char)text[begin - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (n - (begin - 1) < need)
        text[begin - 1] = '\0';
}

__attribute__((format(printf, 3, 0))) static void print(char *buffer, size_t size,
                                                        const char *format, va_list arguments)
{
    int n = vsnprintf(buffer, size, format, arguments);
    if (n < 0)
        buffer[0] = '\0';
    else if ((size_t)n >= size)
        cut_to_whole_characters(buffer, size - 1);
}

int error_set(struct error *e, enum error_code code, const char *detail, ...)
{
    if (!e)
        return -(int)code;
    e->code = code;
    e->hint[0] = '\0';
    if (detail) {
        /* An argument may lie in e->detail itself: somebody wraps the error that he was given. */
        char text[sizeof e->detail];
        va_list arguments;
        va_start(arguments, detail);
        print(text, sizeof text, text_in(e->language, detail), arguments);
        va_end(arguments);
        memcpy(e->detail, text, sizeof text);
    } else {
        e->detail[0] = '\0';
    }
    return -(int)code;
}

int error_hint(struct error *e, const char *hint, ...)
{
    if (!e)
        return -(int)ERR_INTERNAL;
    va_list arguments;
    va_start(arguments, hint);
    print(e->hint, sizeof e->hint, text_in(e->language, hint), arguments);
    va_end(arguments);
    return -(int)e->code;
}

int error_set_errno(struct error *e, int errnum, const char *path)
{
    static const struct {
        int number;
        enum error_code code;
        const char *why;
    } known[] = {
        {ENOSPC, ERR_DISK_FULL, N_("no space is left")},
        {EDQUOT, ERR_DISK_FULL, N_("the quota is used up")},
        {EACCES, ERR_PERMISSION, N_("access is denied")},
        {EPERM, ERR_PERMISSION, N_("that is not allowed")},
        {EROFS, ERR_PERMISSION, N_("the file system is read-only")},
        {ENOENT, ERR_IO, N_("there is no such file or directory")},
        {ENOTDIR, ERR_IO, N_("a part of the path is not a directory")},
        {EISDIR, ERR_IO, N_("it is a directory")},
        {EEXIST, ERR_IO, N_("it exists already")},
        {EIO, ERR_IO, N_("the device failed")},
    };
    enum language language = e ? e->language : LANGUAGE_EN;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].number == errnum)
            return error_set(e, known[i].code, "%s: %s", path, text_in(language, known[i].why));
    const char *why = strerrordesc_np(errnum);
    return error_set(e, ERR_IO, "%s: %s", path, why ? why : "?");
}

void error_clear(struct error *e)
{
    if (!e)
        return;
    e->code = ERR_NONE;
    e->detail[0] = '\0';
    e->hint[0] = '\0';
}

const char *error_primary(const struct error *e)
{
    return e->code == ERR_NONE ? "" : text_in(e->language, find(e->code)->primary);
}

int error_exit_status(enum error_code code) { return code == ERR_NONE ? 0 : find(code)->exit; }

int error_http_status(enum error_code code) { return code == ERR_NONE ? 200 : find(code)->http; }

int error_of_file(struct error *e, const char *path)
{
    char detail[sizeof(e->detail)];

    if (!e)
        return -ERR_INTERNAL;
    if (!strstr(e->detail, path)) {
        memcpy(detail, e->detail, sizeof(detail));
        snprintf(e->detail, sizeof(e->detail), "%.200s%s%.300s", path, detail[0] ? ": " : "",
                 detail);
    }
    return -(int)e->code;
}
