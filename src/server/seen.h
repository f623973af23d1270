/* Inside the handlers: a child as the caller may see it, and the caller's own and other people's names.
 *
 * Nothing is looked up about a child before its relation to the caller is known: RELATION_NONE is answered
 * like a child that is not there. */
#ifndef HUMIAO_SERVER_SEEN_H
#define HUMIAO_SERVER_SEEN_H

#include "people/child.h"
#include "people/relation.h"
#include "server/request.h"
#include "server/views.h"

/* What the clearance table says for one child at this moment. */
struct seen {
    int64_t child_id;
    enum relation relation;
    struct sights sights; /* of the routine, raised by the openings in force */
    struct mask_context mask;
    const struct opening *openings; /* the caller's, in force */
    size_t opening_count;
    struct child child; /* opened: goes to view_write only */
};

/* ERR_NOT_FOUND: no id, no such child, or none of the caller's. Fills r->audit. */
int seen_child(struct request *r, struct slice id, struct seen *ret);

/* The relation and routine sights alone, without the child's data: for writes. ERR_NOT_FOUND. */
int seen_relation(struct request *r, struct deployment *d, int64_t child_id, enum relation *ret);

/* Whether anything of a child is shown, masked, or could be opened. Where nothing is, as for a liaison of
 * whose department no record speaks of the child, even that there is a child is not told. */
bool seen_anything(const struct sights *sights);

/* Sights of what tells of no child: of accounts, alarms, the trail, the system, and of oneself. */
void seen_nobody(const struct request *r, struct sights *ret);

/* The name of a residence's township, for MASK_ADDRESS; NONE when it is not known. In the arena. */
struct slice seen_town(struct request *r, int64_t residence);

/* Display names of accounts, each looked up once. NONE for 0 and for whom is not there. */
struct names_seen {
    struct account *accounts;
    size_t count, capacity;
};
struct slice seen_account_name(struct request *r, struct deployment *d, struct names_seen *names,
                               int64_t account_id);

/* ["name","phone"]: the classes of the bits. JSON, in the arena. */
struct slice seen_classes(struct request *r, uint64_t classes);

/* One of the caller's own openings, written to r->out (openings.c). */
void seen_own_opening(struct request *r, const struct opening *o);

/* A number that is 0 for none. */
static inline struct view_value seen_number(int64_t v) { return v ? view_number(v) : VIEW_NULL; }
/* A text that is empty for none. */
static inline struct view_value seen_text(struct slice s) { return s.n ? view_text(s) : VIEW_NULL; }
/* A day; both ends of time are none. */
static inline struct view_value seen_day(day d)
{
    return d == DAY_FOREVER || d == DAY_BEGINNING ? VIEW_NULL : view_number(d);
}

/* {"items":[ … ],"next":…}: begins and ends a page. `next` NULL: the last one. */
void page_begin(struct request *r);
void page_end(struct request *r, const char *next);

/* `after` of a list whose key is several numbers, "N.N": sets `ret` to them, or to zeros where none is given; so many
 * and no more, each of int64. */
int page_place(struct request *r, struct slice after, size_t count, int64_t *ret);

/* `after` and `limit` of a list whose key is an id. */
int page_after(struct request *r, struct slice after, int64_t *ret);
size_t page_limit(struct slice limit);
#define PAGE_LIMIT 50
const char *page_next(struct request *r, size_t count, size_t limit, int64_t last_id);

#endif
