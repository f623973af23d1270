/* Inside access/: the files in which keys lie, outside the database: where they are, how they are made,
 * and the rights without which they are not read. What is written in them is their owner's affair. */
#ifndef HUMIAO_ACCESS_KEY_FILE_H
#define HUMIAO_ACCESS_KEY_FILE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define KEY_FILE_MAX 65536 /* more than any file of keys holds */

/* `$variable` if that is set and not empty, else $XDG_CONFIG_HOME/humiao/ID + suffix, else
 * $HOME/.config/humiao/ID + suffix. `deployment_id` is of letters, digits, '-' and '_' (ERR_USAGE
 * otherwise). ERR_KEY_MISSING when no variable says where. The path belongs to the arena. */
int key_file_path(const char *variable, const char *suffix, const char *deployment_id,
                  struct arena *arena, const char **ret_path, struct error *e);

/* Writes a file that must not be there yet (ERR_CONFLICT), for its owner's eyes only; missing
 * directories are made, mode 0700. File and directory are on disk when this returns 0; on failure no
 * file is left behind. */
int key_file_create(const char *path, struct slice text, struct error *e);

/* Puts a new text in the place of an old one: whoever opens the path, even after a loss of power, finds
 * the one or the other whole. */
int key_file_replace(const char *path, struct slice text, struct error *e);

/* Reads at most `capacity` bytes into `buffer`. ERR_KEY_MISSING when there is no such file (the hint
 * names `variable`), ERR_KEY_EXPOSED when group or others have any right to it or it belongs to another
 * user (not root), ERR_KEY_WRONG when it is no plain file; ERR_IO, ERR_PERMISSION. The caller wipes the
 * buffer. */
int key_file_read(const char *path, const char *variable, char *buffer, size_t capacity,
                  size_t *ret_n, struct error *e);

/* Makes the directory of `path` and those above it that are missing, mode 0700, each on disk. */
int key_file_make_directory(const char *path, struct error *e);

#endif
