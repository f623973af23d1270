#include "intake/feed_yaml.h"

#include "base/utf8.h"
#include "intake/feed.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#define WORD_SHOWN 40 /* bytes of a word in a message */

struct builder {
    yaml_parser_t parser;
    const struct source *source;
    struct arena *arena;
    struct error *error;
    size_t nodes;
};

/* ---- messages ---- */

/* Lines as libyaml counts them: also NEXT LINE and the separators of lines and paragraphs end one. */
static size_t break_size(struct slice s)
{
    if (s.p[0] == '\n')
        return 1;
    if (s.p[0] == '\r')
        return s.n > 1 && s.p[1] == '\n' ? 2 : 1;
    if (s.n > 1 && memcmp(s.p, "\xC2\x85", 2) == 0)
        return 2;
    return s.n > 2 && (memcmp(s.p, "\xE2\x80\xA8", 3) == 0 || memcmp(s.p, "\xE2\x80\xA9", 3) == 0)
               ? 3
               : 0;
}

static const char *line_start(struct slice text, uint32_t line)
{
    size_t i = 0;

    for (uint32_t at = 1; at < line; at++) {
        size_t step = 0;
        while (i < text.n && (step = break_size((struct slice){text.p + i, text.n - i})) == 0)
            i++;
        if (i == text.n)
            return NULL;
        i += step;
    }
    return text.p + i;
}

static void place_of(struct slice text, size_t offset, uint32_t *ret_line, uint32_t *ret_column)
{
    *ret_line = *ret_column = 1;
    for (size_t i = 0, step; i < offset && i < text.n; i += step ? step : 1) {
        step = break_size((struct slice){text.p + i, text.n - i});
        *ret_line += step > 0;
        *ret_column = step ? 1 : *ret_column + (((unsigned char)text.p[i] & 0xC0) != 0x80);
    }
}

int feed_fault_at(const struct source *source, uint32_t line, uint32_t column, struct error *e,
                  const char *what, ...)
{
    char said[200], excerpt[SOURCE_EXCERPT_SIZE];
    va_list arguments;

    if (!e)
        return -(int)ERR_MAPPING;
    va_start(arguments, what);
    vsnprintf(said, sizeof said, text_in(e->language, what), arguments);
    va_end(arguments);
    source_excerpt(source->text, line_start(source->text, line), column, excerpt);
    return error_set(e, ERR_MAPPING, "%.80s:%u:%u: %s%s", source_path(source->file), line, column,
                     said, excerpt);
}

struct slice feed_shown(struct slice word)
{
    size_t n = word.n < WORD_SHOWN ? word.n : WORD_SHOWN;

    return (struct slice){word.p, utf8_valid_prefix((struct slice){word.p, n})};
}

static int fault(struct builder *b, yaml_mark_t at, const char *what, const char *hint)
{
    feed_fault_at(b->source, (uint32_t)at.line + 1, (uint32_t)at.column + 1, b->error, "%s",
                  text_in(b->error->language, what));
    return error_hint(b->error, "%s", text_in(b->error->language, hint));
}

static int unreadable(struct builder *b)
{
    uint32_t line = (uint32_t)b->parser.problem_mark.line + 1,
             column = (uint32_t)b->parser.problem_mark.column + 1;

    if (b->parser.error == YAML_MEMORY_ERROR)
        return error_set(b->error, ERR_MEMORY, NULL);
    if (b->parser.error == YAML_READER_ERROR)
        place_of(b->source->text, b->parser.problem_offset, &line, &column);
    feed_fault_at(b->source, line, column, b->error, N_("the YAML cannot be read from here on"));
    return error_hint(
        b->error,
        N_("Look at the indentation, the blank after a colon, and whether quotation marks and "
           "brackets are closed."));
}

/* ---- the tree ---- */

/* Turn-around marks, zero-width ones and control characters: two texts that look alike must be alike. */
static bool seen(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char *p = (const unsigned char *)s.p + i;
        size_t left = s.n - i;
        if (p[0] < 0x20 || p[0] == 0x7F ||
            (left > 1 && p[0] == 0xC2 && (p[1] < 0xA0 || p[1] == 0xAD)) ||
            (left > 2 && p[0] == 0xE2 && p[1] == 0x80 &&
             ((p[2] >= 0x8B && p[2] <= 0x8F) || (p[2] >= 0xA8 && p[2] <= 0xAE))) ||
            (left > 2 && p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA0 && p[2] <= 0xAF) ||
            (left > 2 && p[0] == 0xEF &&
             ((p[1] == 0xBB && p[2] == 0xBF) || (p[1] == 0xBF && p[2] >= 0xBE))))
            return false;
    }
    return true;
}

static int build(struct builder *b, yaml_event_t *event, int depth, struct feed_node **ret);

