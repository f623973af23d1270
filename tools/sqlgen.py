#!/usr/bin/python3
"""Makes typed C calls from the named statements of sql/*.sql, and a table of the migrations.

    sqlgen.py --out DIR [--prefix sql] --statements FILE.sql... --migrations NNN-name.sql...

writes DIR/sql_NAME.h for each NAME.sql, DIR/sql_statements.h with the table of them all,
DIR/sql_statements.c and DIR/sql_migrations.c. The prefix stands for `sql` in all of these names.

A statement:

    -- name: person_by_ref :maybe
    -- Finds a person by the keyed hash of the register's own key.
    -- param ref_hash bytes
    -- column id int
    -- column birth_day int?
    SELECT id, birth_day FROM person WHERE ref_hash = $1;

Kinds are `:exec` (no rows), `:maybe` (none or one), `:many`, and `:stream` for large scans. Types
are `int`, `bytes`, `text`, with a `?` where SQL NULL is allowed. `-- param hashes bytes[50]` is 50
consecutive parameters, written `IN ($1..$50)`; the call takes an array of at most 50, the rest is
NULL.

A migration is SQL in the subset that both engines share. Per engine, these words are replaced:

                        SQLite                PostgreSQL
    BIGINT              INTEGER               BIGINT
    INTEGER             INTEGER               INTEGER
    BYTES               BLOB                  BYTEA
    TEXT                TEXT                  TEXT COLLATE "C"      by code point, as SQLite
    ) STRICT;           ) STRICT;             );           likewise WITHOUT ROWID
"""
import argparse
import glob
import os
import re
import sys

TYPES = {"int": "STORE_INT", "bytes": "STORE_BYTES", "text": "STORE_TEXT"}
KINDS = {"exec", "maybe", "many", "stream"}


class Complaint(Exception):
    pass


class Field:
    def __init__(self, name, text, where):
        m = re.fullmatch(r"(int|bytes|text)(\?)?(?:\[(\d+)\])?", text)
        if not m or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise Complaint(f"{where}: not a declaration: {name} {text}")
        self.name, self.base, self.null = name, m[1], bool(m[2])
        self.count = int(m[3]) if m[3] else 0  # 0: a single value
        if self.count and self.null:
            raise Complaint(f"{where}: an array's elements cannot be NULL: {name}")

    def c_type(self):
        if self.base == "int":
            return "struct opt_int" if self.null else "int64_t"
        return "struct slice"


class Statement:
    def __init__(self, name, kind, where):
        self.stream, self.kind = kind == "stream", "many" if kind == "stream" else kind
        self.name, self.where = name, where
        self.comment, self.params, self.columns, self.lines = [], [], [], []
        self.sql = ""

    def finish(self):
        sql = "\n".join(self.lines).strip()
        if not sql.endswith(";") or ";" in blank_literals(sql)[:-1]:
            raise Complaint(f"{self.where}: {self.name} must be one statement that ends with ';'")
        self.sql = expand_ranges(re.sub(r"\s+", " ", sql[:-1]), self.where)
        self.check_params()
        self.check_columns()

    def check_params(self):
        declared = sum(p.count or 1 for p in self.params)
        if declared > 256:
            raise Complaint(f"{self.where}: {self.name}: more than 256 parameters")
        used = {int(n) for n in re.findall(r"\$(\d+)", blank_literals(self.sql))}
        if used != set(range(1, declared + 1)):
            raise Complaint(f"{self.where}: {self.name} declares {declared} parameters, and uses "
                            + (", ".join(f"${n}" for n in sorted(used)) or "none"))
        if "?" in blank_literals(self.sql):
            raise Complaint(f"{self.where}: {self.name}: parameters are written $1, not ?")
        for names in [f.name for f in self.params], [f.name for f in self.columns]:
            if len(set(names)) != len(names):
                raise Complaint(f"{self.where}: {self.name}: a name is declared twice")

    def check_columns(self):
        if (self.kind == "exec") != (not self.columns):
            raise Complaint(f"{self.where}: {self.name}: :exec has no columns, others have")
        if len(self.columns) > 100:
            raise Complaint(f"{self.where}: {self.name}: more than 100 columns")
        if any(c.count for c in self.columns):
            raise Complaint(f"{self.where}: {self.name}: a column cannot be an array")
        found = count_columns(self.sql)
        if found is not None and self.columns and found != len(self.columns):
            raise Complaint(f"{self.where}: {self.name} declares {len(self.columns)} columns, and "
                            f"the statement gives {found}")


