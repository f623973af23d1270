/* The words of a workflow's text, a line at a time, with their places. */
#include "base/utf8.h"
#include "care/workflow_inside.h"

void scanner_begin(struct scanner *s, struct source source, struct error *e)
{
    *s = (struct scanner){.source = source, .error = e};
    s->p = source.text.p;
    s->end = source.text.p + source.text.n;
    s->here = (struct place){1, 1, s->p};
}

static void advance(struct scanner *s)
{
    if (*s->p == '\n') {
        s->p++;
        s->here = (struct place){s->here.line + 1, 1, s->p};
        return;
    }
    s->p++;
    while (s->p < s->end && ((unsigned char)*s->p & 0xC0) == 0x80)
        s->p++;
    s->here.column++;
}

static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Blanks and comments of this line. */
static void skip(struct scanner *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r'))
        advance(s);
    if (s->p < s->end && *s->p == '#')
        while (s->p < s->end && *s->p != '\n')
            advance(s);
}

static int read_text(struct scanner *s, struct token *t)
{
    struct place open = s->here;
    advance(s);
    const char *from = s->p;
    while (s->p < s->end && *s->p != '"' && *s->p != '\n')
        advance(s);
    t->kind = TOKEN_TEXT;
    t->text = (struct slice){from, (size_t)(s->p - from)};
    if (s->p == s->end || *s->p == '\n') {
        workflow_fault(&s->source, open, s->error, N_("this quotation does not end on its line"));
        return error_hint(s->error, N_("Put a \" behind it."));
    }
    advance(s);
    if (slice_trim(t->text).n == 0 || t->text.n != slice_trim(t->text).n) {
        workflow_fault(&s->source, open, s->error,
                       N_("a label is not empty, nor does it begin or end with a blank"));
        return error_hint(s->error, N_("Write the words between the quotes."));
    }
    return 0;
}

/* A run of digits; false where it is too large for any number of a workflow. */
static bool number_of(struct slice word, int32_t *ret)
{
    int32_t n = 0;
    for (size_t i = 0; i < word.n; i++) {
        if (!is_digit(word.p[i]))
            return false;
        n = n * 10 + (word.p[i] - '0');
        if (n > WORKFLOW_LENGTH_MAX)
            return false;
    }
    *ret = n;
    return true;
}

static int read_word(struct scanner *s, struct token *t)
{
    const char *from = s->p;
    while (s->p < s->end && is_word(*s->p))
        advance(s);
    t->text = (struct slice){from, (size_t)(s->p - from)};
    t->kind = is_digit(*from) ? TOKEN_NUMBER : TOKEN_WORD;
    struct slice shown = clip_word(t->text);
    if (t->kind == TOKEN_NUMBER && !number_of(t->text, &t->number)) {
        workflow_fault(&s->source, t->place, s->error, N_("“%.*s” is no number up to %d"),
                       (int)shown.n, shown.p, WORKFLOW_LENGTH_MAX);
        return error_hint(s->error, N_("Put a blank between the number and its unit: 24 hours."));
    }
    if (t->text.n > WORKFLOW_NAME_MAX) {
        workflow_fault(&s->source, t->place, s->error, N_("“%.*s…” is longer than %d letters"),
                       (int)shown.n, shown.p, WORKFLOW_NAME_MAX);
        return error_hint(s->error, N_("Find a shorter name."));
    }
    return 0;
}

static int read_token(struct scanner *s, struct token *t)
{
    *t = (struct token){.place = s->here};
    if (*s->p == ',') {
        t->kind = TOKEN_COMMA;
        t->text = (struct slice){s->p, 1};
        advance(s);
        return 0;
    }
    if (*s->p == '"')
        return read_text(s, t);
    if (is_word(*s->p))
        return read_word(s, t);
    struct place at = s->here;
    const char *from = s->p;
    advance(s);
    struct slice shown = clip_word((struct slice){from, (size_t)(s->p - from)});
    workflow_fault(&s->source, at, s->error, N_("“%.*s” is no sign of this language"), (int)shown.n,
                   shown.p);
    return error_hint(s->error, N_("Names are small letters, digits and _; labels stand in quotes; "
                                   "notes follow a #."));
}

/* What is no text at all is refused before anything is read of it. */
static int check_line(struct scanner *s)
{
    struct slice rest = {s->p, 0};
    while (s->p + rest.n < s->end && s->p[rest.n] != '\n')
        rest.n++;
    size_t valid = utf8_valid_prefix(rest);
    struct place at = s->here;
    size_t i = 0;
    for (; i < valid; i++) {
        unsigned char c = (unsigned char)rest.p[i];
        if ((c < ' ' && c != '\t' && !(c == '\r' && i + 1 == rest.n)) || c == 0x7F)
            break;
        at.column += (c & 0xC0) != 0x80;
    }
    if (i == rest.n)
        return 0;
    workflow_fault(&s->source, at, s->error, N_("this is no text in UTF-8"));
    return error_hint(s->error, N_("Write the table with an editor, as UTF-8."));
}

int scanner_statement(struct scanner *s, struct statement *ret)
{
    ret->count = 0;
    while (s->p < s->end) {
        int status = s->here.column == 1 ? check_line(s) : 0;
        if (status != 0)
            return status;
        skip(s);
        if (s->p == s->end)
            break;
        if (*s->p == '\n') {
            advance(s);
            if (ret->count > 0 && ret->tokens[ret->count - 1].kind != TOKEN_COMMA)
                break;
            continue;
        }
        if (ret->count == STATEMENT_TOKENS_MAX) {
            workflow_fault(&s->source, s->here, s->error, N_("this is too much for one line"));
            return error_hint(s->error, N_("Write shorter lists, on several lines."));
        }
        struct token *t = &ret->tokens[ret->count];
        if ((status = read_token(s, t)) != 0)
            return status;
        ret->count++;
        ret->end = s->here;
    }
    return 0;
}
