/* News of writes that are not the server's own: a command beside it has ingested or ticked, and pages are to
 * hear of it as of any other change. Looked for each second in the table of notices, by id. */
#ifndef HUMIAO_SERVER_NEWS_H
#define HUMIAO_SERVER_NEWS_H

#include "base/error.h"

struct news;
struct server;

int news_start(struct server *s, struct news **ret, struct error *e);
struct news *news_stop(struct news *n); /* takes NULL, returns NULL */

#endif
