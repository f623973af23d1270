#include "clearance_oracle.h"

#include <stdio.h>

#define LINE_MAX_BYTES 400
#define WORDS_MAX 24

struct line {
    char bytes[LINE_MAX_BYTES];
    char *words[WORDS_MAX];
    int count;
    bool indented;
};

/* Reads the line at `text`; returns the next line's beginning, NULL at the end. */
static const char *read_line(const char *text, struct line *l)
{
    size_t n = strcspn(text, "\n");
    if (*text == '\0')
        return NULL;
    snprintf(l->bytes, sizeof l->bytes, "%.*s", (int)n, text);
    l->bytes[strcspn(l->bytes, "#\r")] = '\0';
    l->indented = l->bytes[0] == ' ' || l->bytes[0] == '\t';
    l->count = 0;
    char *rest = NULL;
    for (char *w = strtok_r(l->bytes, " \t", &rest); w && l->count < WORDS_MAX;
         w = strtok_r(NULL, " \t", &rest))
        l->words[l->count++] = w;
    return text[n] == '\n' ? text + n + 1 : text + n;
}

static bool in_list(const char *list, const char *item)
{
    char padded[LINE_MAX_BYTES + 2], wanted[100];
    if (!*item)
        return false;
    if (strcmp(list, "everybody") == 0 || strcmp(list, "any") == 0)
        return true;
    snprintf(padded, sizeof padded, ",%s,", list);
    snprintf(wanted, sizeof wanted, ",%s,", item);
    return strstr(padded, wanted) != NULL;
}

struct oracle_answer oracle_ask(const char *text, const char *class, const char *role,
                                const char *relation, const char *purpose)
{
    static struct line l;
    static char kept[3][100];
    struct oracle_answer answer = {0, "", "", "", 0};
    bool here = false;
    for (unsigned number = 1; (text = read_line(text, &l)) != NULL; number++) {
        if (l.count == 0)
            continue;
        if (!l.indented) {
            here = strcmp(l.words[0], "class") == 0 && strcmp(l.words[1], class) == 0;
        } else if (here && in_list(l.words[0], role) && in_list(l.words[1], relation) &&
                   in_list(l.words[2], purpose)) {
            answer.lines++;
            answer.line = number;
            snprintf(kept[0], sizeof kept[0], "%s", l.words[3]);
            snprintf(kept[1], sizeof kept[1], "%s", l.count > 4 ? l.words[4] : "");
            snprintf(kept[2], sizeof kept[2], "%s", l.count > 5 ? l.words[5] : "");
            answer.sight = kept[0], answer.way = kept[1], answer.minutes = kept[2];
        }
    }
    return answer;
}

bool oracle_permits(const char *text, const char *role, const char *permission)
{
    static struct line l;
    bool here = false;
    while ((text = read_line(text, &l)) != NULL) {
        int from = 0;
        if (l.count && !l.indented) {
            here = strcmp(l.words[0], "permission") == 0 && strcmp(l.words[1], permission) == 0;
            from = 2;
        }
        for (int i = from; here && i < l.count; i++)
            if (in_list(l.words[i], role))
                return true;
    }
    return false;
}

bool oracle_approves(const char *text, const char *approver, const char *asker)
{
    static struct line l;
    while ((text = read_line(text, &l)) != NULL)
        if (l.count && !l.indented && strcmp(l.words[0], "approval") == 0 &&
            in_list(l.words[1], asker) && in_list(l.words[3], approver))
            return true;
    return false;
}

/* ---- soundness, combination by combination ---- */

static bool is_administrator(const char *role)
{
    size_t n = strlen(role), end = strlen("_administrator");
    return n > end && strcmp(role + n - end, "_administrator") == 0;
}

static bool is_of_a_child(const char *class)
{
    return !in_list("id,staff,staff_phone,account,trail,system,public", class);
}

static int rank(const char *sight)
{
    return strcmp(sight, "shown") == 0 ? 2 : strcmp(sight, "masked") == 0 ? 1 : 0;
}

static bool has_approver(const char *text, const char *role)
{
    for (int i = 1; i < ROLE_COUNT; i++)
        if (oracle_approves(text, role_name((enum role)i), role))
            return true;
    return false;
}

static bool is_sound_at(const char *text, const char *class, const char *role, const char *relation,
                        const char *purpose)
{
    struct oracle_answer a = oracle_ask(text, class, role, relation, purpose);
    if (a.lines == 0)
        return true;
    if (a.lines > 1)
        return false;
    char way[100];
    snprintf(way, sizeof way, "%s", a.way);
    int sight = rank(a.sight);
    if (is_of_a_child(class) && (is_administrator(role) || strcmp(relation, "none") == 0))
        return false;
    if (strcmp(role, "guardian") == 0 &&
        in_list("fact_harm,narrative,reporter,trace,reason", class))
        return false;
    if (strcmp(purpose, "routine") == 0)
        return way[0] == '\0';
    if (way[0] == '\0' || (strcmp(purpose, "emergency") == 0) != (strcmp(way, "glass") == 0))
        return false;
    if (strcmp(way, "tap") != 0 && !has_approver(text, role))
        return false;
    return sight > rank(oracle_ask(text, class, role, relation, "routine").sight);
}

static bool are_classes_sound(const char *text)
{
    for (int class = 0; class < CLASS_COUNT; class ++) {
        char heading[100];
        snprintf(heading, sizeof heading, "class %s\n", data_class_name((enum data_class) class));
        if (!strstr(text, heading))
            continue;
        for (int role = 1; role < ROLE_COUNT; role++)
            for (int relation = 0; relation < RELATION_COUNT; relation++)
                for (int purpose = 1; purpose < PURPOSE_COUNT; purpose++)
                    if (!is_sound_at(text, data_class_name((enum data_class) class),
                                     role_name((enum role)role),
                                     relation_name((enum relation)relation),
                                     purpose_name((enum purpose)purpose)))
                        return false;
    }
    return true;
}

static bool is_permission_sound(const struct line *l)
{
    int administrators = 0;
    for (int role = 1; role < ROLE_COUNT; role++)
        administrators += is_administrator(role_name((enum role)role)) &&
                          in_list(l->words[2], role_name((enum role)role));
    bool of_a_child = strncmp(l->words[1], "child:", 6) == 0 ||
                      strncmp(l->words[1], "opening:", 8) == 0 ||
                      strncmp(l->words[1], "trace:", 6) == 0;
    if (of_a_child)
        return administrators == 0;
    return administrators <= 1 || strcmp(l->words[2], "everybody") == 0;
}

static bool is_approval_sound(const char *text, const struct line *l)
{
    for (int approver = 1; approver < ROLE_COUNT; approver++)
        for (int asker = 1; asker < ROLE_COUNT; asker++) {
            if (!in_list(l->words[1], role_name((enum role)asker)) ||
                !in_list(l->words[3], role_name((enum role)approver)))
                continue;
            /* `text` begins behind this line: said again below, it is said twice. */
            if (approver == asker || is_administrator(role_name((enum role)approver)) ||
                oracle_approves(text, role_name((enum role)approver), role_name((enum role)asker)))
                return false;
        }
    return true;
}

bool oracle_is_sound(const char *text)
{
    struct line l;
    for (const char *rest = text; (rest = read_line(rest, &l)) != NULL;) {
        if (l.count == 0 || l.indented)
            continue;
        if (strcmp(l.words[0], "permission") == 0 && !is_permission_sound(&l))
            return false;
        if (strcmp(l.words[0], "approval") == 0 && !is_approval_sound(rest, &l))
            return false;
    }
    return are_classes_sound(text);
}
