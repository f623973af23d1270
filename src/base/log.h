/* The log: one JSON line an event, for machines; `time`, `level`, `event`, then its fields.
 *
 * Fields are typed, and no type holds free text: a word stands in the program or is made of its own
 * letters and digits, the rest are numbers. So what a person typed, a name, a query, a path's parameter
 * or a body cannot get into a line by mistake. */
#ifndef HUMIAO_BASE_LOG_H
#define HUMIAO_BASE_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_NONE = 0, LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log {
    int fd;
    _Atomic int least; /* enum log_level: lines beyond it are not written; may change at any time */
};

#define LOG_WORD_MAX 64

struct log_field {
    const char *name;
    const char *word; /* NULL: the number */
    int64_t number;
};

/* Cut at LOG_WORD_MAX; whatever is not a letter, digit, '.', ':', '-', '_' or '/' becomes '?'. */
static inline struct log_field log_word(const char *name, const char *word)
{
    return (struct log_field){name, word ? word : "", 0};
}
static inline struct log_field log_number(const char *name, int64_t number)
{
    return (struct log_field){name, NULL, number};
}

/* Writes the line in one piece. At most 16 fields; the rest is left out. Never fails. */
void log_line(const struct log *l, enum log_level level, const char *event,
              const struct log_field *fields, size_t count);

#define LOG(l, level, event, ...)                                      \
    log_line(l, level, event, (const struct log_field[]){__VA_ARGS__}, \
             sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

/* "error warning info debug"; false for another word. */
bool log_level_parse(const char *name, enum log_level *ret);

#endif
