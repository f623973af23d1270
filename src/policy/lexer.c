/* The words of a policy text: see lexer.h. */
#include "policy/lexer.h"

#include "base/utf8.h"

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '*' || c == '/' || c == '-';
}

/* Columns count characters, not bytes. */
static void step(struct lexer *l)
{
    char c = *l->p++;
    if (c == '\n') {
        l->here.line++;
        l->here.column = 1;
        l->here.line_start = l->p;
    } else if (l->p == l->end || (*l->p & 0xC0) != 0x80) {
        l->here.column++;
    }
}

static void skip_blanks(struct lexer *l)
{
    while (l->p < l->end) {
        if (*l->p == '#')
            while (l->p < l->end && *l->p != '\n')
                step(l);
        else if (*l->p == ' ' || *l->p == '\t' || *l->p == '\r' || *l->p == '\n')
            step(l);
        else
            return;
    }
}

static int quoted(struct lexer *l)
{
    struct compiler *c = l->compiler;
    step(l);
    const char *begin = l->p;
    while (l->p < l->end && *l->p != '"') {
        if ((unsigned char)*l->p < 0x20 || *l->p == 0x7F)
            return policy_fail(c, l->now.place, N_("a quoted text does not end on its line"));
        step(l);
    }
    if (l->p == l->end)
        return policy_fail(c, l->now.place, N_("a quoted text does not end on its line"));
    l->now.kind = TOKEN_TEXT;
    l->now.text = (struct slice){begin, (size_t)(l->p - begin)};
    step(l);
    if (l->now.text.n > POLICY_LABEL_MAX)
        return policy_fail(c, l->now.place, N_("a quoted text is longer than %d bytes"),
                           (int)POLICY_LABEL_MAX);
    return 0;
}

int lexer_next(struct lexer *l)
{
    skip_blanks(l);
    l->now = (struct token){TOKEN_END, SLICE_NONE, l->here};
    if (l->p == l->end)
        return 0;
    const char *begin = l->p;
    switch (*l->p) {
    case '"': return quoted(l);
    case '(':
        l->now.kind = TOKEN_OPEN;
        step(l);
        break;
    case ')':
        l->now.kind = TOKEN_CLOSE;
        step(l);
        break;
    case ',':
        l->now.kind = TOKEN_COMMA;
        step(l);
        break;
    default:
        while (l->p < l->end && word_byte(*l->p))
            step(l);
        if (l->p == begin)
            return policy_fail(l->compiler, l->now.place, N_("this character has no place here"));
        l->now.kind = TOKEN_WORD;
    }
    l->now.text = (struct slice){begin, (size_t)(l->p - begin)};
    if (l->now.text.n > POLICY_NAME_MAX)
        return policy_fail(l->compiler, l->now.place, N_("a word is longer than %d bytes"),
                           POLICY_NAME_MAX);
    return 0;
}

int lexer_begin(struct lexer *l, struct compiler *c, int source)
{
    struct slice text = c->sources[source].text;
    if (text.n == 0)
        text = SLICE_LITERAL("");
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        text = (struct slice){text.p + 3, text.n - 3};
    *l = (struct lexer){.compiler = c, .p = text.p, .end = text.p + text.n};
    l->here = (struct place){source, 1, 1, text.p};
    if (text.n > POLICY_TEXT_MAX)
        return policy_fail(c, (struct place){source, 1, 1, NULL},
                           N_("the file is larger than %d bytes"), (int)POLICY_TEXT_MAX);
    size_t valid = utf8_valid_prefix(text);
    if (valid < text.n) {
        while (l->p < text.p + valid)
            step(l);
        return policy_fail(c, l->here, N_("the text is not UTF-8"));
    }
    return lexer_next(l);
}
