/* Inside access/: what the files of rotation share. */
#ifndef HUMIAO_ACCESS_ROTATION_INSIDE_H
#define HUMIAO_ACCESS_ROTATION_INSIDE_H

#include "access/deployment_inside.h"
#include "access/sealed_columns.h"

/* The key that the handle seals under now. */
static inline struct vault_key_info rotation_newest(const struct deployment *d)
{
    struct vault_key_info keys[VAULT_KEYS_MAX];

    return keys[vault_keys(d->vault, keys) - 1];
}

#endif
