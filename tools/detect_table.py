#!/usr/bin/python3
"""Makes the word tables of src/detect from its .def files.

    detect_table.py OUTPUT.inc FILE.def...

WORDS(CLASS, "...") holds words parted by blanks, TERMS(CLASS, "...") English ones parted by strokes. The
output holds constants alone, so that the program builds nothing when it starts:

    word_text, word_list, word_slots   words by their first two characters, of each pair the longest first
    term_text, term_list, term_first   English terms by their first two letters
    char_flags                         what each character of the first plane can begin
"""
import re
import sys

CLASSES = ["HARD", "SOFT", "LABEL", "LEFT", "TITLE", "SAYS", "SITE", "IDENT", "CALL", "OTHER", "ROAD",
           "HEALTH", "OFFENCE", "ABUSE", "NOT"]
SURNAMES = {"PLAIN": 1 << 1, "WEAK": (1 << 1) | (1 << 6), "DOUBLE": 0}
FLAG_WORD, FLAG_UNIT, FLAG_FUNCTION, FLAG_PUNCTUATION, FLAG_BEHIND = 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 7
FUNCTION = ("的了在是不也就都及或被把对到说这那他她它我你们吗吧呢着很还又再要将已但且虽叫让使跟给找问等只每与和从向于因为由去没后前"
            "称至曾未系并则")
PUNCTUATION = "\u3000、。〃〈〉《》「」『』【】〔〕（）！，．／：；？“”‘’…—～·￥－\u00b7"
UNITS = "号单弄幢栋座室楼层组巷户房"


def read(paths):
    words, terms, surnames = {}, {}, {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        for macro, group, body in re.findall(r'(WORDS|TERMS)\((\w+),\s*"([^"]*)"\)', text):
            for word in body.split("|" if macro == "TERMS" else " "):
                if group in SURNAMES:
                    surnames.setdefault(word, group)
                else:
                    kept = terms if macro == "TERMS" else words
                    kept[word] = kept.get(word, 0) | 1 << CLASSES.index(group)
    return words, terms, surnames


def c_string(data):
    return "".join("\\x%02x" % b for b in data)


def write_list(out, name, words, key):
    """The words in order of their key, of one key the longest first; the text of all of them."""
    ordered = sorted(words, key=lambda w: (key(w), -len(w.encode()), w))
    text, first, rows = b"", {}, []
    for i, word in enumerate(ordered):
        first.setdefault(key(word), i)
        last = i + 1 == len(ordered) or key(ordered[i + 1]) != key(word)
        rows.append("{%d, %d, 0x%x}" % (len(text), len(word.encode()), words[word] | last << 15))
        text += word.encode()
    out.write("static const unsigned char %s_text[] =\n" % name)
    for at in range(0, len(text), 24):
        out.write('    "%s"\n' % c_string(text[at:at + 24]))
    out.write("    ;\nstatic const struct word_entry %s_list[] = {\n" % name)
    for at in range(0, len(rows), 6):
        out.write("    %s,\n" % ", ".join(rows[at:at + 6]))
    out.write("    {0, 0, 0}};\n")
    return first


def pair_slot(pair, mask):
    """The same as pair_slot in words.c."""
    return ((ord(pair[0]) << 16 | ord(pair[1])) * 0x9E3779B1 & 0xFFFFFFFF) >> 16 & mask


def write_slots(out, first):
    """A table of pairs of first characters with open addressing: the pair, and where its words begin."""
    size = 1
    while size < 3 * len(first):
        size *= 2
    slots = [(0, 0)] * size
    for pair, begin in first.items():
        at = pair_slot(pair, size - 1)
        while slots[at][0]:
            at = (at + 1) % size
        slots[at] = (ord(pair[0]) << 16 | ord(pair[1]), begin)
    out.write("#define WORD_SLOTS %d\nstatic const struct word_slot word_slots[WORD_SLOTS] = {\n" % size)
    for at in range(0, size, 6):
        out.write("    %s,\n" % ", ".join("{0x%xu, %d}" % slot for slot in slots[at:at + 6]))
    out.write("};\n")


def write_numbers(out, declaration, numbers):
    out.write("%s = {\n" % declaration)
    for at in range(0, len(numbers), 24):
        out.write("    %s,\n" % ", ".join(map(str, numbers[at:at + 24])))
    out.write("};\n")


def main():
    words, terms, surnames = read(sys.argv[2:])
    short = [w for w in words if len(w) < 2]
    if short:
        sys.exit("words of one character: %s" % " ".join(short))
    flags = [0] * 65536
    for word in words:
        flags[ord(word[0])] |= FLAG_WORD
    for word, group in surnames.items():
        flags[ord(word[0])] |= SURNAMES[group] or 1 << 1
    for characters, flag in ((FUNCTION, FLAG_FUNCTION), (PUNCTUATION, FLAG_PUNCTUATION), (UNITS, FLAG_UNIT)):
        for character in characters:
            flags[ord(character)] |= flag
    behind = 1 << CLASSES.index("TITLE") | 1 << CLASSES.index("SAYS")
    for word, classes in words.items():
        if classes & behind:
            flags[ord(word[0])] |= FLAG_BEHIND
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("/* Made by tools/detect_table.py from the .def files of src/detect. */\n")
        for number, name in enumerate(CLASSES):
            out.write("_Static_assert(WORD_%s == 1 << %d, \"order of classes\");\n" % (name, number))
        write_slots(out, write_list(out, "word", words, lambda w: w[:2]))
        first = write_list(out, "term", terms, lambda w: w[:2])
        write_numbers(out, "static const uint16_t term_first[26 * 26]",
                      [first.get(chr(97 + i // 26) + chr(97 + i % 26), -1) + 1 for i in range(26 * 26)])
        doubles = sorted((s for s, g in surnames.items() if g == "DOUBLE"), key=lambda s: s.encode())
        out.write("static const char double_surnames[][7] = {%s};\n" % ", ".join(
            '"%s"' % c_string(s.encode()) for s in doubles))
        write_numbers(out, "static const uint8_t char_flags[65536]", flags)


if __name__ == "__main__":
    main()
