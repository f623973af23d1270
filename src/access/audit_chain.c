#include "access/audit_chain.h"

#include <sodium.h>

#define NUMBER_SIZE 9

static uint8_t *put_number(uint8_t *at, bool set, int64_t v)
{
    uint64_t u = set ? (uint64_t)v : 0;

    *at++ = set;
    for (int shift = 56; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(u >> shift);
    return at;
}

int chain_seed(struct audit *a, struct slice writer, int64_t on, int64_t segment_id,
               uint8_t ret[CIPHER_MAC_SIZE], struct error *e)
{
    uint8_t numbers[5 * NUMBER_SIZE], *at = numbers;
    struct slice deployment = slice_from(a->deployment_id);

    at = put_number(at, true, (int64_t)deployment.n);
    at = put_number(at, true, (int64_t)writer.n);
    at = put_number(at, true, on);
    at = put_number(at, true, a->keyed);
    put_number(at, true, segment_id);
    struct slice parts[] = {SLICE_LITERAL("humiao audit segment"), SLICE_OF(numbers), deployment,
                            writer};
    return mac_of(&a->mac, parts, sizeof parts / sizeof *parts, ret, e);
}

int chain_mac(struct audit *a, const uint8_t before[CIPHER_MAC_SIZE], const struct chain_row *row,
              uint8_t ret[CIPHER_MAC_SIZE], struct error *e)
{
    uint8_t numbers[CIPHER_MAC_SIZE + 9 * NUMBER_SIZE], *at = numbers;

    memcpy(at, before, CIPHER_MAC_SIZE);
    at += CIPHER_MAC_SIZE;
    at = put_number(at, true, row->id);
    at = put_number(at, true, row->segment_id);
    at = put_number(at, true, row->seq);
    at = put_number(at, true, row->at);
    at = put_number(at, true, row->event);
    at = put_number(at, row->account_id.set, row->account_id.v);
    at = put_number(at, row->child_id.set, row->child_id.v);
    at = put_number(at, row->object_id.set, row->object_id.v);
    put_number(at, true, (int64_t)row->detail.n);
    struct slice parts[] = {SLICE_OF(numbers), row->detail};
    return mac_of(&a->mac, parts, 2, ret, e);
}

const char *chain_head_word(struct arena *arena, const struct chain_head *head)
{
    char on[DAY_TEXT], hex[2 * CHAIN_SHORT_MAC + 1];

    sodium_bin2hex(hex, sizeof hex, head->mac, CHAIN_SHORT_MAC);
    return arena_printf(arena, "%.*s:%s:%lld:%lld:%s", (int)head->writer.n, head->writer.p,
                        day_format(head->day, on), (long long)head->segment_id,
                        (long long)head->rows, hex);
}

struct slice chain_cut(struct slice *text, char mark)
{
    if (text->n == 0)
        return SLICE_NONE;
    const char *end = memchr(text->p, mark, text->n);
    struct slice word = {text->p, end ? (size_t)(end - text->p) : text->n};
    size_t step = end ? word.n + 1 : word.n;

    *text = (struct slice){text->p + step, text->n - step};
    return word;
}

bool chain_number(struct slice text, int64_t *ret)
{
    int64_t v = 0;

    if (text.n == 0 || text.n > 18)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        v = v * 10 + (text.p[i] - '0');
    }
    *ret = v;
    return true;
}

bool chain_is_writer(struct slice name)
{
    if (name.n == 0 || name.n > 64)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}

bool chain_head_next(struct slice *detail, struct chain_head *ret)
{
    struct slice word = chain_cut(detail, ' ');
    struct chain_head head = {.writer = chain_cut(&word, ':')};
    struct slice on = chain_cut(&word, ':'), segment = chain_cut(&word, ':'),
                 rows = chain_cut(&word, ':');
    size_t n = 0;

    if (!chain_is_writer(head.writer) || !day_parse(on, &head.day) ||
        !chain_number(segment, &head.segment_id) || !chain_number(rows, &head.rows) ||
        word.n != (size_t)2 * CHAIN_SHORT_MAC ||
        sodium_hex2bin(head.mac, CHAIN_SHORT_MAC, word.p, word.n, NULL, &n, NULL) != 0 ||
        n != CHAIN_SHORT_MAC)
        return false;
    *ret = head;
    return true;
}
