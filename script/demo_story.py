#!/usr/bin/python3
"""Writes the record with which the demo's story begins.

    script/demo_story.py --dir DEMO --village CODE --day DATE --out FILE

looks among the invented children of the village for one in no category whose father and mother are both known, and
writes two admissions to prison of a few days ago: what the justice department's liaison hands in, and what makes the
child a de facto unattended one (民发〔2019〕62号, both parents unable). Prints the child's reference; the file
holds the parents' numbers only.
"""
import argparse
import csv
import datetime
import sys


def rows(folder, name):
    with open(f"{folder}/{name}", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def birth(person):
    return datetime.date.fromisoformat(person["birth_date"])


def minor(person, day):
    """Well under 18, so that the story does not end on a birthday."""
    return person["birth_date"] and 2 <= (day - birth(person)).days / 365.25 < 15


def find(folder, village, day):
    people = {p["ref"]: p for p in rows(folder, "people.csv")}
    judged = {r["child_ref"] for r in rows(folder, "screen.csv")}
    kin = {}
    for row in rows(folder, "relations.csv"):
        kin.setdefault(row["child_ref"], []).append(row)
    for ref, child in people.items():
        if child["residence_division"] != village or ref in judged or not minor(child, day):
            continue
        of = kin.get(ref, [])
        if any(k["relation"].startswith("adoptive") for k in of):
            continue
        parents = [[people.get(k["person_ref"]) for k in of if k["relation"] == role and not k["to"]]
                   for role in ("father", "mother")]
        if all(len(p) == 1 and p[0] and p[0]["id_no"] for p in parents):
            return ref, [p[0] for p in parents]
    sys.exit(f"demo_story: no child of {village} fits")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dir", required=True)
    parser.add_argument("--village", required=True)
    parser.add_argument("--day", type=datetime.date.fromisoformat, required=True)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    ref, parents = find(arguments.dir, arguments.village, arguments.day)
    admitted = arguments.day - datetime.timedelta(days=3)
    with open(arguments.out, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["record_key", "department", "kind", "id_no", "name", "birth_date", "division", "from", "to",
                      "value", "note"])
        for number, parent in enumerate(parents, 1):
            out.writerow([f"SF-DEMO-{admitted:%Y%m%d}-{number}", "justice", "imprisoned", parent["id_no"],
                          parent["name"], parent["birth_date"], parent["residence_division"], admitted.isoformat(), "",
                          "P2Y", ""])
    print(ref)


if __name__ == "__main__":
    main()
