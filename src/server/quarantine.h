/* Inside the handlers of the quarantine desk: which rows the caller may meet. */
#ifndef HUMIAO_SERVER_QUARANTINE_H
#define HUMIAO_SERVER_QUARANTINE_H

#include "intake/desk.h"
#include "server/request.h"

/* Of the caller's department and division, and of a feed and a delivery (each may be NONE). ERR_NOT_FOUND for
 * what is no id. */
int quarantine_filter(struct request *r, struct slice feed, struct slice delivery,
                      struct desk_filter *ret);

/* A row of the caller's; ERR_NOT_FOUND. Sets the audit row's object. */
int quarantine_row(struct request *r, struct slice id, struct desk_row *ret);

#endif
