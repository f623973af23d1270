#include "oracle.h"

#include <string.h>

static const char *const departments[] = {"health", "education"};
static const char *const kinds[] = {"serious_illness", "bullying"};

void oracle_begin(struct oracle *o)
{
    *o = (struct oracle){.versions = 0};
    for (int i = 0; i < ORACLE_PEOPLE; i++)
        o->id[i] = scene_id_number("1980-01-01", (unsigned)(i * 7)); /* some end with X */
}

void oracle_load(struct oracle *o, struct scene *s, int count)
{
    struct scene_text t = {0};

    scene_print(&t, "%s", PEOPLE_HEADER);
    for (int i = 0; i < count; i++) {
        scene_print(&t, "p%d,%s,n,,,,,,,,\n", i, o->id[i].text);
        o->known[i] = true;
    }
    scene_load(s, load_people, false, t.p);
    scene_text_end(&t);
}

struct oracle_row oracle_row_random(const struct oracle *o, uint64_t *r, bool settled, int number)
{
    struct oracle_row row = {.key = (int)random_below(r, ORACLE_KEYS)};
    char id[ID_NUMBER_SIZE + 1] = "", revision[24] = "";
    const char *to = random_below(r, 3) ? "" : "2024-09-01", *blank = random_below(r, 4) ? "" : " ";
    unsigned value = random_below(r, 3), note = random_below(r, 2);

    row.who = (int)random_below(r, ORACLE_PEOPLE + 1) - 1;
    if (row.who >= 0)
        memcpy(id, o->id[row.who].text, sizeof id);
    row.bad = random_below(r, 20) == 0;
    row.withdrawn = !row.bad && random_below(r, 6) == 0;
    row.revised = settled || random_below(r, 3) == 0;
    row.revision = settled ? 1000 - number : (int64_t)random_below(r, 6);
    if (settled && random_below(r, 2)) /* in any order, and no two of one key alike */
        row.revision = 2000 + number;
    if (row.revised)
        snprintf(revision, sizeof revision, "%lld", (long long)row.revision);
    if (random_below(r, 2) && id[0] && id[17] == 'X')
        id[17] = 'x';
    if (row.withdrawn) /* whose other columns are compared as they stand */
        snprintf(row.content, sizeof row.content, "withdrawn %s %s %u", id, to, note);
    else
        snprintf(row.content, sizeof row.content, "%d %s %u %u", row.who, to, value, note);
    snprintf(row.fact, sizeof row.fact, "%s v%u 2024-01-01 %s\n", kinds[row.key / 2 % 2], value,
             to);
    snprintf(row.text, sizeof row.text, "k%d,%s,%s,%s%s,,,,%s,%s,%s%.0d%s%s,n%u,%s\n", row.key / 4,
             departments[row.key % 2], kinds[row.key / 2 % 2], blank, id,
             row.bad ? "2024-02-30" : "2024-01-01", to, row.withdrawn ? "retracted" : "v", 0,
             row.withdrawn ? "" : (const char *[]){"0", "1", "2"}[value], blank, note, revision);
    return row;
}

/* The highest revision; of equal ones, and of those without, the later to arrive. A row without a
 * revision counts as of that of the version that it met in force. */
static const struct oracle_version *in_force(const struct oracle *o, int key)
{
    const struct oracle_version *best = NULL;

    for (int i = 0; i < o->versions; i++) {
        const struct oracle_version *v = &o->version[i];
        if (v->key != key)
            continue;
        if (!best || (v->revised && !best->revised) ||
            (v->revised == best->revised && (!v->revised || v->revision >= best->revision)))
            best = v;
    }
    return best;
}

int oracle_key_in_force(const struct oracle *o)
{
    for (int key = 0; key < ORACLE_KEYS; key++) {
        const struct oracle_version *v = in_force(o, key);
        if (v && !v->withdrawn && v->who >= 0 && o->known[v->who])
            return key;
    }
    return -1;
}

static bool is_duplicate(const struct oracle *o, const struct oracle_row *row,
                         const struct oracle_version *current)
{
    if (!row->revised || (current->revised && row->revision == current->revision))
        return strcmp(current->content, row->content) == 0;
    if (!current->revised || row->revision > current->revision)
        return false;
    for (int i = 0; i < o->versions; i++) { /* history that is known already */
        const struct oracle_version *v = &o->version[i];
        if (v->key == row->key && v->revised && v->revision == row->revision &&
            strcmp(v->content, row->content) == 0)
            return true;
    }
    return false;
}

void oracle_take(struct oracle *o, const struct oracle_row *row)
{
    const struct oracle_version *current = in_force(o, row->key);

    if (row->bad || (!current && row->withdrawn && !row->revised)) {
        o->quarantined++;
        return;
    }
    if (current && is_duplicate(o, row, current)) {
        o->duplicate++;
        return;
    }
    struct oracle_version v = {.key = row->key,
                               .who = row->who,
                               .withdrawn = row->withdrawn,
                               .revised = row->revised,
                               .revision = row->revision};
    memcpy(v.content, row->content, sizeof v.content);
    memcpy(v.fact, row->fact, sizeof v.fact);
    if (!row->revised && current) {
        v.revised = current->revised;
        v.revision = current->revision;
    }
    if (o->versions == ORACLE_VERSIONS)
        abort();
    o->version[o->versions++] = v;
    if (row->withdrawn || (row->who >= 0 && o->known[row->who]))
        o->accepted++;
    else
        o->unlinked++;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *oracle_facts(const struct oracle *o, int who, struct arena *arena)
{
    const char *lines[ORACLE_KEYS];
    size_t count = 0;

    for (int key = 0; key < ORACLE_KEYS; key++) {
        const struct oracle_version *v = in_force(o, key);
        if (v && !v->withdrawn && v->who == who)
            lines[count++] = v->fact;
    }
    qsort(lines, count, sizeof *lines, by_text);
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_printf(arena, "%s%s", text, lines[i]);
    return text;
}

void oracle_compare(const struct oracle *o, struct scene *s)
{
    for (int i = 0; i < ORACLE_PEOPLE; i++)
        if (o->known[i])
            assert_string_equal(scene_facts(s, scene_person(s, arena_printf(&s->arena, "p%d", i))),
                                oracle_facts(o, i, &s->arena));
    assert_int_equal(scene_count(s, "SELECT count(*) FROM record"), o->versions);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM record a JOIN record b ON a.key_hash = "
                                    "b.key_hash AND a.id < b.id WHERE a.known_to IS NULL AND "
                                    "b.known_to IS NULL"),
                     0);
}
