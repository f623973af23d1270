/* Accounts by hand. What is shown is what the sealed columns do not hold, and the name that is typed. */
#include "access/session.h"
#include "care/duty.h"
#include "care/tables.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "people/division.h"
#include "people/load.h"
#include "people/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define LIST_PAGE 200
#define LINE_MAX_BYTES 1024

/* What an action works on: the account that is named, where there is one. */
struct work {
    struct invocation *in;
    struct deployment *d;
    struct account account;
};

/* Ends a change: commits it, or takes it back. */
static int finish(struct work *w, int rc)
{
    if (rc == 0)
        rc = store_commit(w->d->store, w->in->error);
    if (rc < 0) {
        store_rollback(w->d->store);
        return rc;
    }
    invocation_publish(w->in, w->d);
    return EXIT_DONE;
}

static int begin(struct work *w) { return store_begin(w->d->store, w->in->error); }

/* Who comes or goes: open work moves to who acts now, in the same transaction. */
static int move_work(struct work *w, int64_t account_id)
{
    const struct care_tables *tables;
    struct care c;
    int rc = care_tables_load(NULL, w->in->arena, &tables, w->in->error);

    if (rc == 0)
        rc = care_begin(&c, w->d, tables, w->in->arena, instant_now(), day_today(), w->in->error);
    return rc < 0 ? rc : duty_account_gone(&c, account_id, w->in->error);
}

/* ---- list ----------------------------------------------------------------------------------------- */

static const char *state_of(const struct account *a, int64_t now)
{
    if (a->disabled)
        return "disabled";
    if (!a->has_password)
        return "no_password";
    if (a->locked_until > now)
        return "locked";
    return a->must_change ? "must_change" : "active";
}

static struct slice text_of_number(struct invocation *in, int64_t n)
{
    return n ? slice_from(arena_printf(in->arena, "%lld", (long long)n)) : SLICE_NONE;
}

static int run_list(struct work *w)
{
    static const char *const columns[] = {"account", "role",          "division", "department",
                                          "state",   "second_factor", NULL};
    struct rows_writer rows;
    struct account *accounts;
    int64_t after = 0, now = instant_now();
    size_t count;
    int rc = rows_begin(&rows, w->in, columns);

    do {
        ARENA_AUTO(page);
        if (rc == 0)
            rc = account_list(w->d, after, LIST_PAGE, &page, &accounts, &count, w->in->error);
        if (rc < 0)
            return rc;
        for (size_t i = 0; i < count; i++) {
            const struct account *a = &accounts[i];
            const struct slice cells[] = {arena_copy(w->in->arena, a->name),
                                          slice_from(a->role ? role_name(a->role) : "none"),
                                          text_of_number(w->in, a->division),
                                          arena_copy(w->in->arena, a->department),
                                          slice_from(state_of(a, now)),
                                          slice_from(a->has_totp ? "yes" : "no")};
            rows_add(&rows, cells);
            after = a->id;
        }
    } while (count == LIST_PAGE);
    rows_end(&rows);
    return EXIT_DONE;
}

/* ---- add, post ------------------------------------------------------------------------------------ */

static int post_role(struct invocation *in, struct account_row *row)
{
    const char *role = invocation_value(in, "--role");

    if (!role)
        return 0;
    row->role = role_parse(slice_from(role));
    if (row->role || strcmp(role, "none") == 0)
        return 0;
    error_set(in->error, ERR_USAGE, N_("there is no role %s"), role);
    return error_hint(in->error,
                      N_("Roles are those of accounts.csv, such as child_director, and none."));
}

static int post_division(struct work *w, struct account_row *row)
{
    const char *code = invocation_value(w->in, "--division");
    struct division_tree tree;
    int rc;

    if (!code)
        return 0;
    row->division = 0;
    if (!*code)
        return 0;
    rc = division_tree_read(w->d->store, w->in->arena, &tree, w->in->error);
    if (rc < 0)
        return rc;
    if (!division_parse(slice_from(code), &row->division) || !division_exists(&tree, row->division))
        return error_set(w->in->error, ERR_DIVISION, NULL);
    return 0;
}

static int post_team(struct work *w, struct account_row *row)
{
    const char *team = invocation_value(w->in, "--team");
    uint8_t *hash = arena_take(w->in->arena, SEAL_HASH_SIZE);
    bool known = true;
    int rc = 0;

    if (!team)
        return 0;
    row->team = SLICE_NONE;
    if (*team) {
        row->team = (struct slice){(const char *)hash, SEAL_HASH_SIZE};
        rc = account_team_hash(w->d, slice_from(team), hash, w->in->error);
        if (rc == 0)
            rc = team_known(w->d, slice_from(team), &known, w->in->error);
    }
    if (rc == 0 && !known)
        return error_set(w->in->error, ERR_REFERENCE, N_("no such team; load teams.csv first"));
    return rc;
}

