/* Workflows: shown in their canonical form, drawn, and held to what each has to keep. */
#include "care/workflow_set.h"
#include "cli/command.h"
#include "notify/outbox.h"

#include <stdio.h>

static bool notice_known(const char *kind)
{
    return notice_kind_parse(slice_from(kind)) != NOTICE_NONE;
}

static void tell(void *context, const struct error *fault)
{
    (void)context;
    print_error(fault);
}

static int usage(struct invocation *in)
{
    error_set(in->error, ERR_USAGE,
              N_("workflows can be checked, shown, listed, or drawn with --dot"));
    return error_hint(in->error, N_("See: humiao %s --help"), "workflow");
}

/* ---- check ---- */

static int unsound(struct invocation *in, size_t faults)
{
    return error_set(in->error, ERR_WORKFLOW_UNSOUND, N_("faults found: %zu"), faults);
}

static void print_edition(const struct workflow_edition *edition)
{
    for (size_t i = 0; i < sizeof edition->hash; i++)
        printf("%02x", edition->hash[i]);
}

/* A text that cannot be read fails its check, as one does that breaks a promise. */
static int check(struct invocation *in, const char *directory)
{
    struct workflow_set set;
    size_t faults = 0;
    int rc = workflow_set_read(directory, in->arena, &set, in->error);

    if (rc == -ERR_WORKFLOW) {
        print_error(in->error);
        return unsound(in, 1);
    }
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < set.count; i++)
        faults += workflow_check(set.list[i].workflow, in->error->language, notice_known, tell, in);
    if (faults)
        return unsound(in, faults);
    for (size_t i = 0; i < set.count; i++) {
        const struct workflow *w = set.list[i].workflow;
        printf(say(in, N_("%s: %zu states, %zu events; every proof holds; edition ")),
               workflow_name(w), workflow_state_count(w), workflow_event_count(w));
        print_edition(&set.list[i]);
        putchar('\n');
    }
    return EXIT_DONE;
}

/* ---- show, list, draw ---- */

static int find(struct invocation *in, const struct workflow_set *set, const char *name,
                const struct workflow_edition **ret)
{
    *ret = workflow_set_find(set, slice_from(name));
    if (*ret)
        return 0;
    error_set(in->error, ERR_NOT_FOUND, N_("there is no workflow %s"), name);
    return error_hint(in->error, N_("`humiao workflow list` lists them."));
}

static int show(struct invocation *in, const struct workflow_set *set, const char *name)
{
    const struct workflow_edition *edition;
    int rc = find(in, set, name, &edition);

    if (rc < 0)
        return rc;
    struct slice text = workflow_print(edition->workflow, in->arena);
    fwrite(text.p, 1, text.n, stdout);
    return EXIT_DONE;
}

static int list(struct invocation *in, const struct workflow_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct workflow *w = set->list[i].workflow;
        printf("%s\t%s\t", workflow_name(w), workflow_label(w, in->error->language));
        print_edition(&set->list[i]);
        putchar('\n');
    }
    return EXIT_DONE;
}

static int draw(struct invocation *in, const struct workflow_set *set, const char *name)
{
    const struct workflow **chosen = ARENA_ARRAY(in->arena, set->count, const struct workflow *);
    const struct workflow_edition *edition;
    size_t count = set->count;

    for (size_t i = 0; i < count; i++)
        chosen[i] = set->list[i].workflow;
    if (name) {
        int rc = find(in, set, name, &edition);
        if (rc < 0)
            return rc;
        chosen[0] = edition->workflow;
        count = 1;
    }
    struct slice text = workflow_dot(chosen, count, in->error->language, in->arena);
    fwrite(text.p, 1, text.n, stdout);
    return EXIT_DONE;
}

static int run(struct invocation *in)
{
    struct workflow_set set;
    const char *directory = invocation_value(in, "--workflows");
    const char *verb = in->positional_count ? in->positional[0] : "";
    const char *name = in->positional_count > 1 ? in->positional[1] : NULL;
    bool dot = invocation_value(in, "--dot") != NULL;
    bool shows = strcmp(verb, "show") == 0, lists = strcmp(verb, "list") == 0;

    if (strcmp(verb, "check") == 0 && !dot)
        return name && directory ? usage(in) : check(in, name ? name : directory);
    if (dot ? name != NULL : !(shows && name) && !(lists && !name))
        return usage(in);
    int rc = workflow_set_read(directory, in->arena, &set, in->error);
    if (rc < 0)
        return rc;
    if (dot)
        return draw(in, &set, *verb ? verb : NULL);
    return shows ? show(in, &set, name) : list(in, &set);
}

static const struct option options[] = {
    {"--dot", NULL, N_("draw all workflows, or the named one, in Graphviz's language")},
    {"--workflows", "DIR", N_("workflows from this directory instead of those built in")},
    OPTION_END};

extern const struct command command_workflow;
const struct command command_workflow = {
    "workflow",
    TASK_POLICIES,
    "check [DIR] | show NAME | list | --dot [NAME] [--workflows DIR]",
    N_("Check workflows, show them in their canonical form, or draw them."),
    options,
    0,
    2,
    run};
