#!/usr/bin/python3
"""Reads a synthetic district's people, relations and records as contracts.md says, works out every
child's categories from the records alone, and compares them with the generator's truth.csv.

    contract_oracle.py DIR        prints each difference; exit status 1 when there is one

It shares nothing with the generator, which knows the truth from its story, nor with the product's
policies. So it shows that the stream of records, with all its mistakes, says in the end what the story
says. It also checks what makes a district usable: numbers, references, order, counts.
"""

import calendar
import csv
import json
import pathlib
import re
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta

NEVER, ALWAYS = date.min, date.max
KINDS = set("""dead missing_declared disability serious_illness imprisoned compulsory_rehab other_custody
    lost_contact guardianship_revoked deported parents_not_found hiv low_income low_income_edge destitute
    divorced married residence outside_for_work school_enrolled school_suspended school_dropout
    school_absent self_harm_visit sleep_disorder_visit psychiatric_diagnosis abnormal_injury_visit
    domestic_violence_call abuse_report bullying runaway vagrant screening_result""".split())
DEPARTMENTS = set("""civil_affairs public_security education health justice court procuratorate
    disabled_federation womens_federation medical_insurance human_resources youth_league town""".split())
CUSTODY = {"imprisoned", "compulsory_rehab", "other_custody"}
UNABLE = CUSTODY | {"serious_illness", "lost_contact", "guardianship_revoked", "deported"}
CATEGORIES = ["de_facto_unattended", "destitute", "disabled_child", "hiv_child", "low_income",
              "low_income_edge", "orphan", "single_parent"]
TERM = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
FULL_WIDTH = {0xFF10 + i: str(i) for i in range(10)} | {ord("x"): "X"}


def add_months(day, months):
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_term(day, text):
    years, months, weeks, days = (int(x or 0) for x in TERM.fullmatch(text).groups())
    return add_months(day, years * 12 + months) + timedelta(weeks=weeks, days=days)


def parse(text, default):
    return date.fromisoformat(text) if text else default


