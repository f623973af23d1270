/* Writes the pinyin table that src/people/pinyin.c includes: for each Han code point all its readings.
 *
 *     pinyin_table NAMES.txt OUTPUT.inc
 *
 * Sources: ICU's Han-Latin (the general reading), Han-Latin/Names (as the first character of a name),
 * and NAMES.txt (further readings in names). Run by the build, so that the table and the ICU of the
 * build agree, and the program itself need not load a transliterator, which takes 140 ms. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define READING_MAX 15
#define SET_MAX 16
#define READINGS 4096
#define SETS 32768
#define TEXT 64

static const struct {
    UChar32 first, last;
} ranges[] = {{0x3007, 0x3007}, {0x3400, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x323AF}};
enum { RANGES = sizeof ranges / sizeof *ranges };

struct set {
    char text[SET_MAX][READING_MAX + 1];
    int n;
};

static struct set *sets[RANGES];

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "pinyin_table: %s: %s\n", what, detail);
    exit(1);
}

static struct set *set_of(UChar32 c)
{
    for (int i = 0; i < RANGES; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return &sets[i][c - ranges[i].first];
    return NULL;
}

static void set_add(struct set *s, const char *reading)
{
    if (!*reading)
        return;
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->text[i], reading) == 0)
            return;
    if (s->n == SET_MAX || strlen(reading) > READING_MAX)
        fail("too many or too long readings", reading);
    memcpy(s->text[s->n++], reading, strlen(reading) + 1);
}

/* Adds a reading that has ü as v: as it is, and in the ways people write ü without the key for it:
 * lü lu lyu, lüe lue lyue (the passport office's spelling). */
static void set_add_spellings(struct set *s, const char *reading)
{
    set_add(s, reading);
    const char *v = strchr(reading, 'v');
    if (!v)
        return;
    char other[READING_MAX + 3];
    int head = (int)(v - reading);
    snprintf(other, sizeof other, "%.*su%s", head, reading, v + 1);
    set_add(s, other);
    snprintf(other, sizeof other, "%.*syu%s", head, reading, v + 1);
    set_add(s, other);
}

/* Letters a-z of a transliteration, tones taken off, ü as v; "" when something else is left in it,
 * which is how ICU answers for a character it has no reading of. */
static void strip_tones(const UNormalizer2 *nfd, const UChar *from, int32_t n, char *to)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar flat[TEXT];
    int32_t flat_n = unorm2_normalize(nfd, from, n, flat, TEXT, &status);
    int out = 0;
    *to = '\0';
    if (U_FAILURE(status))
        fail("normalisation", u_errorName(status));
    for (int32_t i = 0; i < flat_n; i++) {
        UChar c = flat[i];
        if (c == 0x308 && out && to[out - 1] == 'u')
            to[out - 1] = 'v';
        else if ((c >= 0x300 && c <= 0x36F) || c == ' ')
            continue;
        else if (c >= 'a' && c <= 'z' && out < READING_MAX)
            to[out++] = (char)c;
        else
            out = READING_MAX + 1;
        if (out > READING_MAX)
            break;
    }
    to[out > READING_MAX ? 0 : out] = '\0';
}

static UTransliterator *open_transliterator(const char *id)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar name[TEXT];
    u_uastrcpy(name, id);
    UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status))
        fail(id, u_errorName(status));
    return t;
}

static void read_icu(const char *id, const UNormalizer2 *nfd)
{
    UTransliterator *t = open_transliterator(id);
    for (int r = 0; r < RANGES; r++)
        for (UChar32 c = ranges[r].first; c <= ranges[r].last; c++) {
            UErrorCode status = U_ZERO_ERROR;
            UChar text[TEXT];
            int32_t n = 0;
            U16_APPEND_UNSAFE(text, n, c);
            int32_t limit = n;
            utrans_transUChars(t, text, &n, TEXT, 0, &limit, &status);
            char reading[READING_MAX + 2];
            if (U_FAILURE(status))
                fail(id, u_errorName(status));
            strip_tones(nfd, text, n, reading);
            set_add_spellings(&sets[r][c - ranges[r].first], reading);
        }
    utrans_close(t);
}

static void read_names(const char *path)
{
    FILE *f = fopen(path, "r");
    char line[256];
    if (!f)
        fail("cannot open", path);
    while (fgets(line, sizeof line, f)) {
        char *save = NULL;
        char *word = line[0] == '#' ? NULL : strtok_r(line, " \n", &save);
        if (!word)
            continue;
        int32_t at = 0, n = (int32_t)strlen(word);
        UChar32 c;
        U8_NEXT(word, at, n, c);
        struct set *s = set_of(c);
        if (!s || at != n)
            fail("not one Han character", word);
        while ((word = strtok_r(NULL, " \n", &save)))
            set_add_spellings(s, word);
    }
    fclose(f);
}

/* All readings, sorted; a reading's number is its place + 1. */
static char readings[READINGS][READING_MAX + 1];
static int reading_count;

static int compare_text(const void *a, const void *b) { return strcmp(a, b); }

