/* ICD-10 codes are cut to their block at the edge, so that a diagnosis is never stored (contracts.md). */
#ifndef HUMIAO_PEOPLE_ICD10_H
#define HUMIAO_PEOPLE_ICD10_H

#include "base/slice.h"

/* The block of a code ("F32.1" and "f32" give "F30-F39"); what is not an ICD-10 code comes back as it
 * is. A code outside every block gives its chapter letter alone. The result lives for ever or is `s`.
 * Source: WHO, ICD-10 version 2019, list of blocks. */
struct slice icd10_block_of(struct slice s);

#endif
