#!/usr/bin/python3
"""Re-sealing walks through every sealed column there is: src/access/sealed.def has the place of each call
that seals, and each column of the schema that is said to be sealed; and sql/sealed.sql has the statements
of each."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
ROWS = re.findall(r'^SEALED\((\w+),\s*"([\w.]+)",\s*"([\w.]+)"\)',
                  (ROOT / "src/access/sealed.def").read_text(encoding="utf-8"), re.M)


def sealed_in_schema():
    found = set()
    for path in sorted((ROOT / "sql/schema").glob("*.sql")):
        table = None
        for line in path.read_text(encoding="utf-8").splitlines():
            begin = re.match(r"CREATE TABLE (\w+)|ALTER TABLE (\w+) ADD COLUMN", line)
            table = begin[1] or begin[2] if begin else table
            column = re.match(r"(?:\s+|ALTER TABLE \w+ ADD COLUMN )(\w+)\s+BYTES\b", line)
            if column and (column[1] == "sealed" or re.search(r"--.*\bsealed\b", line)):
                found.add(f"{table}.{column[1]}")
    return found


class Columns(unittest.TestCase):
    def test_every_place_is_walked(self):
        places = set()
        for path in (ROOT / "src").rglob("*.c"):
            text = path.read_text(encoding="utf-8")
            places |= set(re.findall(r'struct seal_place\)\s*\{\s*SLICE_LITERAL\("([\w.]+)"\)', text))
        self.assertGreater(len(places), 8)
        self.assertEqual(places, {place for _, _, place in ROWS})

    def test_every_sealed_column_is_walked(self):
        self.assertEqual(sealed_in_schema(), {name for _, name, _ in ROWS})

    def test_statements_are_of_their_column(self):
        text = (ROOT / "sql/sealed.sql").read_text(encoding="utf-8")
        for symbol, name, _ in ROWS:
            table, column = name.split(".")
            for what, pattern in (("batch", rf"x\.{column}\s+FROM {table} x JOIN salt"),
                                  ("put", rf"UPDATE {table} SET {column} = \$2"),
                                  ("count", rf"substr\(x\.{column}, 1, 1\).*\s+FROM {table} x LEFT JOIN salt")):
                part = text.split(f"-- name: sealed_{symbol}_{what} ")[1].split(";")[0]
                self.assertRegex(part, pattern)

    def test_copies_are_walked_after_what_they_are_copied_from(self):
        names = [name for _, name, _ in ROWS]
        self.assertLess(names.index("person_sealed.sealed"), names.index("person_version.sealed"))


unittest.main()
