#include "cli/command.h"
#include "cli/rows.h"
#include "screening/edition.h"
#include "screening/population.h"

#include <stdio.h>
#include <unistd.h>

static const char *const columns[] = {"category", "status", "since", "until", NULL};

#define BAR_WIDTH 72 /* characters that the child's first 18 years take */

static void print_rows(struct rows_writer *w, const struct edition *edition,
                       const struct policy_timeline *timelines)
{
    for (size_t c = 0; c < edition->category_count; c++)
        for (size_t i = 0; i < timelines[c].count; i++) {
            const struct policy_stretch *s = &timelines[c].stretches[i];
            char since[DAY_TEXT], until[DAY_TEXT];
            struct slice cells[] = {
                slice_from(policy_category_info(edition->set, c)->name),
                s->status == POLICY_TRUE ? SLICE_LITERAL("holds") : SLICE_LITERAL("review"),
                slice_from(day_format(s->from, since)), slice_from(day_format(s->to, until))};
            rows_add(w, cells);
        }
    rows_end(w);
}

static int column_of(day d, day birth, day grown)
{
    return (int)((int64_t)(d - birth) * BAR_WIDTH / (grown - birth));
}

/* The years of the child's life, a tick each third year. */
static void print_scale(day birth, day grown, size_t label_width)
{
    char line[BAR_WIDTH + 8];
    int year, month, dom;

    memset(line, ' ', sizeof(line));
    for (int age = 0; age <= 15; age += 3) {
        day_to_date(day_anniversary(birth, age), &year, &month, &dom);
        char text[8];
        snprintf(text, sizeof(text), "%d", year % 10000);
        memcpy(line + column_of(day_anniversary(birth, age), birth, grown), text, strlen(text));
    }
    line[BAR_WIDTH] = '\0';
    printf("%*s%s\n", (int)label_width, "", line);
}

static void print_bar(const struct policy_timeline *t, day birth, day grown, day today)
{
    for (int i = 0; i < BAR_WIDTH; i++) {
        /* A character stands for some 90 days: it shows the strongest status among them. */
        day from = birth + (day)((int64_t)(grown - birth) * i / BAR_WIDTH);
        day to = birth + (day)((int64_t)(grown - birth) * (i + 1) / BAR_WIDTH);
        enum policy_truth strongest = POLICY_FALSE;
        for (size_t s = 0; s < t->count; s++)
            if (t->stretches[s].from < to && t->stretches[s].to > from &&
                t->stretches[s].status > strongest)
                strongest = t->stretches[s].status;
        bool future = from > today;
        fputs(from <= today && today < to   ? "│"
              : strongest == POLICY_TRUE    ? future ? "▒" : "█"
              : strongest == POLICY_UNKNOWN ? "?"
                                            : "·",
              stdout);
    }
    putchar('\n');
}

static void draw(const struct invocation *in, const struct edition *edition,
                 const struct policy_timeline *timelines, day birth, day today)
{
    day grown = day_anniversary(birth, 18);
    size_t width = 0;

    for (size_t c = 0; c < edition->category_count; c++) {
        size_t w = text_width(
            policy_info_label(policy_category_info(edition->set, c), in->error->language));
        width = w > width ? w : width;
    }
    print_scale(birth, grown, width + 2);
    for (size_t c = 0; c < edition->category_count; c++) {
        print_padded(policy_info_label(policy_category_info(edition->set, c), in->error->language),
                     width + 2);
        print_bar(&timelines[c], birth, grown, today);
    }
    printf("%s\n\n", say(in, N_("█ holds  ▒ scheduled  ? to be decided  · no  │ today")));
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct population population;
    struct family family;
    struct edition edition;
    struct rows_writer w;
    int64_t child;
    bool drawing = isatty(STDOUT_FILENO) || invocation_value(in, "--draw");
    int rc = edition_read(invocation_value(in, "--policy"), in->arena, &edition, in->error);

    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    if (rc == 0)
        rc = person_id_of_ref(in, d, in->positional[0], &child);
    if (rc == 0)
        rc = population_read_child(d, child, in->arena, &population, &family, in->error);
    if (rc < 0)
        return rc;
    struct policy_timeline *timelines = ARENA_ARRAY(in->arena, edition.category_count,
                                                    struct policy_timeline);
    policy_evaluate(edition.set, &family.policy, in->arena, timelines);
    if (drawing && !invocation_value(in, "--format"))
        draw(in, &edition, timelines, family.policy.birth, day_today());
    if ((rc = rows_begin(&w, in, columns)) < 0)
        return rc;
    print_rows(&w, &edition, timelines);
    return EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    OPTION_POLICY,
    OPTION_FORMAT,
    {"--draw", NULL, N_("draw it even where the output is no terminal")},
    OPTION_END};

extern const struct command command_timeline;
const struct command command_timeline = {
    "timeline",
    TASK_VERDICTS,
    "CHILD_REF --db URL",
    N_("Every verdict of a child, past and scheduled, drawn and listed."),
    options,
    1,
    1,
    run};
