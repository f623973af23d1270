"""Random families and what departments say of them: made to hurt, not to look like a county.

Days are drawn from the places where a wrong comparison shows: 29 February, month ends, the day itself,
the day before and after, six months on. Nothing here is judged; the oracle says what follows.
"""

import datetime

from harness import id_number
from oracle import CUSTODY, DEPARTMENTS, add_months, anniversary, day, term_end, written

SPECIAL = [day(d) for d in (
    "2004-02-29", "2008-02-29", "2012-02-29", "2016-02-29", "2020-02-29", "2024-02-29", "2023-02-28",
    "2022-08-31", "2023-08-31", "2024-08-31", "2023-12-31", "2024-01-31", "2024-03-31", "2024-06-30",
    "2021-05-31", "2019-10-31", "2018-11-30", "2024-03-01", "2025-01-01")]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ["建国", "秀英", "小明", "芳", "伟", "静怡", "子涵", "𠮷", "阿依古丽·买买提", "欣妍"]
# Refs of mixed scripts and cases, so that "sorted by code point" is put to the test.
PREFIXES = ["c", "C", "k-", "_", "é", "中", "𠮷", "z", "00"]

CHILD_KINDS = ["disability", "hiv", "parents_not_found", "low_income", "destitute", "outside_for_work"]
PARENT_KINDS = ["dead", "imprisoned", "missing_declared", "disability", "disability", "serious_illness",
                "imprisoned", "imprisoned", "compulsory_rehab", "other_custody", "other_custody",
                "lost_contact", "lost_contact", "guardianship_revoked", "deported", "low_income",
                "low_income_edge", "destitute", "divorced", "divorced", "married", "residence"]
LASTING = ["dead", "missing_declared", "serious_illness", "guardianship_revoked", "deported"]
LISTS = ["low_income", "low_income_edge", "destitute"]
TERMS = ["P6M", "P6M", "P6M", "P6M", "P5M", "P3Y", "P5M29D", "P6M1D", "P26W", "P182D", "P181D",
         "P184D", "P183D", "P1Y2M3D",
         "P0Y6M", "P24W14D", "P12M"]
# Open kinds whose contract gives them no end.
ENDLESS = {"hiv", "divorced", "married"}


