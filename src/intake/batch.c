#include "intake/batch.h"

#include "people/fact.h"
#include "store/sql_heard.h"
#include "store/sql_person.h"
#include "store/sql_record.h"
#include "store/sql_salt.h"

static struct slice hash_slice(const uint8_t *hash)
{
    return (struct slice){(const char *)hash, SEAL_HASH_SIZE};
}

static bool hash_equal(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, SEAL_HASH_SIZE) == 0;
}

/* ---- hashes -------------------------------------------------------------------------------------- */

static int hash_row(struct sealer *s, struct batch_row *row, struct error *e)
{
    const struct record *r = &row->record;
    char birth[DAY_TEXT], from[DAY_TEXT], to[DAY_TEXT];
    struct slice key[] = {r->department, slice_from(record_kind_name(r->kind)), r->key};
    struct slice content[] = {r->id_no,
                              r->name,
                              slice_from(day_format(r->birth, birth)),
                              r->division,
                              slice_from(day_format(r->from, from)),
                              slice_from(day_format(r->to, to)),
                              r->value,
                              r->note};
    struct slice withdrawal[] = {SLICE_LITERAL("retracted"), r->withdrawal};
    int rc = sealer_hash_parts(s, HASH_RECORD_KEY, key, 3, row->key_hash, e);

    if (rc == 0 && r->id_no.n)
        rc = sealer_hash(s, HASH_ID_NUMBER, r->id_no, row->id_hash, e);
    if (rc == 0)
        rc = r->withdrawn ? sealer_hash_parts(s, HASH_CONTENT, withdrawal, 2, row->content_hash, e)
                          : sealer_hash_parts(s, HASH_CONTENT, content, 8, row->content_hash, e);
    return rc;
}

/* ---- what the store knows already ---------------------------------------------------------------- */

static struct batch_version *add_version(struct batch *b)
{
    b->versions = arena_grow(b->arena, b->versions, &b->version_capacity, b->version_count + 1,
                             sizeof(*b->versions));
    return &b->versions[b->version_count++];
}

static void add_holder(struct batch *b, const uint8_t *id_hash, int64_t subject,
                       const uint8_t *salt, bool linked)
{
    b->holders = arena_grow(b->arena, b->holders, &b->holder_capacity, b->holder_count + 1,
                            sizeof(*b->holders));
    struct batch_holder *h = &b->holders[b->holder_count++];
    memcpy(h->id_hash, id_hash, SEAL_HASH_SIZE);
    memcpy(h->salt, salt, SEAL_SALT_SIZE);
    h->subject_id = subject;
    h->linked = linked;
}

static const struct batch_holder *find_holder(const struct batch *b, const uint8_t *id_hash)
{
    for (size_t i = 0; i < b->holder_count; i++)
        if (hash_equal(b->holders[i].id_hash, id_hash))
            return &b->holders[i];
    return NULL;
}

static int read_versions(struct batch *b, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_record_versions row;
    struct slice keys[BATCH_MAX];
    size_t count = 0;

    for (size_t i = 0; i < b->count; i++)
        if (!b->rows[i].refused)
            keys[count++] = hash_slice(b->rows[i].key_hash);
    if (count == 0)
        return 0;
    int rc = sql_record_versions(b->d->store, keys, count, &rows, e);
    while (rc >= 0 && (rc = sql_record_versions_next(&rows, &row, e)) > 0) {
        struct batch_version *v = add_version(b);
        v->id = row.id;
        v->subject_id = row.subject_id;
        memcpy(v->key_hash, row.key_hash.p, SEAL_HASH_SIZE);
        memcpy(v->content_hash, row.content_hash.p, SEAL_HASH_SIZE);
        v->revision = row.revision;
        v->withdrawn = row.withdrawn != 0;
        v->linked = row.linked != 0;
        v->in_force = row.in_force != 0;
    }
    return rc;
}