static void collect_readings(void)
{
    for (int r = 0; r < RANGES; r++)
        for (UChar32 c = 0; c <= ranges[r].last - ranges[r].first; c++)
            for (int i = 0; i < sets[r][c].n; i++) {
                const char *text = sets[r][c].text[i];
                if (bsearch(text, readings, (size_t)reading_count, sizeof *readings, compare_text))
                    continue;
                if (reading_count == READINGS - 1)
                    fail("too many readings", text);
                memcpy(readings[reading_count++], text, READING_MAX + 1);
                qsort(readings, (size_t)reading_count, sizeof *readings, compare_text);
            }
}

static int reading_number(const char *text)
{
    const char(*at)[READING_MAX + 1] = bsearch(text, readings, (size_t)reading_count,
                                               sizeof *readings, compare_text);
    return (int)(at - (const char(*)[READING_MAX + 1]) readings) + 1;
}

/* The distinct sets, each a string of reading numbers. */
static unsigned short *distinct[SETS];
static int distinct_n[SETS];
static int distinct_count;

static int compare_number(const void *a, const void *b)
{
    return (int)*(const unsigned short *)a - (int)*(const unsigned short *)b;
}

static int distinct_set(const struct set *s)
{
    unsigned short numbers[SET_MAX];
    for (int i = 0; i < s->n; i++)
        numbers[i] = (unsigned short)reading_number(s->text[i]);
    qsort(numbers, (size_t)s->n, sizeof *numbers, compare_number);
    for (int i = 0; i < distinct_count; i++)
        if (distinct_n[i] == s->n &&
            memcmp(distinct[i], numbers, (size_t)s->n * sizeof *numbers) == 0)
            return i;
    if (distinct_count == SETS)
        fail("too many sets", "");
    distinct[distinct_count] = malloc(sizeof numbers);
    if (!distinct[distinct_count])
        fail("memory", "");
    memcpy(distinct[distinct_count], numbers, sizeof numbers);
    distinct_n[distinct_count] = s->n;
    return distinct_count++;
}

static void write_array(FILE *f, const char *name, const int *values, int n)
{
    fprintf(f, "static const uint16_t %s[] = {", name);
    for (int i = 0; i < n; i++)
        fprintf(f, "%s%d,", i % 24 ? "" : "\n", values[i]);
    fprintf(f, "\n};\n");
}

static void write_ranges(FILE *f)
{
    for (int r = 0; r < RANGES; r++) {
        int n = ranges[r].last - ranges[r].first + 1;
        int *numbers = calloc((size_t)n, sizeof *numbers);
        char name[32];
        if (!numbers)
            fail("memory", "");
        for (int c = 0; c < n; c++)
            numbers[c] = distinct_set(&sets[r][c]);
        snprintf(name, sizeof name, "sets_from_%x", (unsigned)ranges[r].first);
        write_array(f, name, numbers, n);
        free(numbers);
    }
    fprintf(f, "static const struct {\n    uint32_t first, last;\n    const uint16_t *sets;\n"
               "} ranges[] = {\n");
    for (int r = 0; r < RANGES; r++)
        fprintf(f, "    {0x%x, 0x%x, sets_from_%x},\n", (unsigned)ranges[r].first,
                (unsigned)ranges[r].last, (unsigned)ranges[r].first);
    fprintf(f, "};\n");
}

static void write_sets(FILE *f)
{
    int *begin = calloc((size_t)distinct_count, sizeof *begin), total = 0;
    if (!begin)
        fail("memory", "");
    fprintf(f, "static const uint16_t set_numbers[] = {\n");
    for (int i = 0; i < distinct_count; i++) {
        begin[i] = total;
        for (int j = 0; j < distinct_n[i]; j++)
            fprintf(f, "%d,", distinct[i][j]);
        fprintf(f, "0,\n");
        total += distinct_n[i] + 1;
    }
    fprintf(f, "};\n");
    write_array(f, "set_begins", begin, distinct_count);
    free(begin);
    fprintf(f, "static const char reading_texts[][%d] = {\n\"\",\n", READING_MAX + 1);
    for (int i = 0; i < reading_count; i++)
        fprintf(f, "\"%s\",\n", readings[i]);
    fprintf(f, "};\n");
}

int main(int argc, char **argv)
{
    UErrorCode status = U_ZERO_ERROR;
    if (argc != 3)
        fail("usage", "pinyin_table NAMES.txt OUTPUT.inc");
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    if (U_FAILURE(status))
        fail("NFD", u_errorName(status));
    for (int r = 0; r < RANGES; r++) {
        sets[r] = calloc((size_t)(ranges[r].last - ranges[r].first + 1), sizeof *sets[r]);
        if (!sets[r])
            fail("memory", "");
    }
    read_icu("Han-Latin", nfd);
    read_icu("Han-Latin/Names", nfd);
    read_names(argv[1]);
    collect_readings();
    distinct_set(&(struct set){.n = 0}); /* list 0 is empty */

    FILE *f = fopen(argv[2], "w");
    if (!f)
        fail("cannot write", argv[2]);
    fprintf(f, "/* Written by tools/pinyin_table.c from ICU %s; see there. */\n", U_ICU_VERSION);
    write_ranges(f);
    write_sets(f);
    if (fclose(f) != 0)
        fail("cannot write", argv[2]);
    return 0;
}
