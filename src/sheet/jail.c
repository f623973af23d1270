#include "sheet/jail.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* The sanitizers map terabytes of shadow and ask the kernel for much else: in such a build the limits of memory and the
 * filter are left out, and the test of the jail says so. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static int limit(int what, rlim_t value)
{
    struct rlimit l = {value, value};

    return setrlimit((__rlimit_resource_t)what, &l);
}

static int set_limits(uint64_t memory, unsigned seconds)
{
    return (SANITIZED || limit(RLIMIT_AS, memory) == 0) && limit(RLIMIT_CPU, seconds) == 0 &&
                   limit(RLIMIT_FSIZE, 0) == 0 && limit(RLIMIT_NOFILE, 0) == 0 &&
                   limit(RLIMIT_CORE, 0) == 0 && limit(RLIMIT_NPROC, 0) == 0 &&
                   limit(RLIMIT_MEMLOCK, 0) == 0
               ? 0
               : -1;
}

/* Memory is taken and given back, never made executable. */
static int allow_memory(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);

    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable) < 0 ||
                   seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) <
                       0
               ? -1
               : 0;
}

static int set_filter(void)
{
    static const int allowed[] = {
        SCMP_SYS(read),         SCMP_SYS(write),         SCMP_SYS(munmap), SCMP_SYS(mremap),
        SCMP_SYS(brk),          SCMP_SYS(madvise),       SCMP_SYS(exit),   SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime), SCMP_SYS(futex),  SCMP_SYS(getrandom)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int rc = filter ? 0 : -1;

    for (size_t i = 0; rc == 0 && i < sizeof(allowed) / sizeof(allowed[0]); i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    if (rc == 0)
        rc = allow_memory(filter);
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc;
}

/* The signal of a parent's death is that of the thread which started the child: whoever opens a sheet in a thread
 * that ends reads it there to its end. */
int jail_enter(uint64_t memory, unsigned seconds, struct error *e)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || set_limits(memory, seconds) != 0 ||
        (!SANITIZED && set_filter() != 0))
        return error_set(e, ERR_INTERNAL, NULL);
    return 0;
}
