/* Inside access/: the file of heads, one line each:
 *
 *     TIME DEPLOYMENT WRITER DAY ROWS MAC KEY HMAC
 *
 * TIME by RFC 3339, UTC; MAC of the segment's last row; HMAC of the line before it, under audit key
 * number KEY. Several deployments may share a file. A line that was cut short, as by a loss of power,
 * says nothing; a whole line whose HMAC is wrong was tampered with. */
#ifndef HUMIAO_ACCESS_AUDIT_HEADS_H
#define HUMIAO_ACCESS_AUDIT_HEADS_H

#include "access/audit_chain.h"

enum heads_line { HEADS_GOOD, HEADS_FOREIGN, HEADS_CUT, HEADS_WRONG };

/* What a line is (without its line feed). `ret` is filled as far as it could be read; its segment id is
 * not in the line. Negative on an error. */
int heads_line_read(struct audit *a, struct slice line, struct chain_head *ret, struct error *e);

#endif
