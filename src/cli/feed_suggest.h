/* `humiao feed suggest FILE`, dispatched by cli/feed.c: a mapping for a file that nobody knows yet. The command's options
 * are --department, --name, --preview, --encoding, --db. An exit status, or a negative error. */
#ifndef HUMIAO_CLI_FEED_SUGGEST_H
#define HUMIAO_CLI_FEED_SUGGEST_H

#include "cli/command.h"

int feed_suggest(struct invocation *in); /* positional[0] is "suggest", positional[1] the file */

#endif
