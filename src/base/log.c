#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <unistd.h>

#define LINE_MAX_SIZE 2048
#define FIELDS_MAX 16

static const char *const levels[] = {
    [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

struct line {
    char text[LINE_MAX_SIZE];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *format, ...)
{
    size_t room = sizeof(l->text) - l->n;
    va_list arguments;

    va_start(arguments, format);
    int n = vsnprintf(l->text + l->n, room, format, arguments);
    va_end(arguments);
    if (n > 0)
        l->n += (size_t)n < room ? (size_t)n : room - 1;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(".:-_/", c));
}

static void add_word(struct line *l, const char *word)
{
    char plain[LOG_WORD_MAX + 1];
    size_t n = 0;

    for (; word[n] && n < LOG_WORD_MAX; n++)
        plain[n] = (char)(is_plain(word[n]) ? word[n] : '?');
    plain[n] = '\0';
    add(l, "\"%s\"", plain);
}

static void add_time(struct line *l)
{
    struct timespec t;
    struct tm utc;

    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &utc);
    add(l, "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ\"", utc.tm_year + 1900, utc.tm_mon + 1,
        utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, t.tv_nsec / 1000);
}

void log_line(const struct log *log, enum log_level level, const char *event,
              const struct log_field *fields, size_t count)
{
    struct line l = {.n = 0};

    if ((int)level > atomic_load_explicit(&log->least, memory_order_relaxed))
        return;
    add_time(&l);
    add(&l, ",\"level\":\"%s\",\"event\":", levels[level]);
    add_word(&l, event);
    for (size_t i = 0; i < count && i < FIELDS_MAX; i++) {
        add(&l, ",\"%s\":", fields[i].name);
        if (fields[i].word)
            add_word(&l, fields[i].word);
        else
            add(&l, "%" PRId64, fields[i].number);
    }
    add(&l, "}\n");
    /* A log that nobody takes must not stop the server. */
    while (write(log->fd, l.text, l.n) < 0 && errno == EINTR)
        continue;
}

bool log_level_parse(const char *name, enum log_level *ret)
{
    for (enum log_level i = LOG_ERROR; i <= LOG_DEBUG; i++) {
        if (strcmp(name, levels[i]) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}