static int post_person(struct work *w, struct account_row *row)
{
    const char *ref = invocation_value(w->in, "--person-ref");
    int rc = 0;

    if (row->role != ROLE_GUARDIAN && !ref)
        row->person_id = 0;
    if (ref)
        rc = person_id_of_ref(w->in, w->d, ref, &row->person_id);
    if (rc == 0 && row->role == ROLE_GUARDIAN && !row->person_id)
        return error_set(w->in->error, ERR_VALUE,
                         N_("a guardian's account needs the ref of the guardian in people.csv"));
    if (rc == 0 && row->role != ROLE_GUARDIAN && row->person_id)
        return error_set(w->in->error, ERR_VALUE, N_("only a guardian's account names a person"));
    return rc;
}

/* What the options say goes into the row; what they do not say stays. An empty value takes away. */
static int post_of_options(struct work *w, struct account_row *row)
{
    const char *department = invocation_value(w->in, "--department");
    const char *display = invocation_value(w->in, "--display");
    int rc = post_role(w->in, row);

    if (rc == 0 && department) {
        row->department = slice_from(department);
        if (*department && !department_known(row->department))
            rc = error_set(w->in->error, ERR_VALUE, N_("no such department"));
    }
    if (display)
        row->display = slice_from(display);
    if (rc == 0)
        rc = post_division(w, row);
    if (rc == 0)
        rc = post_team(w, row);
    return rc < 0 ? rc : post_person(w, row);
}

static int run_add(struct work *w)
{
    struct account_row row = {.name = slice_from(w->in->positional[1])};
    int64_t id;
    int rc = begin(w);

    if (rc < 0)
        return rc;
    rc = account_find(w->d, row.name, w->in->arena, &w->account, w->in->error);
    if (rc == 0)
        rc = error_set(w->in->error, ERR_CONFLICT, N_("there is an account of this name already"));
    else if (rc == -ERR_NOT_FOUND) {
        error_clear(w->in->error);
        rc = post_of_options(w, &row);
        if (rc == 0)
            rc = account_put(w->d, &row, 0, w->in->arena, &id, w->in->error);
        if (rc == 0)
            rc = move_work(w, id);
    }
    return finish(w, rc);
}

static int run_post(struct work *w)
{
    const struct account *a = &w->account;
    struct account_row row = {.name = a->name,
                              .display = a->display,
                              .phone = a->phone,
                              .department = a->department,
                              .team = a->team,
                              .role = a->role,
                              .division = a->division,
                              .person_id = a->person_id};
    int64_t id;
    int rc = post_of_options(w, &row);

    if (rc == 0)
        rc = account_put(w->d, &row, 0, w->in->arena, &id, w->in->error);
    if (rc == 0)
        rc = move_work(w, id);
    return finish(w, rc);
}

/* ---- password, second factor ---------------------------------------------------------------------- */