static int read_holders(struct batch *b, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_by_id_hashes person;
    struct sql_record_stubs stub;
    struct slice hashes[BATCH_MAX];
    size_t count = 0, missing = 0;

    for (size_t i = 0; i < b->count; i++)
        if (!b->rows[i].refused && b->rows[i].record.id_no.n)
            hashes[count++] = hash_slice(b->rows[i].id_hash);
    if (count == 0)
        return 0;
    int rc = sql_person_by_id_hashes(b->d->store, hashes, count, &rows, e);
    while (rc >= 0 && (rc = sql_person_by_id_hashes_next(&rows, &person, e)) > 0)
        add_holder(b, (const uint8_t *)person.id_hash.p, person.person_id,
                   (const uint8_t *)person.salt.p, true);
    for (size_t i = 0; i < count; i++)
        if (!find_holder(b, (const uint8_t *)hashes[i].p))
            hashes[missing++] = hashes[i];
    if (rc < 0 || missing == 0)
        return rc;
    rc = sql_record_stubs(b->d->store, hashes, missing, &rows, e);
    while (rc >= 0 && (rc = sql_record_stubs_next(&rows, &stub, e)) > 0)
        if (!find_holder(b, (const uint8_t *)stub.id_hash.p))
            add_holder(b, (const uint8_t *)stub.id_hash.p, stub.subject_id,
                       (const uint8_t *)stub.salt.p, false);
    return rc;
}

/* ---- deciding -------------------------------------------------------------------------------------- */

static size_t version_in_force(const struct batch *b, const uint8_t *key_hash)
{
    for (size_t i = 0; i < b->version_count; i++)
        if (b->versions[i].in_force && hash_equal(b->versions[i].key_hash, key_hash))
            return i;
    return SIZE_MAX;
}

/* Is this revision with this content among the versions already? */
static bool known_before(const struct batch *b, const struct batch_row *row)
{
    for (size_t i = 0; i < b->version_count; i++) {
        const struct batch_version *v = &b->versions[i];
        if (hash_equal(v->key_hash, row->key_hash) && v->revision.set &&
            v->revision.v == row->record.revision && hash_equal(v->content_hash, row->content_hash))
            return true;
    }
    return false;
}

enum decision { NEWS, LATE, DUPLICATE, NEVER_SEEN };

static enum decision decide(const struct batch *b, const struct batch_row *row,
                            const struct batch_version *current)
{
    const struct record *r = &row->record;

    if (!current)
        return r->withdrawn && !r->revised ? NEVER_SEEN : NEWS;
    bool same = hash_equal(current->content_hash, row->content_hash);
    if (!r->revised)
        return same ? DUPLICATE : NEWS;
    if (!current->revision.set)
        return NEWS;
    if (r->revision == current->revision.v)
        return same ? DUPLICATE : NEWS;
    if (r->revision > current->revision.v)
        return NEWS;
    return known_before(b, row) ? DUPLICATE : LATE;
}

/* ---- storing --------------------------------------------------------------------------------------- */

static void touch(struct batch *b, int64_t subject, bool listed)
{
    b->touched = arena_grow(b->arena, b->touched, &b->touched_capacity, b->touched_count + 1,
                            sizeof(*b->touched));
    b->touched[b->touched_count++] = subject;
    if (!listed)
        return;
    b->listed = arena_grow(b->arena, b->listed, &b->listed_capacity, b->listed_count + 1,
                           sizeof(*b->listed));
    b->listed[b->listed_count++] = subject;
}

/* Sets the sealer to whom the record is about: the holder of the number, or a new stand-in. */
static int find_subject(struct batch *b, const struct batch_row *row,
                        const struct batch_version *current, int64_t *ret, bool *ret_linked,
                        struct error *e)
{
    const struct batch_holder *holder = row->record.id_no.n ? find_holder(b, row->id_hash) : NULL;
    uint8_t salt[SEAL_SALT_SIZE];
    int rc;

    if (row->record.withdrawn && current) {
        struct sql_salt_of salt_row;
        bool found;
        rc = sql_salt_of(b->d->store, current->subject_id, &found, &salt_row, e);
        if (rc == 0 && !found)
            rc = error_set(e, ERR_ERASED, NULL);
        if (rc == 0)
            rc = sealer_set_subject(b->d->sealer, (const uint8_t *)salt_row.salt.p, e);
        *ret = current->subject_id;
        *ret_linked = current->linked;
        return rc;
    }
    if (holder) {
        *ret = holder->subject_id;
        *ret_linked = holder->linked;
        return sealer_set_subject(b->d->sealer, holder->salt, e);
    }
    rc = subject_new(b->d, b->subjects, ret, salt, e);
    *ret_linked = false;
    if (rc == 0 && row->record.id_no.n)
        add_holder(b, row->id_hash, *ret, salt, false);
    return rc;
}

