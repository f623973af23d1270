#!/usr/bin/python3
"""script/lint-sources finds what it is there to find, and names file and line."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = sys.argv.pop(1)


class Lint(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        os.mkdir(os.path.join(self.folder.name, "script"))
        for name in ("lint-sources", "arrows.txt"):
            shutil.copy(os.path.join(SCRIPTS, name), os.path.join(self.folder.name, "script"))

    def tearDown(self):
        self.folder.cleanup()

    def faults(self, check, path, text):
        file = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
        tool = os.path.join(self.folder.name, "script", "lint-sources")
        done = subprocess.run([sys.executable, tool, check], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1 if done.stdout else 0, done.stderr)
        return done.stdout

    def test_arrows(self):
        wrong = self.faults("arrows", "src/policy/a.c", '#include "base/day.h"\n#include "store/store.h"\n')
        self.assertEqual(wrong, "src/policy/a.c:2: policy may not use store: store/store.h\n")

    def test_arrows_that_are_allowed(self):
        self.assertEqual(self.faults("arrows", "src/people/a.c", '#include "store/store.h"\n#include "own.h"\n'), "")

    def test_arrow_by_a_way_around(self):
        self.assertIn("src/base/a.h:1:", self.faults("arrows", "src/base/a.h", '#include "../people/fact.h"\n'))

    def test_room_without_a_row(self):
        self.assertIn("src/attic/a.c:1:", self.faults("arrows", "src/attic/a.c", "\n"))

    def test_banned(self):
        wrong = self.faults("banned", "src/cli/a.c", "/* system(1) */\nx = \"rand()\";\nn = atoi(text);\n")
        self.assertEqual(wrong, "src/cli/a.c:3: atoi is banned: strtol with its checks\n")

    def test_exec_belongs_to_the_store(self):
        self.assertIn("a.c:1: sqlite3_exec", self.faults("banned", "src/people/a.c", "sqlite3_exec(db);\n"))
        os.remove(os.path.join(self.folder.name, "src/people/a.c"))
        self.assertEqual(self.faults("banned", "src/store/a.c", "sqlite3_exec(db);\n"), "")

    def test_what_only_looks_banned(self):
        text = "my_system(1); p->system(2); s.popen(3); operand(4); random_rand = 5;\n"
        self.assertEqual(self.faults("banned", "src/cli/a.c", text), "")

    def test_words(self):
        self.assertIn("sql/a.sql:2:", self.faults("words", "sql/a.sql", "\n-- TO" + "DO later\n"))


if __name__ == "__main__":
    unittest.main()