/* One line of standard input, not shown where it is typed at a terminal. */
static int read_password(struct invocation *in, struct slice *ret)
{
    char *line = arena_take(in->arena, LINE_MAX_BYTES);
    bool terminal = isatty(STDIN_FILENO);
    struct termios before, silent;

    if (terminal && (terminal = tcgetattr(STDIN_FILENO, &before) == 0)) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        fputs(say(in, N_("Password: ")), stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    bool got = fgets(line, LINE_MAX_BYTES, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (!got)
        return error_set(in->error, ERR_USAGE, N_("no password was given on standard input"));
    *ret = (struct slice){line, strcspn(line, "\r\n")};
    return 0;
}

static int run_password(struct work *w)
{
    char hash[PASSWORD_HASH_SIZE], made[PASSWORD_MADE_SIZE];
    bool generate = invocation_value(w->in, "--generate") != NULL;
    struct slice password;
    int rc = generate ? password_make(w->d->sealer, made, w->in->error)
                      : read_password(w->in, &password);

    if (rc == 0 && generate)
        password = slice_from(made);
    if (rc == 0)
        rc = password_check(password, w->account.name, w->in->error);
    if (rc == 0)
        rc = password_hash(password, hash, w->in->error);
    if (rc == 0)
        rc = begin(w);
    if (rc < 0)
        return rc;
    rc = finish(w, account_set_password(w->d, w->account.id, hash, generate, 0, 0, w->in->error));
    if (rc == EXIT_DONE && generate)
        puts(made);
    return rc;
}

static int run_totp(struct work *w)
{
    const char *code = invocation_value(w->in, "--code");
    struct slice secret;
    int rc;

    if (invocation_value(w->in, "--clear"))
        return finish(w, account_totp_clear(w->d, w->account.id, 0, w->in->error));
    if (code)
        return finish(w, account_totp_confirm(w->d, w->account.id, slice_from(code), instant_now(),
                                              w->in->error));
    rc = finish(w, account_totp_give(w->d, w->account.id, 0, w->in->arena, &secret, w->in->error));
    if (rc == EXIT_DONE)
        puts(account_totp_uri(w->account.name, secret, w->in->arena).p);
    return rc;
}

/* ---- states, sessions ----------------------------------------------------------------------------- */

static int run_disable(struct work *w)
{
    int rc = account_disable(w->d, w->account.id, 0, w->in->error);

    return finish(w, rc < 0 ? rc : move_work(w, w->account.id));
}

static int run_enable(struct work *w)
{
    int rc = account_enable(w->d, w->account.id, 0, w->in->error);

    return finish(w, rc < 0 ? rc : move_work(w, w->account.id));
}

/* RFC 3339, in UTC. */
static struct slice text_of_instant(struct invocation *in, int64_t instant)
{
    char text[40];
    time_t seconds = (time_t)(instant / 1000000);
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return arena_copy(in->arena, slice_from(text));
}

static int run_sessions(struct work *w)
{
    static const char *const columns[] = {"session", "device",        "began", "seen",
                                          "ends",    "second_factor", NULL};
    struct rows_writer rows;
    struct session *sessions;
    size_t count;
    int rc = session_list(w->d, w->account.id, instant_now(), w->in->arena, &sessions, &count,
                          w->in->error);

    if (rc == 0)
        rc = rows_begin(&rows, w->in, columns);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const struct session *s = &sessions[i];
        const struct slice cells[] = {
            text_of_number(w->in, s->id),        s->device,
            text_of_instant(w->in, s->began_at), text_of_instant(w->in, s->seen_at),
            text_of_instant(w->in, s->ends_at),  slice_from(s->second_factor ? "yes" : "no")};
        rows_add(&rows, cells);
    }
    rows_end(&rows);
    return EXIT_DONE;
}

static int run_revoke(struct work *w)
{
    const char *text = w->in->positional_count > 2 ? w->in->positional[2] : NULL;
    char *end = NULL;
    long long id = text ? strtoll(text, &end, 10) : 0;

    if (!text)
        return finish(w, session_revoke_all(w->d, w->account.id, 0, 0, w->in->error));
    if (*end || id <= 0)
        return finish(w, error_set(w->in->error, ERR_USAGE, N_("%s is not a session"), text));
    return finish(w, session_revoke(w->d, w->account.id, id, 0, w->in->error));
}

/* ---- actions -------------------------------------------------------------------------------------- */

/* What an action does to the database. */
enum deed {
    READS,
    WRITES, /* in a transaction that it begins itself */
    CHANGES /* in a transaction that was begun for it */
};

static const struct action {
    const char *name;
    size_t least, most; /* positionals, the action itself among them */
    bool finds;         /* the second one is an account that is there */
    enum deed deed;
    int (*run)(struct work *w);
} actions[] = {
    {"list", 1, 1, false, READS, run_list},        {"add", 2, 2, false, WRITES, run_add},
    {"post", 2, 2, true, CHANGES, run_post},       {"password", 2, 2, true, WRITES, run_password},
    {"disable", 2, 2, true, CHANGES, run_disable}, {"enable", 2, 2, true, CHANGES, run_enable},
    {"totp", 2, 2, true, CHANGES, run_totp},       {"sessions", 2, 2, true, READS, run_sessions},
    {"revoke", 2, 3, true, CHANGES, run_revoke},
};

static const struct action *find_action(struct invocation *in)
{
    size_t count = in->positional_count;

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (strcmp(actions[i].name, in->positional[0]) == 0) {
            if (count >= actions[i].least && count <= actions[i].most)
                return &actions[i];
            error_set(in->error, ERR_USAGE, N_("`account %s` takes other arguments"),
                      in->positional[0]);
            return NULL;
        }
    error_set(in->error, ERR_USAGE, N_("an account has no action %s"), in->positional[0]);
    return NULL;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct work w = {.in = in};
    const struct action *action = find_action(in);

    if (!action)
        return error_hint(in->error, N_("See: humiao %s --help"), "account");
    int rc = invocation_open(in, action->deed == READS ? STORE_READ : STORE_WRITE, &d);
    w.d = d;
    if (rc == 0 && action->deed == CHANGES)
        rc = begin(&w);
    if (rc == 0 && action->finds)
        rc = account_find(d, slice_from(in->positional[1]), in->arena, &w.account, in->error);
    return rc < 0 ? rc : action->run(&w);
}

static const struct option options[] = {
    OPTION_DB,
    {"--role", "ROLE", N_("add, post: the role, as in accounts.csv; none for no post yet")},
    {"--division", "CODE", N_("add, post: the division whose children it works for")},
    {"--department", "NAME", N_("add, post: of a department liaison")},
    {"--team", "TEAM_ID", N_("add, post: of an organisation's manager or helper")},
    {"--person-ref", "REF", N_("add, post: of a guardian, the ref in people.csv")},
    {"--display", "NAME", N_("add, post: the person's own name; it is sealed")},
    {"--generate", NULL,
     N_("password: make one, print it, and have it changed at the first sign-in")},
    {"--code", "CODE", N_("totp: confirm the secret with a code that it gave")},
    {"--clear", NULL, N_("totp: take the second factor away; sessions end")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_account;
const struct command command_account = {
    "account",
    TASK_ACCESS,
    "list|add|post|password|disable|enable|totp|sessions|revoke [NAME [SESSION]] --db URL",
    N_("Accounts: who signs in, in which role and where; passwords, second factors, sessions."),
    options,
    1,
    3,
    run};
