#!/usr/bin/python3
"""Districts of several seeds, days and densities of misfortune, each read by contract_oracle.py.

    contract_test.py DISTRICT_MAKE

HUMIAO_TEST_SEED gives the seed of the first; it is printed.
"""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import contract_oracle

MAKE = sys.argv.pop(1)
SEED = int(os.environ.get("HUMIAO_TEST_SEED", time.time()))
TREE = """code,name,level,parent
330000000000,浙江省,province,
330700000000,金华市,city,330000000000
330782000000,义乌市,county,330700000000
330781000000,兰溪市,county,330700000000
330782001000,稠城街道,town,330782000000
330782001001,江滨社区居委会,village,330782001000
330782001002,胜利社区居委会,village,330782001000
340000000000,安徽省,province,
340102000000,瑶海区,county,340000000000
"""


class Contract(unittest.TestCase):
    def district(self, children, seed, as_of, misfortune):
        with tempfile.TemporaryDirectory() as place:
            tree, out = pathlib.Path(place) / "tree.csv", pathlib.Path(place) / "out"
            tree.write_text(TREE, encoding="utf-8")
            subprocess.run([MAKE, tree, out, str(children), str(seed), as_of, str(misfortune)], check=True)
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                status = contract_oracle.main(out)
            self.assertEqual(status, 0, f"seed {seed}\n{told.getvalue()}")

    def test_as_in_the_demo(self):
        self.district(3000, SEED, "2026-06-30", 1)

    def test_much_misfortune(self):
        self.district(1200, SEED + 1, "2026-06-30", 12)

    def test_on_a_leap_day(self):
        self.district(800, SEED + 2, "2024-02-29", 20)

    def test_the_day_before_a_leap_birthday(self):
        self.district(800, SEED + 3, "2025-02-28", 20)


if __name__ == "__main__":
    print(f"HUMIAO_TEST_SEED={SEED}", file=sys.stderr)
    unittest.main()