static struct opt_int day_or_none(day d)
{
    return d == DAY_BEGINNING || d == DAY_FOREVER ? OPT_INT_NONE : opt_int(d);
}

static int insert(struct batch *b, const struct batch_row *row, int64_t id, int64_t subject,
                  bool linked, struct opt_int revision, const struct batch_version *replaced,
                  bool late, struct error *e)
{
    const struct record *r = &row->record;
    uint8_t other[SEAL_HASH_SIZE];
    struct slice fact, envelope, other_hash = SLICE_NONE;
    int rc = fact_seal(b->d->sealer, id, r, b->arena, &fact, &envelope, e);

    if (rc == 0 && !r->withdrawn && (r->kind == KIND_DIVORCED || r->kind == KIND_MARRIED)) {
        rc = sealer_hash(b->d->sealer, HASH_ID_NUMBER, r->value, other, e);
        other_hash = SLICE_OF(other);
    }
    if (rc == 0)
        rc = sql_record_insert(
            b->d->store, id, subject, linked, hash_slice(row->key_hash),
            hash_slice(row->content_hash), r->id_no.n ? hash_slice(row->id_hash) : SLICE_NONE,
            other_hash, revision, r->withdrawn, day_or_none(r->from), day_or_none(r->to), b->now,
            late ? opt_int(b->now) : OPT_INT_NONE, replaced ? opt_int(replaced->id) : OPT_INT_NONE,
            b->delivery_id, (int64_t)row->csv.line, fact, envelope, e);
    return rc;
}

/* `row` is the first record of its row of the file. */
static int refuse(struct batch *b, struct batch_row *row, const struct error *reason,
                  struct error *e)
{
    struct error why = *reason; /* it may lie in the row */

    for (size_t i = 0; i <= row->siblings; i++)
        row[i].outcome = i ? OUTCOME_WITH_ROW : OUTCOME_QUARANTINED;
    row->refused = true;
    row->reason = why;
    if (b->unkept)
        return 0;
    return quarantine_keep_cell(b->d, b->subjects, b->delivery_id, row->csv.line, row->csv.raw,
                                &row->cell, &why, e);
}

static int accept(struct batch *b, struct batch_row *row, size_t current_index, bool late,
                  struct error *e)
{
    const struct record *r = &row->record;
    struct batch_version *current = current_index == SIZE_MAX ? NULL : &b->versions[current_index];
    struct opt_int revision = r->revised ? opt_int(r->revision)
                              : current  ? current->revision
                                         : OPT_INT_NONE;
    bool listed = record_kind_is_of_household(r->kind), linked;
    int64_t id, subject;
    int rc = find_subject(b, row, current, &subject, &linked, e);

    if (rc == 0 && r->note.n)
        rc = detect_marks(b->lexicon, r->note, b->arena, &row->record.note_marks, e);
    if (rc == 0)
        rc = id_source_next(b->records, b->d->sealer, &id, e);
    if (rc == 0)
        rc = insert(b, row, id, subject, linked, revision, late ? NULL : current, late, e);
    if (rc == 0 && !late && current) {
        rc = sql_record_supersede(b->d->store, current->id, b->now, e);
        current->in_force = false;
        if (current->linked)
            touch(b, current->subject_id, listed);
    }
    if (rc < 0)
        return rc;
    if (!late && linked)
        touch(b, subject, listed);
    struct batch_version *v = add_version(b);
    *v = (struct batch_version){.id = id,
                                .subject_id = subject,
                                .revision = revision,
                                .withdrawn = r->withdrawn,
                                .linked = linked,
                                .in_force = !late};
    memcpy(v->key_hash, row->key_hash, SEAL_HASH_SIZE);
    memcpy(v->content_hash, row->content_hash, SEAL_HASH_SIZE);
    row->outcome = linked || r->withdrawn ? OUTCOME_ACCEPTED : OUTCOME_UNLINKED;
    return 0;
}

static const struct batch_version *current_of(const struct batch *b, const struct batch_row *row)
{
    size_t i = version_in_force(b, row->key_hash);

    return i == SIZE_MAX ? NULL : &b->versions[i];
}

