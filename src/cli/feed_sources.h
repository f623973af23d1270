/* Verbs of `humiao feed` about sources: whom they speak of, how they stand, what came of them, their tokens. */
#ifndef HUMIAO_CLI_FEED_SOURCES_H
#define HUMIAO_CLI_FEED_SOURCES_H

#include "cli/command.h"

int feed_cover(struct invocation *in); /* cover NAME DIVISION [--from] [--to] | cover [--end ID] */
int feed_sources(struct invocation *in); /* sources */
int feed_yield(struct invocation *in);   /* yield [--from] */
int feed_token(struct invocation *in);   /* token NAME | token [--end ID] */

#endif
