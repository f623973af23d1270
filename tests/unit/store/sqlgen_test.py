#!/usr/bin/python3
"""The generator refuses what would fail later, and names the place."""
import os
import subprocess
import sys
import tempfile
import unittest

SQLGEN = sys.argv.pop(1)
GOOD = """-- name: a_get :maybe
-- Finds it.
-- param id int
-- column name text?
SELECT name FROM a WHERE id = $1;
"""


def run(statements, *migrations):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.sql")
        with open(path, "w", encoding="utf-8") as f:
            f.write(statements)
        paths = []
        os.mkdir(os.path.join(directory, "schema"))
        for name, text in migrations:
            paths.append(os.path.join(directory, "schema", name))
            with open(paths[-1], "w", encoding="utf-8") as f:
                f.write(text)
        done = subprocess.run([sys.executable, SQLGEN, "--out", directory, "--statements", path,
                               "--migrations", *paths], capture_output=True, text=True, check=False)
        made = {}
        for name in filter(lambda n: n.startswith("sql_"), os.listdir(directory)):
            with open(os.path.join(directory, name), encoding="utf-8") as f:
                made[name] = f.read()
        return done, made


class Refusals(unittest.TestCase):
    def refused(self, statements, because, *migrations):
        done, _ = run(statements, *migrations)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(because, done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_good(self):
        done, made = run(GOOD)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("struct slice name;", made["sql_a.h"])
        self.assertIn("id = ?1", made["sql_statements.c"])
        self.assertIn("id = $1", made["sql_statements.c"])

    def test_parameter_not_declared(self):
        self.refused(GOOD.replace("= $1", "= $1 + $2"), "declares 1 parameters")

    def test_parameter_not_used(self):
        self.refused(GOOD.replace("$1", "1"), "uses none")

    def test_column_count(self):
        self.refused(GOOD.replace("SELECT name", "SELECT name, (SELECT 1, 2)"), "gives 2")

    def test_name_twice(self):
        self.refused(GOOD + GOOD, "already at")

    def test_kind(self):
        self.refused(GOOD.replace(":maybe", ":one"), "a.sql:1: the kind")

    def test_type(self):
        self.refused(GOOD.replace("text?", "string"), "a.sql:4: not a declaration")

    def test_columns_of_exec(self):
        self.refused(GOOD.replace(":maybe", ":exec"), ":exec has no columns")

    def test_two_statements(self):
        self.refused(GOOD + "DELETE FROM a;\n", "one statement")

    def test_question_mark(self):
        self.refused(GOOD.replace("= $1", "= $1 AND id = ?"), "not ?")

    def test_without_name(self):
        self.refused("SELECT 1;\n", "without a name")

    def test_array(self):
        text = GOOD.replace("id int", "ids int[3]").replace("= $1", "IN ($1..$3)")
        done, made = run(text)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("const int64_t *ids, size_t id_count", made["sql_a.h"])
        self.assertIn("IN (?1, ?2, ?3)", made["sql_statements.c"])
        self.refused(text.replace("$3", "$4"), "declares 3 parameters")

    def test_file_not_named(self):
        with tempfile.TemporaryDirectory() as directory:
            for name in ["a.sql", "b.sql"]:
                with open(os.path.join(directory, name), "w", encoding="utf-8") as f:
                    f.write(GOOD)
            done = subprocess.run([sys.executable, SQLGEN, "--out", directory, "--statements",
                                   os.path.join(directory, "a.sql")],
                                  capture_output=True, text=True, check=False)
            self.assertIn("b.sql: the build does not know it", done.stderr)

    def test_migrations(self):
        table = ("CREATE TABLE a (\n    id BIGINT PRIMARY KEY, -- the id;\n    b BYTES,\n"
                 "    c TEXT\n) STRICT;\n")
        done, made = run(GOOD, ("001-a.sql", table))
        self.assertEqual(done.returncode, 0, done.stderr)
        c = made["sql_migrations.c"].replace('"\n        "', "")
        self.assertIn(r"(\n    id INTEGER PRIMARY KEY,\n    b BLOB,\n    c TEXT\n) STRICT;", c)
        self.assertIn(r'(\n    id BIGINT PRIMARY KEY,\n    b BYTEA,\n    c TEXT COLLATE \"C\"\n);',
                      c)
        self.refused(GOOD, "numbered without a gap", ("002-a.sql", table))
        self.refused(GOOD, "numbered without a gap", ("001-a.sql", table), ("001-b.sql", table))


if __name__ == "__main__":
    unittest.main()