static void name_cell(const struct batch *b, struct batch_row *row, const char *column,
                      struct slice value)
{
    if (!b->mapped)
        row->cell = (struct quarantine_cell){column, slice_from(column), value};
}

static int erased(const struct batch *b, const struct batch_version *current, bool *ret,
                  struct error *e)
{
    struct sql_salt_of salt;
    bool found = true;
    int rc = current ? sql_salt_of(b->d->store, current->subject_id, &found, &salt, e) : 0;

    *ret = !found;
    return rc;
}

/* What only the store can tell of a record: whether it is to be refused, with the reason in the row. */
static int examine(const struct batch *b, struct batch_row *row, bool *ret_refused, struct error *e)
{
    const struct batch_version *current = current_of(b, row);
    struct error *reason = &row->reason;
    int rc = 0;

    *ret_refused = false;
    if (!row->record.withdrawn)
        return 0;
    enum decision decision = decide(b, row, current);
    if (decision == NEVER_SEEN) {
        error_set(reason, ERR_REFERENCE, N_("column %s: %s"), "value",
                  text_in(reason->language,
                          N_("no record with this key was ever seen, so none can be withdrawn")));
        error_hint(reason, N_("Check the number under which it was handed in before."));
        name_cell(b, row, "value", SLICE_LITERAL("retracted"));
        *ret_refused = true;
    } else if (decision != DUPLICATE) {
        rc = erased(b, current, ret_refused, e);
        if (*ret_refused) {
            error_set(reason, ERR_ERASED, NULL);
            error_hint(reason, N_("Nothing is left of this person that could be withdrawn."));
            name_cell(b, row, "record_key", row->record.key);
        }
    }
    return rc;
}

static int take(struct batch *b, struct batch_row *row, struct error *e)
{
    size_t current = version_in_force(b, row->key_hash);

    switch (decide(b, row, current == SIZE_MAX ? NULL : &b->versions[current])) {
    case NEWS: return accept(b, row, current, false, e);
    case LATE: return accept(b, row, current, true, e);
    case DUPLICATE:
    case NEVER_SEEN: row->outcome = OUTCOME_DUPLICATE; return 0;
    }
    return 0;
}

/* A row of the file: all of its records, or none. */
static int take_row(struct batch *b, struct batch_row *row, struct error *e)
{
    int rc = 0;

    if (row->refused)
        return refuse(b, row, &row->reason, e);
    for (size_t i = 0; i <= row->siblings && rc == 0; i++) {
        bool refused;
        rc = examine(b, &row[i], &refused, e);
        if (rc == 0 && refused) {
            row->cell = row[i].cell;
            return refuse(b, row, &row[i].reason, e);
        }
    }
    for (size_t i = 0; i <= row->siblings && rc == 0; i++)
        rc = take(b, &row[i], e);
    return rc;
}

/* Whoever hands in what we know already has told us too. A batch is nearly always of one department. */
static int note_heard(struct batch *b, struct error *e)
{
    struct slice last = SLICE_NONE;
    int rc = 0;

    for (size_t i = 0; i < b->count && rc == 0; i++) {
        const struct batch_row *row = &b->rows[i];
        if (row->outcome == OUTCOME_QUARANTINED || row->outcome == OUTCOME_WITH_ROW ||
            slice_equal(row->record.department, last))
            continue;
        last = row->record.department;
        rc = sql_heard_put(b->d->store, last, b->now, e);
    }
    return rc;
}

void batch_row_refuse(struct batch_row *row, const struct slice cells[RECORD_COLUMN_COUNT],
                      int column, struct arena *arena)
{
    row->refused = true;
    if (column < 0)
        return;
    const char *name = record_columns[column];
    if (name[0] == '?')
        name++;
    row->cell = (struct quarantine_cell){name, slice_from(name), arena_copy(arena, cells[column])};
}

int batch_store(struct batch *b, struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < b->count && rc == 0; i++)
        if (!b->rows[i].refused)
            rc = hash_row(b->d->sealer, &b->rows[i], e);
    if (rc == 0)
        rc = read_versions(b, e);
    if (rc >= 0)
        rc = read_holders(b, e);
    for (size_t i = 0; i < b->count && rc >= 0; i += 1 + b->rows[i].siblings)
        rc = take_row(b, &b->rows[i], e);
    return rc < 0 ? rc : note_heard(b, e);
}