def outside_quotes(pattern, instead, sql):
    """Replaces, and leaves what stands in quotes as it is."""
    parts = re.split(r"('(?:[^']|'')*'|\"[^\"]*\")", sql)
    return "".join(p if i % 2 else re.sub(pattern, instead, p) for i, p in enumerate(parts))


def blank_literals(sql):
    """The same text with what stands in quotes made blank."""
    return re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", lambda m: " " * len(m[0]), sql)


def expand_ranges(sql, where):
    def expand(m):
        first, last = int(m[1]), int(m[2])
        if last <= first or last - first > 200:
            raise Complaint(f"{where}: not a range of parameters: {m[0]}")
        return ", ".join(f"${n}" for n in range(first, last + 1))
    return re.sub(r"\$(\d+)\.\.\$(\d+)", expand, sql)


def count_columns(sql):
    """How many columns a SELECT or RETURNING gives, by its outermost commas; None when not sure."""
    text, depth, flat = blank_literals(sql), 0, []
    for ch in text:
        depth -= ch == ")"
        flat.append(ch if depth == 0 or ch in "()" and depth <= 0 else "\0")
        depth += ch == "("
    flat = "".join(flat)
    m = re.search(r"\bRETURNING\b(.*)$", flat, re.I) or \
        re.search(r"\bSELECT\b(.*?)(?:\b(?:FROM|UNION|WHERE|ORDER|LIMIT)\b|$)", flat, re.I)
    if not m or "*" in re.sub(r"[\w)\0]\s*\*\s*[\w(\0$]", "", m[1]):
        return None
    return m[1].count(",") + 1


def read_statements(path):
    statements, current = [], None
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            where, line = f"{path}:{number}", line.rstrip()
            head = re.fullmatch(r"-- name: ([a-z][a-z0-9_]*) :(\w+)", line)
            if head:
                if head[2] not in KINDS:
                    raise Complaint(f"{where}: the kind is one of :exec, :maybe, :many, :stream")
                current = Statement(head[1], head[2], where)
                statements.append(current)
            elif re.match(r"--\s*name\b", line):
                raise Complaint(f"{where}: write `-- name: the_name :kind`")
            elif line.startswith("--"):
                if current and not current.lines:
                    read_comment(current, line[2:].strip(), where)
            elif line and current is None:
                raise Complaint(f"{where}: a statement without a name")
            elif line:
                current.lines.append(re.sub(r"\s--\s.*$", "", line))
    for s in statements:
        s.finish()
    return statements


def read_comment(statement, text, where):
    m = re.fullmatch(r"(param|column)\s+(\S+)\s+(\S+)(?:\s+.*)?", text)
    if m:
        fields = statement.params if m[1] == "param" else statement.columns
        fields.append(Field(m[2], m[3], where))
    elif text:
        statement.comment.append(text)


def c_string(text):
    """A C string literal, cut into lines."""
    out, escaped = [], text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    for line in re.findall(r"(?:\\.|[^\\]){1,88}", escaped) or [""]:
        out.append('"' + line.replace("??", '?""?') + '"')
    return "\n        ".join(out)


def signature(s, prefix):
    args = ["struct store *s"]
    for p in s.params:
        if p.count:
            args += [f"const {p.c_type()} *{p.name}", f"size_t {singular(p.name)}_count"]
        else:
            args.append(f"{p.c_type()} {p.name}")
    if s.kind == "maybe":
        args += ["bool *ret_found", f"struct {prefix}_{s.name} *ret"]
    elif s.kind == "many":
        args.append("struct store_rows *ret")
    return f"int {prefix}_{s.name}({', '.join(args + ['struct error *e'])})"


def singular(name):
    if name == "children":
        return "child"
    if name.endswith("hes"):
        return name[:-2]
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") else name


def header(prefix, base, statements):
    guard = f"HUMIAO_STORE_{prefix}_{base}_H".upper()
    out = [f"/* Made from {base}.sql by tools/sqlgen.py. */",
           f"#ifndef {guard}", f"#define {guard}", "", '#include "store/store.h"', ""]
    for s in statements:
        if s.comment:
            out.append("/* " + "\n * ".join(s.comment).replace("*/", "* /") + " */")
        if s.columns:
            out.append(f"struct {prefix}_{s.name} {{")
            out += [f"    {c.c_type()} {c.name};" for c in s.columns]
            out.append("};")
        out.append(signature(s, prefix) + ";")
        if s.kind == "many":
            n = f"{prefix}_{s.name}"
            out.append(f"int {n}_next(struct store_rows *rows, struct {n} *ret, struct error *e);")
        out.append("")
    return "\n".join(out + ["#endif", ""])


