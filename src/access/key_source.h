/* Where the master key comes from: a small interface, so that it can lie in a file, or with a key server.
 *
 *     HUMIAO_KEY_COMMAND=/usr/local/libexec/fetch-county-key    a program that asks the key server
 *     HUMIAO_KEY_FILE=/etc/humiao/county.key                    a file
 *     neither                                                    the file of keys_master_path
 *
 * The key is fetched when a deployment is opened and when its data keys have changed; the caller wipes it
 * as soon as they are unwrapped. */
#ifndef HUMIAO_ACCESS_KEY_SOURCE_H
#define HUMIAO_ACCESS_KEY_SOURCE_H

#include "access/keys.h"

struct key_source {
    int (*fetch)(const struct key_source *source, struct master_key *ret, struct error *e);
    const char *place; /* path of the file or of the program */
    bool file;         /* one that is missing may be made */
};

/* What the environment says. Both variables set is ERR_USAGE, as is a relative HUMIAO_KEY_COMMAND. What
 * is in `ret` belongs to the arena. */
int key_source_find(const char *deployment_id, struct arena *arena, struct key_source *ret,
                    struct error *e);

/* A file: keys_master_read. */
struct key_source key_source_file(const char *path);

/* A program, run without a shell, without arguments, with an empty environment, its input closed, that
 * prints the text of a key file on its output within `KEY_COMMAND_SECONDS` and exits with 0; its messages
 * go to standard error. ERR_KEY_EXPOSED when others than its owner may change the program or put another
 * in its place, or it belongs to another user (not root); ERR_KEY_MISSING when it is not there, fails,
 * or takes too long; ERR_KEY_WRONG when what it prints is no key. */
#define KEY_COMMAND_SECONDS 10
struct key_source key_source_command(const char *path);

/* The caller wipes `ret`. */
int key_source_fetch(const struct key_source *source, struct master_key *ret, struct error *e);

#endif
