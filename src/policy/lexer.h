/* The words of a policy text, one at a time, with their places. For this room only. */
#ifndef HUMIAO_POLICY_LEXER_H
#define HUMIAO_POLICY_LEXER_H

#include "policy/set.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA };

struct token {
    enum token_kind kind;
    struct slice text; /* of a quoted text: what stands between the quotes */
    struct place place;
};

struct lexer {
    struct compiler *compiler;
    const char *p, *end;
    struct place here;
    struct token now; /* the token that is looked at */
};

/* Both leave the next token in l->now. A word is a run of letters, digits and _ * / - . */
int lexer_begin(struct lexer *l, struct compiler *c, int source);
int lexer_next(struct lexer *l);

#endif
