/* What the name index costs: time and memory to build, time to search.
 *
 *     name_index_bench [NAMES] [SPREAD]     1700000 names; given-name characters spread over SPREAD */
#include "names.h"
#include "people/name_index.h"

#include <sys/resource.h>
#include <time.h>

enum { TRIES = 25, LIMIT = 50 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of this thread alone, so that what else the machine does is not counted. */
static double cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static long peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const struct name_index *index, const char *query)
{
    double times[TRIES], cpu = cpu_now();
    int64_t ids[LIMIT];
    struct name_found found = {0, 0};
    struct error e = {0};
    for (int i = 0; i < TRIES; i++) {
        double began = now();
        if (name_index_search(index, slice_from(query), ids, LIMIT, &found, &e) < 0)
            return;
        times[i] = now() - began;
    }
    cpu = (cpu_now() - cpu) / TRIES;
    qsort(times, TRIES, sizeof *times, compare);
    printf("  %-14s found %8zu   median %6.2f ms   p95 %6.2f ms   cpu %6.2f ms\n", query,
           found.total, times[TRIES / 2], times[TRIES * 95 / 100], cpu);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 1700000;
    unsigned spread = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2900;
    uint64_t random = 1;
    struct error e = {0};
    struct name_batch *batch = name_batch_new();
    struct name_index *index = NULL;
    double adding = 0, began = now();
    for (size_t i = 0; i < n; i++) {
        char name[64];
        make_name(&random, spread, name, sizeof name);
        double t = now();
        if (name_batch_add(batch, (int64_t)i, slice_from(name), &e) < 0)
            return 1;
        adding += now() - t;
    }
    double built = now();
    if (name_index_build(&batch, 1, &index, &e) < 0)
        return 1;
    double done = now();
    struct name_index_size size = name_index_measure(index);
    printf("%zu names, %zu distinct: made up %.0f ms, of it added %.0f ms, built %.0f ms\n", n,
           size.distinct_names, built - began, adding, done - built);
    printf("index %.0f MiB, peak of the process %ld MiB\n", (double)size.bytes / 1048576,
           peak_mib());

    static const char *const queries[] = {
        "王",       "伟",     "张伟",     "国华",      "王秀英",        "l",
        "z",        "a",      "zh",       "li",        "wei",           "zw",
        "lxy",      "zhangw", "zhangwei", "zhang wei", "zhangxiaoming", "ouyang",
        "shan",     "张w",    "王xiaom",  "maria",     "wang",          "liu",
        "xiaoming", "zzz",    "qqqq",     "~",         "lili",          "yy",
        "没有",
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        measure(index, queries[i]);
    int64_t ids[LIMIT];
    size_t total = 0;
    double exact = now();
    for (int i = 0; i < 100000; i++)
        total += name_index_exact(index, SLICE_LITERAL("王秀英"), ids, LIMIT).total;
    printf("  exact: %.2f us (%zu found)\n", (now() - exact) / 100, total / 100000);
    name_index_free(index);
    return 0;
}
