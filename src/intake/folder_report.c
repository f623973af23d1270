#include "intake/folder_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define LINES_MAX 1000 /* refused rows that are named; the quarantine has them all */

void folder_report_begin(struct folder_report *r, const char *name, int64_t now,
                         enum language language)
{
    char on[DAY_TEXT];

    *r = (struct folder_report){.language = language};
    r->to_head = open_memstream(&r->head, &r->head_size);
    r->to_lines = open_memstream(&r->lines, &r->lines_size);
    if (!r->to_head || !r->to_lines)
        abort();
    fprintf(r->to_head, "%s\n%s\n\n", name, day_format(day_of_instant(now), on));
}

static const char *say(const struct folder_report *r, const char *msgid)
{
    return text_in(r->language, msgid);
}

void folder_report_refusal(struct folder_report *r, const struct refusal *refusal)
{
    const struct error *e = refusal->error;

    if (r->refused++ >= LINES_MAX)
        return;
    fprintf(r->to_lines, say(r, N_("line %llu")), (unsigned long long)refusal->line);
    if (refusal->column)
        fprintf(r->to_lines, ", %s", refusal->column);
    fprintf(r->to_lines, ": %s%s%s%s%s\n", error_primary(e), e->detail[0] ? ": " : "", e->detail,
            e->hint[0] ? " " : "", e->hint);
}

void folder_report_totals(struct folder_report *r, const struct delivery_totals *t)
{
    fprintf(
        r->to_head,
        say(r, N_("rows %llu\naccepted %llu\nduplicate %llu\nquarantined %llu\nunlinked %llu\n")),
        (unsigned long long)t->rows, (unsigned long long)t->accepted,
        (unsigned long long)t->duplicate, (unsigned long long)t->quarantined,
        (unsigned long long)t->unlinked);
}

void folder_report_reason(struct folder_report *r, const char *msgid, const struct error *reason)
{
    fprintf(r->to_head, "%s\n%s%s%s%s%s\n", say(r, msgid), error_primary(reason),
            reason->detail[0] ? ": " : "", reason->detail, reason->hint[0] ? "\n" : "",
            reason->hint);
}

static int write_texts(struct folder_report *r, int fd)
{
    const struct slice texts[] = {
        {r->head, r->head_size}, {"\n", r->lines_size ? 1 : 0}, {r->lines, r->lines_size}};

    for (size_t i = 0; i < 3; i++)
        for (size_t at = 0; at < texts[i].n;) {
            ssize_t n = write(fd, texts[i].p + at, texts[i].n - at);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return -1;
            at += (size_t)n;
        }
    return fsync(fd);
}

int folder_report_write(struct folder_report *r, int folder, const char *name, struct error *e)
{
    char as[512], hidden[520];

    if (fflush(r->to_head) != 0 || fflush(r->to_lines) != 0)
        return error_set(e, ERR_MEMORY, NULL);
    snprintf(as, sizeof(as), "%s.txt", name);
    snprintf(hidden, sizeof(hidden), ".%s", as);
    int fd = openat(folder, hidden, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0660);
    if (fd < 0)
        return error_set_errno(e, errno, as);
    int rc = write_texts(r, fd);
    if (close(fd) < 0 || rc < 0 || renameat(folder, hidden, folder, as) < 0)
        return error_set_errno(e, errno, as);
    return 0;
}

void folder_report_end(struct folder_report *r)
{
    fclose(r->to_head);
    fclose(r->to_lines);
    free(r->head);
    free(r->lines);
}