def tables(s, prefix, index):
    """The descriptions of a statement's parameters and columns, and of itself."""
    n, out = f"{prefix}_{s.name}", []
    types = [TYPES[p.base] for p in s.params for _ in range(p.count or 1)]
    if types:
        out.append(f"static const uint8_t {n}_params[] = {{{', '.join(types)}}};")
    if s.columns:
        out.append(f"static const struct store_column {n}_columns[] = {{")
        out += [f'    {{"{c.name}", {TYPES[c.base]}, {str(c.null).lower()}, '
                f"offsetof(struct {n}, {c.name})}}," for c in s.columns]
        out.append("};")
    out.append(f"static const struct store_statement {n}_statement = {{")
    out.append(f'    .name = "{s.name}",')
    numbered = outside_quotes(r"\$(\d+)", r"?\1", s.sql)  # to SQLite, $1 would be a name
    out.append(f"    .sqlite =\n        {c_string(numbered)},")
    out.append(f"    .postgresql =\n        {c_string(s.sql)},")
    out.append(f"    .index = {index},")
    if types:
        out.append(f"    .param_count = {len(types)},\n    .param_types = {n}_params,")
    if s.columns:
        out.append(f"    .column_count = {len(s.columns)},\n    .columns = {n}_columns,\n"
                   f"    .row_size = sizeof(struct {n}),")
    if s.stream:
        out.append("    .stream = true,")
    return out + ["};", ""]


def body(s, prefix):
    n, out, at = f"{prefix}_{s.name}", [signature(s, prefix), "{"], 0
    total = sum(p.count or 1 for p in s.params)
    arrays = [p for p in s.params if p.count]
    for p in arrays:
        out.append(f"    assert({singular(p.name)}_count <= {p.count});")
    if total:
        out.append(f"    struct store_value params[{total}];")
    for p in s.params:
        make = f"store_value_{'opt_' if p.null and p.base == 'int' else ''}{p.base}"
        if p.count:
            none = "(struct store_value){.type = " + TYPES[p.base] + ", .null = true}"
            out += [f"    for (size_t i = 0; i < {p.count}; i++)",
                    f"        params[{at} + i] ="
                    f" i < {singular(p.name)}_count ? {make}({p.name}[i]) : {none};"]
        else:
            out.append(f"    params[{at}] = {make}({p.name});")
        at += p.count or 1
    values = "params" if total else "NULL"
    tail = {"exec": "", "maybe": "ret_found, ret, ", "many": "ret, "}[s.kind]
    out += [f"    return store_{s.kind}(s, &{n}_statement, {values}, {tail}e);", "}", ""]
    if s.kind == "many":
        out += [f"int {n}_next(struct store_rows *rows, struct {n} *ret, struct error *e)", "{",
                f"    assert(!rows->store || rows->statement == &{n}_statement);",
                "    return store_rows_next(rows, ret, e);", "}", ""]
    return out


def statements_source(prefix, files):
    out = ["/* Made by tools/sqlgen.py. */", f'#include "store/{prefix}_statements.h"']
    out += [f'#include "store/{prefix}_{base}.h"' for base, _ in files]
    out += ["", "#include <assert.h>", "#include <stddef.h>", ""]
    every = [s for _, statements in files for s in statements]
    for index, s in enumerate(every):
        out += tables(s, prefix, index) + body(s, prefix)
    out.append(f"static const struct store_statement *const list[{max(1, len(every))}] = {{")
    out += [f"    &{prefix}_{s.name}_statement," for s in every] or ["    NULL,"]
    out += ["};", "",
            f"const struct store_statements {prefix}_statements = {{list, {len(every)}}};", ""]
    return "\n".join(out)