static int next(struct builder *b, yaml_event_t *event)
{
    return yaml_parser_parse(&b->parser, event) ? 0 : unreadable(b);
}

static bool decorated(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT: return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default: return event->type == YAML_ALIAS_EVENT;
    }
}

static int build_items(struct builder *b, struct feed_node *node, yaml_event_type_t end, int depth)
{
    size_t capacity = 0, n = 0;
    yaml_event_t event;
    int rc;

    for (;;) {
        if ((rc = next(b, &event)) < 0)
            return rc;
        if (event.type == end) {
            yaml_event_delete(&event);
            break;
        }
        yaml_mark_t at = event.start_mark;
        node->items = arena_grow(b->arena, node->items, &capacity, n + 1,
                                 sizeof(struct feed_node *));
        rc = build(b, &event, depth + 1, &node->items[n]);
        yaml_event_delete(&event);
        if (rc < 0)
            return rc;
        if (node->kind == NODE_MAP && n % 2 == 0 && node->items[n]->kind != NODE_SCALAR)
            return fault(b, at, N_("a key is one word"), N_("Write key: value."));
        n++;
    }
    node->count = node->kind == NODE_MAP ? n / 2 : n;
    return 0;
}

/* The event stays the caller's to delete. */
static int build(struct builder *b, yaml_event_t *event, int depth, struct feed_node **ret)
{
    struct feed_node *node = ARENA_NEW(b->arena, struct feed_node);
    yaml_mark_t at = event->start_mark;

    if (decorated(event))
        return fault(b, at, N_("anchors, aliases and tags do not belong into a mapping"),
                     N_("Write the text itself; quote it where it begins with & * or !."));
    if (depth > FEED_DEPTH_MAX || ++b->nodes > FEED_NODES_MAX)
        return fault(b, at, N_("this is nested too deeply, or the mapping is too long"),
                     N_("A mapping has at most 6 levels and 8192 words."));
    node->line = (uint32_t)at.line + 1;
    node->column = (uint32_t)at.column + 1;
    *ret = node;
    if (event->type == YAML_SCALAR_EVENT) {
        node->text = arena_copy(b->arena, (struct slice){(const char *)event->data.scalar.value,
                                                         event->data.scalar.length});
        return seen(node->text) ? 0
                                : fault(b, at,
                                        N_("there is a line break or a character that cannot be "
                                           "seen in this text"),
                                        N_("Write the text anew, on one line."));
    }
    node->kind = event->type == YAML_MAPPING_START_EVENT ? NODE_MAP : NODE_LIST;
    return build_items(
        b, node, node->kind == NODE_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth);
}

/* From the stream's beginning to its end: one document, or none. */
static int build_document(struct builder *b, struct feed_node **ret)
{
    yaml_event_type_t type = YAML_NO_EVENT;
    bool inside = false;
    int rc = 0;

    *ret = NULL;
    while (rc == 0 && type != YAML_STREAM_END_EVENT) {
        yaml_event_t event;
        if ((rc = next(b, &event)) < 0)
            return rc;
        type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && *ret)
            rc = fault(b, event.start_mark, N_("a second document begins here"),
                       N_("A file holds one mapping."));
        else if (type == YAML_DOCUMENT_START_EVENT)
            inside = true;
        else if (type == YAML_DOCUMENT_END_EVENT)
            inside = false;
        else if (inside)
            rc = build(b, &event, 1, ret);
        yaml_event_delete(&event);
    }
    return rc;
}

int feed_yaml_read(const struct source *source, struct arena *arena, struct feed_node **ret,
                   struct error *e)
{
    struct error own = {.language = LANGUAGE_EN};
    struct builder b = {.source = source, .arena = arena, .error = e ? e : &own};
    size_t valid = utf8_valid_prefix(source->text);
    uint32_t line, column;

    if (source->text.n > FEED_TEXT_MAX) {
        feed_fault_at(source, 1, 1, b.error, N_("the mapping is larger than 64 KiB"));
        return error_hint(b.error,
                          N_("A mapping names columns and codes; the data stay in the file."));
    }
    if (valid < source->text.n) {
        place_of(source->text, valid, &line, &column);
        feed_fault_at(source, line, column, b.error, N_("this is not UTF-8"));
        return error_hint(b.error, N_("Save the file as UTF-8."));
    }
    if (!yaml_parser_initialize(&b.parser))
        return error_set(e, ERR_MEMORY, NULL);
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)source->text.p, source->text.n);
    int rc = build_document(&b, ret);
    yaml_parser_delete(&b.parser);
    if (rc == 0 && !*ret) {
        feed_fault_at(source, 1, 1, b.error, N_("the mapping is empty"));
        return error_hint(
            b.error, N_("Begin with the line feed: NAME. docs/feeds.md shows a whole mapping."));
    }
    return rc;
}
