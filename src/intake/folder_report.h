/* What came of a file of a watched folder, as a text beside it: numbers, lines, columns and reasons, and no
 * value of anybody. Of this room only. */
#ifndef HUMIAO_INTAKE_FOLDER_REPORT_H
#define HUMIAO_INTAKE_FOLDER_REPORT_H

#include "intake/delivery.h"

#include <stdio.h>

struct folder_report {
    enum language language;
    char *head, *lines; /* texts */
    size_t head_size, lines_size;
    FILE *to_head, *to_lines;
    uint64_t refused;
};

void folder_report_begin(struct folder_report *r, const char *name, int64_t now,
                         enum language language);
void folder_report_refusal(struct folder_report *r, const struct refusal *refusal);
void folder_report_totals(struct folder_report *r, const struct delivery_totals *totals);
void folder_report_reason(struct folder_report *r, const char *msgid, const struct error *reason);

/* As NAME.txt in the folder, on disk when it returns 0. */
int folder_report_write(struct folder_report *r, int folder, const char *name, struct error *e);
void folder_report_end(struct folder_report *r);

#endif