def rows(directory, name):
    with open(directory / name, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def refused(row):
    """Why the contract sends the row to the quarantine, or None."""
    kind, value = row["kind"], row["value"]
    if kind not in KINDS or row["department"] not in DEPARTMENTS:
        return "kind"
    try:
        start, end = parse(row["from"], None), parse(row["to"], ALWAYS)
    except ValueError:
        return "date"
    if start is None or end <= start:
        return "interval"
    if value == "retracted":
        return None
    if kind == "dead" and (value not in ("natural", "declared") or (value == "natural" and row["to"])):
        return "death"
    if kind == "disability" and not re.fullmatch(
            "(visual|hearing|speech|physical|intellectual|mental|multiple)/[1-4]", value):
        return "disability"
    if kind in CUSTODY and value and not TERM.fullmatch(value):
        return "term"
    if kind == "lost_contact" and value not in ("reported", "determined"):
        return "contact"
    return None


class Facts:
    """The records in force, by person."""

    def __init__(self, directory, refs):
        force, self.count = {}, Counter()
        for row in rows(directory, "records.csv"):
            self.count["records"] += 1
            if refused(row):
                self.count["malformed"] += 1
                continue
            key = row["department"], row["kind"], row["record_key"]
            seen = force.get(key)
            if seen == row:
                self.count["duplicates"] += 1
                continue
            linked = row["id_no"].translate(FULL_WIDTH) in refs
            self.count["unlinked"] += not linked
            if row["value"] == "retracted":
                self.count["withdrawals"] += 1
            if seen and self.revision(seen) > self.revision(row):
                continue
            force[key] = row
        self.of = defaultdict(list)
        for row in force.values():
            ref = refs.get(row["id_no"].translate(FULL_WIDTH))
            if ref and row["value"] != "retracted":
                self.of[ref].append((row["kind"], row["value"], parse(row["from"], None),
                                     parse(row["to"], ALWAYS)))

    @staticmethod
    def revision(row):
        text = row["revision"]
        return (int(text), "") if text.isdigit() else (0, text)


def custody(value, start, end):
    """[(status, from, to)] of one custody record."""
    half = add_months(start, 6)
    if value:
        due = add_term(start, value)
        return [(True, start, due if end == ALWAYS else end)] if due >= half else []
    if end != ALWAYS:
        return [(True, start, end)] if end >= half else []
    return [(None, start, half), (True, half, ALWAYS)]


class Person:
    """What holds of one person, as lists of (status, from, to)."""

    def __init__(self, facts):
        self.gone, self.unable = [], []
        self.own = defaultdict(list)
        self.bonds = defaultdict(list)
        for kind, value, start, end in facts:
            if kind in ("dead", "missing_declared"):
                self.gone.append((True, start, end))
            elif kind == "disability":
                self.own["disabled_child"].append((True, start, end))
                sort, level = value.split("/")
                if level in "12" or sort in ("intellectual", "mental"):
                    self.unable.append((True, start, end))
            elif kind in CUSTODY:
                self.unable += custody(value, start, end)
            elif kind == "lost_contact" and value == "reported":
                self.unable.append((True, add_months(start, 6) + timedelta(1), end))
            elif kind in UNABLE:
                self.unable.append((True, start, end))
            elif kind == "hiv":
                self.own["hiv_child"].append((True, start, end))
            elif kind in ("divorced", "married"):
                self.bonds[value].append((start, kind == "divorced"))
            else:
                self.own[kind].append((True, start, end))

    def turns(self):
        for spans in [self.gone, self.unable, *self.own.values()]:
            for _, start, end in spans:
                yield from (start, end)
        for bonds in self.bonds.values():
            for on, _ in bonds:
                yield on


def status(spans, day):
    found = [s for s, start, end in spans if start <= day < end]
    return True if True in found else None if None in found else False


def land(*terms):
    return False if False in terms else None if None in terms else True


def lor(*terms):
    return True if True in terms else None if None in terms else False


def lnot(term):
    return None if term is None else not term


class District:
    def __init__(self, directory):
        self.people = {r["ref"]: r for r in rows(directory, "people.csv")}
        self.refs = {r["id_no"]: ref for ref, r in self.people.items() if r["id_no"]}
        self.kin = defaultdict(list)
        self.relations = 0
        for r in rows(directory, "relations.csv"):
            self.relations += 1
            self.kin[r["child_ref"]].append((r["relation"], r["person_ref"], parse(r["from"], NEVER),
                                             parse(r["to"], ALWAYS)))
        self.facts = Facts(directory, self.refs)
        self.persons = {ref: Person(f) for ref, f in self.facts.of.items()}
        self.nobody = Person([])
        self.households = defaultdict(list)
        for ref, r in self.people.items():
            if r["household"]:
                self.households[r["household"]].append(ref)

    def person(self, ref):
        return self.persons.get(ref, self.nobody)

    def role(self, child, relation, day):
        held = [(start, ref) for r, ref, start, end in self.kin[child] if r == relation and start <= day < end]
        return max(held)[1] if held else None

    def parents(self, child, day):
        adopters = [self.role(child, r, day) for r in ("adoptive_father", "adoptive_mother")]
        adopters = [a for a in adopters if a]
        return (adopters, True) if adopters else ([self.role(child, r, day) for r in ("father", "mother")], False)

    def divorced(self, a, b, day):
        if a is None or b is None:
            return None
        first, second = self.people[a]["id_no"], self.people[b]["id_no"]
        bonds = self.person(a).bonds.get(second, []) + self.person(b).bonds.get(first, [])
        bonds = [bond for bond in bonds if bond[0] <= day]
        return max(bonds)[1] if bonds else False

    def listed(self, child, kind, day):
        household = self.people[child]["household"]
        members = self.households[household] if household else [child]
        if any(status(self.person(m).own[kind], day) for m in members):
            return True
        answering = [p for p in self.parents(child, day)[0] if p]
        answering += [ref for r, ref, start, end in self.kin[child] if r == "guardian" and start <= day < end]
        return any(status(self.person(p).own[kind], day) for p in answering
                   if not self.people[p]["household"])

    def judge(self, child, day):
        parents, adopted = self.parents(child, day)
        gone = [None if p is None else status(self.person(p).gone, day) for p in parents]
        unable = [None if p is None else status(self.person(p).unable, day) for p in parents]
        found = status(self.person(child).own["parents_not_found"], day) and not adopted
        orphan = lor(land(*gone), bool(found))
        struck = land(*(lor(g, u) for g, u in zip(gone, unable)), lor(*unable), lnot(orphan))
        if len(parents) == 1:
            single = gone[0]
        else:
            one = lor(land(gone[0], lnot(gone[1])), land(lnot(gone[0]), gone[1]))
            single = lor(one, self.divorced(*parents, day))
        own = self.person(child).own
        return {"orphan": orphan, "de_facto_unattended": struck, "single_parent": single,
                "disabled_child": status(own["disabled_child"], day), "hiv_child": status(own["hiv_child"], day),
                **{k: self.listed(child, k, day) for k in ("low_income", "low_income_edge", "destitute")}}

    def turns(self, child, birth, end):
        days = {birth}
        near = {child} | {ref for _, ref, _, _ in self.kin[child]}
        near |= set(self.households[self.people[child]["household"]]) if self.people[child]["household"] else set()
        for ref in near:
            if ref in self.persons:
                days.update(self.persons[ref].turns())
        for _, _, start, stop in self.kin[child]:
            days.update((start, stop))
        return sorted(d for d in days if birth <= d < end)

    def verdicts(self, child, as_of):
        birth = parse(self.people[child]["birth_date"], None)
        if birth is None or birth > as_of:
            return
        end = add_months(birth, 18 * 12)
        if as_of >= end:
            return
        now = self.judge(child, as_of)
        if not any(v is not False for v in now.values()):
            return
        turns = self.turns(child, birth, end)
        seen = [(d, self.judge(child, d)) for d in turns]
        here = max(i for i, d in enumerate(turns) if d <= as_of)
        for category in CATEGORIES:
            if now[category] is False:
                continue
            first = last = here
            while first > 0 and seen[first - 1][1][category] is now[category]:
                first -= 1
            while last + 1 < len(seen) and seen[last + 1][1][category] is now[category]:
                last += 1
            until = turns[last + 1] if last + 1 < len(turns) else end
            yield (child, category, "holds" if now[category] else "review", turns[first].isoformat(),
                   until.isoformat())


def check_numbers(district):
    """Identity numbers: valid, unique, synthetic, and in agreement with the row."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    numbers = Counter(r["id_no"] for r in district.people.values() if r["id_no"])
    yield from (f"{n} is given twice" for n, times in numbers.items() if times > 1)
    for ref, r in district.people.items():
        number = r["id_no"]
        if not number:
            continue
        check = "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], weights)) % 11]
        sex = "M" if int(number[16]) % 2 else "F"
        if not (re.fullmatch(r"9999\d{13}[\dX]", number) and number[17] == check and sex == r["sex"]
                and number[6:14] == r["birth_date"].replace("-", "")):
            yield f"{ref}: {number} is not valid"


def check_references(directory, district, as_of):
    """Every reference leads somewhere; files are in order; counts are those of the manifest."""
    divisions = {r["code"]: r for r in rows(directory, "divisions.csv")}
    for code, r in divisions.items():
        if r["parent"] and r["parent"] not in divisions:
            yield f"{code} stands under {r['parent']}, which is not there"
    for ref, r in district.people.items():
        if r["residence_division"] not in divisions or r["hukou_division"] not in {"", *divisions}:
            yield f"{ref} lives nowhere"
        if r["phone"] and not re.fullmatch(r"194\d{8}", r["phone"]):
            yield f"{ref} has a telephone number that may be somebody's"
        if r["residence_since"] and r["birth_date"] and r["residence_since"] < r["birth_date"]:
            yield f"{ref} lived there before birth"
    for child, kin in district.kin.items():
        for _, ref, start, end in kin:
            if ref not in district.people or child not in district.people or end <= start:
                yield f"{child} is related to {ref} in no way"
    for r in rows(directory, "records.csv"):
        if r["division"] not in divisions or (r["kind"] == "residence" and r["value"] not in divisions):
            yield f"record {r['record_key']} is of no division"
    for r in rows(directory, "accounts.csv"):
        if r["division"] not in divisions:
            yield f"account {r['account']} is of no division"


def check_counts(directory, district, truth, as_of):
    counts = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))["counts"]
    births = [parse(r["birth_date"], None) for r in district.people.values()]
    made = dict(district.facts.count)
    made.update(people=len(district.people), relations=district.relations,
                accounts=sum(1 for _ in rows(directory, "accounts.csv")),
                children=sum(1 for b in births if b and b <= as_of < add_months(b, 216)),
                truth_holds=sum(1 for t in truth if t[2] == "holds"),
                truth_review=sum(1 for t in truth if t[2] == "review"))
    for name, n in made.items():
        if counts[name] != n:
            yield f"the manifest says {counts[name]} {name}, the files {n}"


def main(directory):
    options = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))["options"]
    as_of = date.fromisoformat(options["as_of"])
    district = District(directory)
    truth = [tuple(r.values()) for r in rows(directory, "truth.csv")]
    mine = sorted(v for ref in district.people for v in district.verdicts(ref, as_of))
    complaints = [f"truth only:   {','.join(t)}" for t in sorted(set(truth) - set(mine))]
    complaints += [f"records only: {','.join(t)}" for t in sorted(set(mine) - set(truth))]
    if truth != sorted(truth, key=lambda t: t[:2]):
        complaints.append("truth.csv is not sorted")
    complaints += check_numbers(district)
    complaints += check_references(directory, district, as_of)
    complaints += check_counts(directory, district, truth, as_of)
    for complaint in complaints[:50]:
        print(complaint)
    print(f"{len(truth)} rows of truth, {len(mine)} from the records, {len(complaints)} complaints")
    missing = set(CATEGORIES) - {t[1] for t in truth if t[2] == "holds"}
    if missing:
        print(f"no child is {' '.join(sorted(missing))}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
