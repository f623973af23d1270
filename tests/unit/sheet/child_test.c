/* The child: it gives the same rows as this process, it inherits nothing, and the jail holds. This program is its own
 * child's program too (sheet_options.program NULL). */
#include "books.h"
#include "sheet/jail.h"
#include "sheet/wire.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature) /* clang says it so */
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static void the_same_rows(void **state)
{
    ARENA_AUTO(arena);
    struct slice files[] = {SLICE_LITERAL("姓名,备注\n张三,\"a\"\"b\n\"\nx\"y,1\n,,3\n"),
                            book("<row r=\"1\"><c t=\"s\"><v>0</v></c><c><v>2</v></c></row>",
                                 "<si><t>甲</t></si>", NULL, NULL, &arena),
                            SLICE_LITERAL("<html>"), SLICE_LITERAL("PK\x03\x04")};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        assert_string_equal(read_in_child(files[i], NULL, &arena),
                            read_here(files[i], NULL, &arena));
}

static void what_it_inherits(void **state)
{
    ARENA_AUTO(arena);

    setenv("HUMIAO_SECRET", "key", 1);
    assert_string_equal(
        read_in_child(SLICE_LITERAL("x"), &(struct sheet_options){.sheet = "#inherited"}, &arena),
        "0|0 1");
}

/* A program that says nothing, and one that dies: an error, never an end. */
static void a_child_that_fails(void **state)
{
    ARENA_AUTO(arena);

    assert_string_equal(read_in_child(SLICE_LITERAL("a,b\n"),
                                      &(struct sheet_options){.program = "/bin/true"}, &arena),
                        arena_printf(&arena, "?%d", (int)ERR_SHEET));
    assert_string_equal(
        read_in_child(SLICE_LITERAL("x"), &(struct sheet_options){.sheet = "#dies"}, &arena),
        arena_printf(&arena, "?%d", (int)ERR_SHEET_LIMIT));
    assert_string_equal(
        read_in_child(SLICE_LITERAL("x"), &(struct sheet_options){.sheet = "#lies"}, &arena),
        arena_printf(&arena, "?%d", (int)ERR_SHEET_HOSTILE));
}

/* ---- the jail ------------------------------------------------------------------------------------------ */

static void open_a_file(void) { open("/etc/hostname", O_RDONLY); }
static void open_a_socket(void) { socket(AF_INET, SOCK_STREAM, 0); }
static void start_a_process(void) { fork(); }
static void start_a_program(void) { execl("/bin/true", "true", NULL); }
static void make_memory_executable(void)
{
    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void signal_its_parent(void) { kill(getppid(), 0); }

static int status_of(void (*attempt)(void))
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct error e = {.language = LANGUAGE_EN};
        if (jail_enter(1u << 30, 5, &e) < 0)
            _exit(7);
        if (attempt)
            attempt();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return status;
}

static void the_jail_holds(void **state)
{
    void (*const attempts[])(void) = {open_a_file,     open_a_socket,          start_a_process,
                                      start_a_program, make_memory_executable, signal_its_parent};

    assert_true(WIFEXITED(status_of(NULL)) && WEXITSTATUS(status_of(NULL)) == 0);
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        int status = status_of(attempts[i]);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    }
}

/* ---- as its own child ------------------------------------------------------------------------------------- */

static void tell_inherited(struct wire_out *w)
{
    char variables[16], files[64] = "";
    int count = 0;

    while (environ[count])
        count++;
    snprintf(variables, sizeof(variables), "%d", count);
    for (int fd = 0; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            snprintf(files + strlen(files), sizeof(files) - strlen(files), "%s%d",
                     files[0] ? " " : "", fd);
    struct sheet_cell cells[] = {{slice_from(variables), CELL_TEXT},
                                 {slice_from(files), CELL_TEXT}};
    wire_row(w, &(struct sheet_row){cells, 2, 1, 1, SLICE_LITERAL("")}, NULL);
    wire_end(w, NULL);
}

static int child(int argc, char **argv)
{
    struct wire_out w;

    if (argv[3][0] != '#')
        return sheet_reader_main(argc, argv);
    wire_out_begin(&w, STDOUT_FILENO);
    if (strcmp(argv[3], "#dies") == 0)
        raise(SIGKILL);
    if (strcmp(argv[3], "#lies") == 0) {
        return write(STDOUT_FILENO, "\xFF\xFF\xFF\xFF\x02", 5) != 5;
    }
    tell_inherited(&w);
    return 0;
}

static void nothing_to_hold(void **state) { assert_true(SANITIZED); }

int main(int argc, char **argv)
{
    /* The filter is left out under sanitizers (jail.c): there is nothing to test then. */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_rows), cmocka_unit_test(what_it_inherits),
        cmocka_unit_test(a_child_that_fails),
        cmocka_unit_test(SANITIZED ? nothing_to_hold : the_jail_holds)};

    if (argc == 6 && strcmp(argv[1], "sheet-reader") == 0)
        return child(argc, argv);
    return cmocka_run_group_tests_name("sheet_child", tests, NULL, NULL);
}
