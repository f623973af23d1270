#!/usr/bin/python3
"""tools/catalogue.py finds what is missing, stale or does not fit, and makes a table that is sorted."""
import os
import subprocess
import sys
import tempfile
import unittest

TOOL = sys.argv.pop(1)
HEADER = 'msgid ""\nmsgstr "Language: zh_CN\\n"\n\n'


class Catalogue(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = self.folder.name
        os.makedirs(os.path.join(self.root, "src", "room"))
        os.makedirs(os.path.join(self.root, "i18n"))

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        with open(os.path.join(self.root, path), "w", encoding="utf-8") as file:
            file.write(text)

    def check(self, source, entries):
        self.write("src/room/a.c", source)
        self.write("i18n/zh.po", HEADER + entries)
        done = subprocess.run([sys.executable, TOOL, "check", self.root], capture_output=True, text=True)
        return done.returncode, done.stdout

    def test_whole(self):
        status, out = self.check('f(N_("line %d: "\n "%s"));', 'msgid "line %d: %s"\nmsgstr "第 %d 行：%s"\n')
        self.assertEqual((status, "0 faults" in out), (0, True), out)

    def test_order_may_change(self):
        status, _ = self.check('N_("%s of %llu")', 'msgid "%s of %llu"\nmsgstr "%2$llu 之 %1$s"\n')
        self.assertEqual(status, 0)

    def test_missing(self):
        status, out = self.check('\nN_("one")', "")
        self.assertEqual((status, "src/room/a.c:2: not in i18n/zh.po: one" in out), (1, True), out)

    def test_stale(self):
        status, out = self.check("", 'msgid "old"\nmsgstr "旧"\n')
        self.assertEqual((status, "i18n/zh.po:4: no source uses this any more: old" in out), (1, True), out)

    def test_conversions(self):
        for wrong in ("%s", "%d %d", "%1$s %2$d", "%1$d %s", ""):
            status, _ = self.check('N_("%d %s")', f'msgid "%d %s"\nmsgstr "{wrong}"\n')
            self.assertEqual(status, 1, wrong)

    def test_comments_hold_no_sentences(self):
        status, _ = self.check('/* N_("no") */ // N_("no")\nchar *a = "/*"; N_("yes") /* " */',
                               'msgid "yes"\nmsgstr "是"\n')
        self.assertEqual(status, 0)

    def test_no_plain_sentence(self):
        status, out = self.check("N_(text)", "")
        self.assertEqual((status, "something else" in out), (1, True), out)

    def test_table(self):
        self.write("i18n/zh.po", HEADER + 'msgid "b"\nmsgstr ""\n"乙\\n"\n\nmsgid "a \\"q\\""\nmsgstr "甲"\n\nmsgid "c"\nmsgstr ""\n')
        out = os.path.join(self.root, "out.inc")
        subprocess.run([sys.executable, TOOL, "compile", os.path.join(self.root, "i18n/zh.po"), out], check=True)
        with open(out, encoding="utf-8") as file:
            rows = file.read().split("\n", 1)[1]
        self.assertEqual(rows, '{"a \\"q\\"",\n "甲"},\n{"b",\n "乙\\n"},\n')

    def test_not_a_catalogue(self):
        self.write("i18n/zh.po", HEADER + "msgid oops\n")
        done = subprocess.run([sys.executable, TOOL, "check", self.root], capture_output=True, text=True)
        self.assertEqual((done.returncode, "zh.po:4" in done.stderr), (1, True), done.stderr)


if __name__ == "__main__":
    unittest.main()
