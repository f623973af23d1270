#!/usr/bin/python3
"""The catalogue of what a person reads: i18n/zh.po into a C table, and the check that it is whole.

    catalogue.py compile zh.po OUT.inc   rows of a C array, sorted by msgid, for src/base/text.c
    catalogue.py check [ROOT]            every N_() sentence of src/ has its Chinese, with the same
                                         conversions; no entry is left over
    catalogue.py missing [ROOT]          the sentences that have none yet, as entries to fill in
"""
import os
import re
import sys

CONVERSION = re.compile(r"%(?:(\d+)\$)?([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|j|z|t|L)?([a-zA-Z%])")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
MARK = re.compile(r"\bN_\(\s*")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "'": "'"}


def unescape(text):
    def one(match):
        name = match.group(1)
        if name not in ESCAPES:
            raise ValueError(f"escape \\{name} is not understood")
        return ESCAPES[name]
    return re.sub(r"\\(.)", one, text)


def escape(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r").replace("\a", "\\a")


def read_po(path):
    """Returns [(line, msgid, msgstr)] without the header entry."""
    entries, field, parts, line_of_id = [], None, {"msgid": "", "msgstr": ""}, 0

    def close():
        if line_of_id:
            entries.append((line_of_id, parts["msgid"], parts["msgstr"]))

    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            match = re.fullmatch(r'(?:(msgid|msgstr)\s+)?"((?:[^"\\]|\\.)*)"', line)
            if not match or (match.group(1) is None and field is None):
                sys.exit(f"{path}:{number}: not a line of a catalogue: {line}")
            if match.group(1) == "msgid":
                close()
                parts, line_of_id = {"msgid": "", "msgstr": ""}, number
            field = match.group(1) or field
            parts[field] += unescape(match.group(2))
    close()
    return [entry for entry in entries if entry[1]]


def without_comments(source):
    """Comments become blanks of the same length, so that line numbers stay; strings are kept."""
    def one(match):
        text = match.group(0)
        return re.sub(r"[^\n]", " ", text) if text.startswith("/") else text
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', one, source, flags=re.S)


def read_sources(root):
    """Returns {msgid: "file:line" of its first use}; and the places where N_() holds no plain string."""
    found, wrong = {}, []
    for folder, folders, names in os.walk(os.path.join(root, "src")):
        folders.sort()
        for name in sorted(names):
            if not name.endswith((".c", ".h", ".def")):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                source = without_comments(file.read())
            for match in MARK.finditer(source):
                place = f"{os.path.relpath(path, root)}:{source.count(chr(10), 0, match.start()) + 1}"
                if source[:match.start()].endswith("#define "):
                    continue
                at, text, any_part = match.end(), "", False
                while (part := STRING.match(source, at)):
                    text, any_part = text + unescape(part.group(1)), True
                    at = part.end() + len(re.match(r"\s*", source[part.end():]).group(0))
                if not any_part or source[at:at + 1] != ")":
                    wrong.append(f"{place}: N_() holds something else than one sentence")
                else:
                    found.setdefault(text, place)
    return found, wrong


def conversions(text):
    """The arguments that a format takes, in their order; None where it mixes both ways of counting."""
    by_place, place, positional = {}, 0, None
    for match in CONVERSION.finditer(text):
        number, _, width, precision, length, kind = match.groups()
        if kind == "%":
            continue
        if positional is not None and positional != bool(number):
            return None
        positional = bool(number)
        for star in (width, precision):
            if star == "*":
                if number:
                    return None
                place += 1
                by_place[place] = "*"
        place += 1
        by_place[int(number) if number else place] = (length or "") + kind
    return [by_place.get(i) for i in range(1, max(by_place, default=0) + 1)]


def compile_table(po, out):
    rows = {msgid: msgstr for _, msgid, msgstr in read_po(po) if msgstr}
    with open(out, "w", encoding="utf-8") as file:
        file.write("/* Made from i18n/zh.po by the build. */\n")
        for msgid in sorted(rows, key=lambda text: text.encode()):
            file.write(f'{{"{escape(msgid)}",\n "{escape(rows[msgid])}"}},\n')


def check(root):
    po = os.path.join(root, "i18n", "zh.po")
    used, faults = read_sources(root)
    have = {}
    for line, msgid, msgstr in read_po(po):
        where = f"i18n/zh.po:{line}"
        if msgid in have:
            faults.append(f"{where}: the entry stands twice: {escape(msgid)}")
        have[msgid] = msgstr
        if msgid not in used:
            faults.append(f"{where}: no source uses this any more: {escape(msgid)}")
        if not msgstr:
            faults.append(f"{where}: no translation: {escape(msgid)}")
        elif conversions(msgid) != conversions(msgstr):
            faults.append(f"{where}: the conversions differ: {escape(msgid)} / {escape(msgstr)}")
        elif msgid.endswith("\n") != msgstr.endswith("\n"):
            faults.append(f"{where}: only one of the two ends in a line break: {escape(msgid)}")
    faults += [f"{place}: not in i18n/zh.po: {escape(text)}" for text, place in used.items() if text not in have]
    for fault in faults:
        print(fault)
    print(f"catalogue: {len(used)} sentences, {len(faults)} faults")
    return 1 if faults else 0


def missing(root):
    used, _ = read_sources(root)
    have = {msgid for _, msgid, msgstr in read_po(os.path.join(root, "i18n", "zh.po")) if msgstr}
    for text, place in used.items():
        if text not in have:
            print(f'#: {place}\nmsgid "{escape(text)}"\nmsgstr ""\n')
    return 0


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "compile":
        return compile_table(arguments[1], arguments[2])
    if len(arguments) in (1, 2) and arguments[0] in ("check", "missing"):
        root = arguments[1] if len(arguments) == 2 else os.path.join(os.path.dirname(__file__), "..")
        return {"check": check, "missing": missing}[arguments[0]](root)
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