class District:
    def __init__(self, rng, families, revisions=False):
        self.rng, self.revisions = rng, revisions
        self.people, self.relations, self.records = [], [], []
        self.days = list(SPECIAL)
        self.serials = {}
        for number in range(families):
            self.family(number)
        if revisions:
            rng.shuffle(self.records)
        self.spoil()

    # Days

    def date(self, low="2003-01-01", high="2027-12-31"):
        """A day in [low, high], as often as not near a day that something hangs on."""
        rng, low, high = self.rng, day(low), day(high)
        for _ in range(20):
            if rng.random() < 0.35:
                found = rng.randint(low, high)
            else:
                found = rng.choice(self.days)
                found = rng.choice([found, found, add_months(found, 6), add_months(found, -6),
                                    anniversary(found, 1), anniversary(found, 18)])
                found += rng.choice([0, 0, 0, -1, 1])
            if low <= found <= high:
                self.days.append(found)
                return written(found)
        return written(rng.randint(low, high))

    def after(self, start):
        """A day after start: near it, six months on give or take a day, or any."""
        first, rng = day(start), self.rng
        found = rng.choice([
            add_months(first, 6), add_months(first, 6) - 1, add_months(first, 6) + 1, first + 1,
            first + rng.randint(1, 90), first + rng.randint(1, 6000), add_months(first, 12)])
        return written(max(found, first + 1))

    # People

    def person(self, prefix, birth, sex="", id_chance=0.95, household=""):
        rng = self.rng
        serial = self.serials[birth] = self.serials.get(birth, -1) + 1
        numbered = serial < 500 and rng.random() < id_chance
        real_sex = sex or rng.choice("MF")
        row = {
            "ref": f"{prefix}{len(self.people)}",
            "id_no": id_number(birth, serial, real_sex) if numbered else "",
            "name": rng.choice(SURNAMES) + rng.choice(GIVEN),
            "sex": real_sex if rng.random() < 0.9 else "",
            "birth_date": "" if numbered and rng.random() < 0.1 else birth,
            "hukou_division": "330782001001", "residence_division": "330782001002",
            "residence_since": "", "address": "某路 1 号, 室", "phone": "", "household": household}
        self.people.append(row)
        return row

    def adult(self, low=1960, high=1990, sex="", household=""):
        birth = written(self.rng.randint(day(f"{low}-01-01"), day(f"{high}-12-31")))
        row = self.person("p", birth, sex, household=household)
        if not row["id_no"] and self.rng.random() < 0.5:
            row["birth_date"] = ""  # an adult may lack one
        return row

    def relate(self, child, person, role, start="", end=""):
        self.relations.append({"child_ref": child["ref"], "person_ref": person["ref"], "relation": role,
                               "from": start, "to": end})

    def span(self, open_start=0.5, open_end=0.6):
        start = "" if self.rng.random() < open_start else self.date()
        end = "" if self.rng.random() < open_end else self.after(start or self.date())
        return start, end

    def family(self, number):
        rng = self.rng
        home = f"h{number}" if rng.random() < 0.6 else ""

        def household():
            return home if rng.random() < 0.8 else ""

        father, mother = (self.adult(sex=s, household=household()) for s in "MF")
        others = [self.adult(household=household()) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
        children = []
        for _ in range(rng.choice([1, 1, 2, 3])):
            birth = self.date("2003-01-01", "2026-06-30")
            child = self.person(rng.choice(PREFIXES), birth, id_chance=0.85, household=household())
            children.append(child)
            self.parents(child, birth, father, mother, others)
        adults = [father, mother] + others
        if rng.random() < 0.6:
            # One parent is long out of the way, so that it is the other's days that decide.
            self.record(rng.choice([father, mother]), rng.choice(LASTING), father, mother, adults)
        guardians = [p for p in adults for r in self.relations
                     if r["relation"] == "guardian" and r["person_ref"] == p["ref"]]
        if guardians and rng.random() < 0.7:
            self.record(guardians[0], rng.choice(LISTS), father, mother, adults)
        if rng.random() < 0.15:
            self.divorce(father, mother, adults)
        for _ in range(rng.choice([0, 1, 2, 3, 4, 6, 8])):
            if rng.random() < 0.25:
                self.record(rng.choice(children), rng.choice(CHILD_KINDS), father, mother, adults)
            else:
                self.record(rng.choice([father, mother, father, mother, rng.choice(adults)]),
                            rng.choice(PARENT_KINDS), father, mother, adults)

    def divorce(self, father, mother, adults):
        """Divorced and married again, now and then on one day."""
        first = self.date("2010-01-01", "2024-12-31")
        second = self.rng.choice([first, self.after(first)])
        for kind, when in (("divorced", first), ("married", second)):
            person = self.rng.choice([father, mother])
            self.record(person, kind, father, mother, adults)
            for row in self.records:
                if row["record_key"] == self.latest and row["value"] != "retracted":
                    row["from"] = when

    def parents(self, child, birth, father, mother, others):
        rng = self.rng
        starts = set()  # of two rows of one role from one day, the contract does not choose

        def row(role, person):
            start, end = self.span()
            begins = (role, start or birth)
            if begins not in starts and (not end or end > (start or birth)):
                starts.add(begins)
                self.relate(child, person, role, start, end)

        for role, person in (("father", father), ("mother", mother)):
            if rng.random() < 0.6:
                self.relate(child, person, role)
                starts.add((role, birth))
            elif rng.random() < 0.7:
                row(role, person)
        for person in others:
            what = rng.random()
            if what < 0.25:
                row(rng.choice(["father", "mother"]), person)
            elif what < 0.55:
                row(rng.choice(["adoptive_father", "adoptive_mother"]), person)
            elif what < 0.65:
                row(rng.choice(["step_father", "step_mother"]), person)
            elif what < 0.8 and not any(role == "guardian" for role, _ in starts):
                row("guardian", person)
            elif what < 0.9:
                row(rng.choice(["grandparent", "relative", "foster_parent", "sibling"]), person)
        if rng.random() < 0.1:  # a step-parent's adoption: the birth parent who stays is entered again
            row("adoptive_mother", mother)
        if rng.random() < 0.05:  # the same person in the same role, for a second time
            row(rng.choice(["father", "adoptive_father"]), father)

    # Records

    def record(self, person, kind, father, mother, adults):
        """One record of a kind about a person, with its corrections and withdrawals."""
        rng = self.rng
        number = person["id_no"]
        if not number or rng.random() < 0.03:
            number = rng.choice(["", id_number("1950-01-01", rng.randrange(500))])
        other = {father["ref"]: mother, mother["ref"]: father}.get(person["ref"], rng.choice(adults))
        self.latest = f"r{len(self.records) + 1}"
        row = {"record_key": self.latest, "department": rng.choice(sorted(DEPARTMENTS)),
               "kind": kind, "id_no": self.spelt(number), "name": person["name"] if rng.random() < 0.5
               else "", "birth_date": "", "division": "", "note": rng.choice(["", "", "见卷, \"附\""])}
        self.fill(row, other)
        versions = [row]
        while rng.random() < 0.3 and len(versions) < 5:
            versions.append(self.next_version(versions, adults, other))
        if self.revisions:
            for order, version in enumerate(versions):
                version["revision"] = self.revision(row["record_key"], order)
        if rng.random() < 0.15:
            versions.append(dict(rng.choice(versions) if self.revisions else versions[-1]))
        if not self.revisions and rng.random() < 0.2:
            for version in versions[1:]:  # other families' records come in between
                self.records.insert(rng.randint(0, len(self.records)), version)
            self.records.insert(0, versions[0])
        else:
            self.records += versions

    def fill(self, row, other):
        """Days and a value that suit the kind."""
        rng, kind = self.rng, row["kind"]
        row["from"] = self.date("2004-01-01", "2027-12-31")
        row["to"] = "" if kind in ENDLESS or rng.random() < 0.45 else self.after(row["from"])
        row["value"] = ""
        if kind in LASTING and rng.random() < 0.5:
            row["from"], row["to"] = self.date("2004-01-01", "2012-12-31"), ""
        if kind in CUSTODY and row["to"] and rng.random() < 0.5:
            row["to"] = written(max(add_months(day(row["from"]), 6) + rng.choice([-1, 0, 0, 1]),
                                    day(row["from"]) + 1))
        if kind == "dead":
            row["value"] = "declared" if row["to"] else rng.choice(["natural", "declared"])
        elif kind == "disability":
            row["value"] = rng.choice(["visual", "hearing", "speech", "physical", "intellectual", "mental",
                                       "multiple"]) + rng.choice(["/1", "/2", "/3", "/4"])
        elif kind == "serious_illness":
            row["value"] = rng.choice(["", "尿毒症"])
        elif kind in CUSTODY:
            row["value"] = rng.choice(["", rng.choice(TERMS)])
            if row["value"] and rng.random() < 0.3:  # released early, or held longer than the term
                start = day(row["from"])
                row["to"] = written(max(start + 1, term_end(start, row["value"])
                                        + rng.choice([-60, -1, 0, 1, 60, 300])))
        elif kind == "lost_contact":
            row["value"] = rng.choice(["reported", "determined"])
        elif kind in ("divorced", "married"):
            row["value"] = self.spelt(other["id_no"]) or id_number("1950-01-01", 7)
        elif kind in ("residence", "outside_for_work"):
            row["value"] = "330782001003"

    def next_version(self, versions, adults, other):
        """A correction, a withdrawal, or the revival of an earlier version."""
        rng, version = self.rng, dict(versions[-1])
        what = rng.random()
        if what < 0.25:
            version["value"] = "retracted"
        elif what < 0.35:
            version = dict(rng.choice(versions))
        elif what < 0.5:
            version["id_no"] = rng.choice(adults)["id_no"]
            if version["value"] == "retracted":
                self.fill(version, other)
        else:
            self.fill(version, other)
        return version

    def revision(self, key, order):
        """Whole numbers for some records, times for others; times whose order is not that of text."""
        if int(key[1:]) % 2:
            return str(order * 7 + 3)  # 3, 10, 17: text order is wrong
        moment = datetime.datetime(2024, 1, 1) + datetime.timedelta(hours=order)
        offset = (8, 0, -3)[order % 3]
        local = moment + datetime.timedelta(hours=offset)
        return local.isoformat() + ("Z" if offset == 0 else f"{offset:+03d}:00")

    def spelt(self, number):
        """One person's number as departments write it."""
        what = self.rng.random()
        if what < 0.1:
            return number.replace("X", "x")
        if what < 0.15:
            return number[:-1].translate({ord(c): chr(ord(c) - 48 + ord("０")) for c in "0123456789"}) \
                + number[-1:]
        return number

    def spoil(self):
        """Rows that must be refused, between and over good ones."""
        rng = self.rng
        good = [row for row in self.records if row["value"] != "retracted"]
        for at in range(len(self.records) // 15):
            bad = dict(rng.choice(good))
            column, value = rng.choice([
                ("from", ""), ("from", "2023-02-29"), ("from", "2023-13-01"), ("from", "20230101"),
                ("to", "2023-04-31"), ("to", "1999-12-31"), ("to", bad["from"]),
                ("kind", "divorce"), ("department", "tax"), ("id_no", "999901199001010000"),
                ("value", "visual/5"), ("value", "P6"), ("value", "PT6H"), ("value", "?")])
            if column == "id_no":
                value = value[:17] + ("1" if value[:17] + "1" != id_number("1990-01-01", 0, "F") else "2")
            bad[column] = value
            if column == "value":
                bad["kind"] = {"visual/5": "disability", "P6": "imprisoned", "PT6H": "other_custody",
                               "?": "low_income"}[value]
            if rng.random() < 0.5:
                bad["record_key"] = f"x{at}"
            self.records.insert(rng.randint(0, len(self.records)), bad)
        for at in range(len(self.records) // 60):
            row = dict(rng.choice(good), record_key=f"never-seen-{at}", value="retracted")
            if self.revisions:
                row.setdefault("revision", "1")
            self.records.insert(rng.randint(0, len(self.records)), row)
