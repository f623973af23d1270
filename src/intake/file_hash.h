/* A file's identity, by which a reading that was killed carries on. Of this room only. */
#ifndef HUMIAO_INTAKE_FILE_HASH_H
#define HUMIAO_INTAKE_FILE_HASH_H

#include "access/seal.h"

/* Keyed hash of a regular file's content; of anything else (a pipe) a random value: it is never met
 * again. ERR_IO, ERR_PERMISSION. */
int file_hash(struct sealer *sealer, const char *path, uint8_t ret[SEAL_HASH_SIZE],
              struct error *e);

/* Of an open file, from where it stands to its end; `path` is for messages. */
int file_hash_of(struct sealer *sealer, int fd, const char *path, uint8_t ret[SEAL_HASH_SIZE],
                 struct error *e);

#endif
