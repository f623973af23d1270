/* The writer: one thread through which a server writes, with group commit.
 *
 * A commit waits for the disk. While it does, jobs of other threads gather, and the next
 * transaction takes them all, so that many callers share one wait. Each job runs in a savepoint:
 * one that fails takes no other down. */
#ifndef HUMIAO_STORE_WRITER_H
#define HUMIAO_STORE_WRITER_H

#include "store/store.h"

struct writer;

/* At most so many jobs, begun within so long, share a transaction. */
enum { WRITER_JOBS_MAX = 50, WRITER_MS_MAX = 20 };

/* Runs in the writer's thread, inside a transaction and a savepoint, on the writer's connection; it
 * neither begins nor ends them, and holds no rows open when it returns. Negative: what it wrote is
 * undone, and the caller of writer_submit gets its result and error. */
typedef int writer_job(struct store *s, void *context, struct error *e);

/* Opens a connection of its own to a database that is there. */
int writer_start(const char *url, struct writer **ret, struct error *e);

/* Blocks until the job's transaction is on disk (0), or the job has failed, or its transaction
 * has. After a failed commit over a broken connection nobody knows whether it is on disk. From
 * any thread; not from a job. ERR_INTERNAL after writer_stop has begun. */
int writer_submit(struct writer *w, writer_job *job, void *context, struct error *e);

/* How many transactions and jobs there were; for tests and metrics. */
struct writer_figures {
    uint64_t transactions, jobs;
};
struct writer_figures writer_figures(struct writer *w);

/* Waits for all jobs that were submitted, then ends the thread. No other thread may be about to
 * submit: the writer is gone when it returns. NULL is allowed. */
void writer_stop(struct writer *w);

#endif
