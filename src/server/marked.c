#include "server/marked.h"

#include "detect/detect.h"
#include "server/shelf.h"

/* What a kind is as a class of data. A telephone in a text may be the child's or a guardian's: it takes both. */
static const struct {
    enum detect_kind kind;
    enum data_class class;
} class_of[] = {
    {DETECT_ID_NUMBER, CLASS_ID_NUMBER},  {DETECT_ID_NUMBER_NEAR, CLASS_ID_NUMBER},
    {DETECT_PHONE, CLASS_PHONE},          {DETECT_PHONE, CLASS_KIN_PHONE},
    {DETECT_BANK_CARD, CLASS_ID_NUMBER},  {DETECT_NAME, CLASS_KIN},
    {DETECT_ADDRESS, CLASS_ADDRESS},      {DETECT_HEALTH, CLASS_FACT_HEALTH},
    {DETECT_OFFENCE, CLASS_FACT_JUSTICE}, {DETECT_ABUSE, CLASS_FACT_HARM},
};

uint32_t marked_hidden(const struct sights *sights)
{
    uint32_t hidden = 0;

    for (size_t i = 0; i < sizeof(class_of) / sizeof(class_of[0]); i++)
        if (sights->of[class_of[i].class] != SIGHT_SHOWN)
            hidden |= 1u << class_of[i].kind;
    return hidden;
}

/* By the names of the register; while these are still being read, by what needs none. */
static int search(struct request *r, struct slice text, struct detect_span **ret, size_t *ret_count)
{
    const struct register_reading *reading;
    int rc;

    if (shelf_hold(r->shelf, &reading, NULL) < 0)
        return detect_find(NULL, text, r->arena, ret, ret_count, r->error);
    rc = detect_find(reading->lexicon, text, r->arena, ret, ret_count, r->error);
    shelf_let_go(r->shelf, reading);
    return rc;
}

int marked_text(struct request *r, const struct sights *sights, struct slice text,
                struct slice marks, struct slice *ret)
{
    uint32_t hidden = marked_hidden(sights);
    struct detect_span *spans = NULL;
    size_t count = 0;
    int rc = 0;

    *ret = text;
    if (text.n == 0 || hidden == 0)
        return 0;
    if (marks.n > 0)
        count = detect_spans_read(marks, text.n, r->arena, &spans);
    else
        rc = search(r, text, &spans, &count);
    if (rc == 0 && count > 0)
        *ret = detect_mask(text, spans, count, hidden, r->arena);
    return rc;
}
