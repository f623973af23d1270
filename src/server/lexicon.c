#include "server/lexicon.h"

#include "people/person.h"
#include "store/sql_person.h"

static int add_names(struct deployment *d, struct detect_lexicon_builder *b, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_names_scan row;
    ARENA_AUTO(scratch);
    int rc = sql_person_names_scan(d->store, INT64_MIN, INT64_MAX, &rows, e);

    while (rc >= 0 && (rc = sql_person_names_scan_next(&rows, &row, e)) > 0) {
        struct person person;
        arena_reset(&scratch);
        rc = person_open(d->sealer, (const uint8_t *)row.salt.p, row.person_id, row.sealed,
                         &scratch, &person, e);
        /* Of a single character nobody is known again. */
        if (rc == 0 && person.name.n > 4)
            rc = detect_lexicon_name(b, person.name, e);
    }
    return rc;
}

int lexicon_read(struct deployment *d, const struct division_tree *divisions,
                 struct detect_lexicon **ret, struct error *e)
{
    struct detect_lexicon_builder *b = detect_lexicon_begin();
    struct detect_lexicon *unwanted = NULL;
    struct error unsaid = {.language = LANGUAGE_EN};
    int rc = b ? add_names(d, b, e) : error_set(e, ERR_MEMORY, NULL);

    for (size_t i = 0; rc == 0 && i < divisions->count; i++)
        rc = detect_lexicon_place(b, slice_from(divisions->divisions[i].name), e);
    if (rc == 0)
        return detect_lexicon_end(b, ret, e);
    if (b && detect_lexicon_end(b, &unwanted, &unsaid) == 0) /* the builder has no other end */
        detect_lexicon_free(unwanted);
    return rc;
}