def for_engine(sql, postgresql):
    words = {"BYTES": "BYTEA"} if postgresql else {"BYTES": "BLOB", "BIGINT": "INTEGER"}
    for word, instead in words.items():
        sql = outside_quotes(rf"\b{word}\b", instead, sql)
    if postgresql:
        option = r"(?:STRICT|WITHOUT\s+ROWID)"
        sql = re.sub(rf"\)\s*{option}(?:\s*,\s*{option})*\s*;", ");", sql)
        for column in r"(?m)^(\s+\w+\s+)", r"(?i)(\bADD\s+COLUMN\s+\w+\s+)":
            sql = re.sub(column + r"TEXT\b(?!\s+COLLATE)", r'\1TEXT COLLATE "C"', sql)
    return sql


def fnv1a(data):
    h = 0xcbf29ce484222325
    for b in data:
        h = (h ^ b) * 0x100000001b3 & 0xffffffffffffffff
    return h


def migrations_source(prefix, paths):
    out = ["/* Made from the numbered schema files by tools/sqlgen.py. */",
           '#include "store/migrate.h"', "", "static const struct store_migration list[] = {"]
    seen = 0
    for path in sorted(paths, key=os.path.basename):
        m = re.fullmatch(r"(\d{3})-([a-z0-9-]+)\.sql", os.path.basename(path))
        if not m or int(m[1]) != seen + 1:
            raise Complaint(f"{path}: migrations are named NNN-name.sql and numbered without a gap")
        seen = int(m[1])
        with open(path, encoding="utf-8") as f:
            text = f.read()
        sql = re.sub(r"(?m)^\s*--.*\n|\s--\s.*$", "", text)
        out += ["    {", f'        .number = {seen},\n        .name = "{m[2]}",',
                f"        .hash = {len(text.encode())}u ^ 0x{fnv1a(text.encode()):x}u,",
                f"        .sqlite =\n        {c_string(for_engine(sql, False))},",
                f"        .postgresql =\n        {c_string(for_engine(sql, True))},", "    },"]
    out += ["    {0},", "};", "",
            f"const struct store_migrations {prefix}_migrations = {{list, {seen}}};", ""]
    return "\n".join(out)


def statements_header(prefix):
    guard = f"HUMIAO_STORE_{prefix}_STATEMENTS_H".upper()
    return "\n".join(["/* Made by tools/sqlgen.py: all statements. */", f"#ifndef {guard}",
                      f"#define {guard}", "",
                      '#include "store/migrate.h"', '#include "store/statement.h"', "",
                      f"extern const struct store_statements {prefix}_statements;",
                      f"extern const struct store_migrations {prefix}_migrations;", "",
                      "#endif", ""])


def write(path, text):
    """Leaves a file that would not change alone, so that what depends on it is not built again."""
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    except FileNotFoundError:
        pass
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def check_complete(paths):
    """The directories of these files; each must hold no *.sql that was not named."""
    directories = sorted({os.path.dirname(os.path.abspath(p)) for p in paths})
    named = {os.path.abspath(p) for p in paths}
    for path in sorted(p for d in directories for p in glob.glob(f"{d}/*.sql") if p not in named):
        raise Complaint(f"{path}: the build does not know it yet: "
                        "run meson setup --reconfigure build")
    return directories


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--out", required=True)
    a.add_argument("--prefix", default="sql")
    a.add_argument("--statements", nargs="*", default=[])
    a.add_argument("--migrations", nargs="*", default=[])
    a.add_argument("--depfile", nargs=2, metavar=("FILE", "TARGET"))
    a = a.parse_args()
    directories = check_complete(a.statements) + check_complete(a.migrations)
    if a.depfile:  # a file that comes or goes changes its directory, which calls for another run
        write(a.depfile[0], f"{a.depfile[1]}: {' '.join(directories)}\n")
    files, seen = [], {}
    for path in sorted(a.statements, key=os.path.basename):
        base = os.path.basename(path)[:-len(".sql")].replace("-", "_")
        files.append((base, read_statements(path)))
        for s in files[-1][1]:
            if s.name in seen:
                raise Complaint(f"{s.where}: {s.name} is already at {seen[s.name]}")
            seen[s.name] = s.where
    for base, statements in files:
        write(f"{a.out}/{a.prefix}_{base}.h", header(a.prefix, base, statements))
    write(f"{a.out}/{a.prefix}_statements.h", statements_header(a.prefix))
    write(f"{a.out}/{a.prefix}_statements.c", statements_source(a.prefix, files))
    write(f"{a.out}/{a.prefix}_migrations.c", migrations_source(a.prefix, a.migrations))


if __name__ == "__main__":
    try:
        main()
    except Complaint as complaint:
        sys.exit(str(complaint))
