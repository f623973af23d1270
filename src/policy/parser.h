/* The parser's own face: a text is read by descent, one token ahead. For this room only.
 *
 * Every function returns 0, or a negative error that is set already. */
#ifndef HUMIAO_POLICY_PARSER_H
#define HUMIAO_POLICY_PARSER_H

#include "policy/lexer.h"

struct parser {
    struct lexer lexer;
    struct compiler *compiler;
    int depth; /* of parentheses and `not` */
};

#define NOW(p) ((p)->lexer.now) /* the token that is looked at */

bool parser_at(const struct parser *p, const char *word);
int parser_next(struct parser *p);

/* Something else is wanted here; `wanted` is a sentence part of the catalogue, or the words
 * themselves. */
int parser_unexpected(struct parser *p, const char *wanted);

/* Several words that belong together: "at least". */
int parser_words(struct parser *p, const char *words);
int parser_token(struct parser *p, enum token_kind kind, const char *what, struct slice *ret);
int parser_name(struct parser *p, struct slice *ret); /* a copy */
int parser_number(struct parser *p, uint32_t *ret);
int parser_kind(struct parser *p, int *ret); /* of facts */

/* Room for one more in a list that must stay short; `list` is the address of the array's
 * pointer. */
int parser_list_grow(struct parser *p, void *list, size_t *capacity, size_t count, size_t size);

/* expression.c */
int parser_expression(struct parser *p, struct node **ret);

#endif
