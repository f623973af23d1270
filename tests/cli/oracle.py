"""A second program that answers what `screen` answers, slowly and from the contract alone.

It walks every day of every childhood and asks, on that day, which rows and records hold and what follows
from them. There is no interval algebra in it: an interval is only ever asked whether it covers a day, and
a stretch is found by looking at one day after another. Truth is three-valued: NO, MAYBE, YES in that
order, so that `and` is min, `or` is max and `not` is YES minus the value (Kleene).

What a day's verdict depends on is the tuple of states of the child's rows and records on that day; equal
tuples give equal verdicts, which is the only short cut taken (a dictionary, in `childhood`).
"""

import calendar
import datetime
import re

NO, MAYBE, YES = 0, 1, 2
NEVER = 10 ** 9  # the ordinal of a day that does not come

CATEGORIES = ("de_facto_unattended", "destitute", "disabled_child", "hiv_child", "low_income",
              "low_income_edge", "orphan", "single_parent")

DEPARTMENTS = frozenset(
    "civil_affairs public_security education health justice court procuratorate disabled_federation "
    "womens_federation medical_insurance human_resources youth_league town".split())

CUSTODY = frozenset(("imprisoned", "compulsory_rehab", "other_custody"))
LISTS = frozenset(("low_income", "low_income_edge", "destitute"))
PLAIN = frozenset(("missing_declared", "guardianship_revoked", "deported", "parents_not_found", "hiv"))
FREE = frozenset((
    "serious_illness", "outside_for_work", "school_enrolled", "school_suspended", "school_dropout",
    "school_absent", "self_harm_visit", "sleep_disorder_visit", "psychiatric_diagnosis",
    "abnormal_injury_visit", "domestic_violence_call", "abuse_report", "bullying", "runaway", "vagrant",
    "screening_result"))
KINDS = CUSTODY | LISTS | PLAIN | FREE | frozenset(
    ("dead", "disability", "lost_contact", "divorced", "married", "residence"))

DISABILITY = re.compile(r"(visual|hearing|speech|physical|intellectual|mental|multiple)/([1-4])")
DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


# Days. A day is its ordinal; a written date that does not exist is None.

def day(text):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return datetime.date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def written(ordinal):
    return datetime.date.fromordinal(ordinal).isoformat()


def add_months(ordinal, months):
    """The corresponding day, else the last day of that month."""
    d = datetime.date.fromordinal(ordinal)
    year, month = divmod(d.year * 12 + d.month - 1 + months, 12)
    month += 1
    return datetime.date(year, month, min(d.day, calendar.monthrange(year, month)[1])).toordinal()


def anniversary(ordinal, years):
    d = datetime.date.fromordinal(ordinal)
    if (d.month, d.day) == (2, 29) and not calendar.isleap(d.year + years):
        return datetime.date(d.year + years, 2, 28).toordinal()
    return d.replace(year=d.year + years).toordinal()


def term_end(start, value):
    years, months, weeks, days = (int(x or 0) for x in DURATION.fullmatch(value).groups())
    return add_months(start, years * 12 + months) + weeks * 7 + days


# Identity numbers.

FULL_WIDTH = {ord("０") + i: str(i) for i in range(10)}


def normal_id(text):
    return text.translate(FULL_WIDTH).replace("x", "X")


def valid_id(text):
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return False
    if day(f"{text[6:10]}-{text[10:12]}-{text[12:14]}") is None:
        return False
    weights = [pow(2, 17 - i, 11) for i in range(17)]
    return "10X98765432"[sum(int(c) * w for c, w in zip(text, weights)) % 11] == text[17]


# Records.

def refusal(row):
    """Why a record is quarantined, or None."""
    kind, value = row["kind"], row["value"]
    if row["department"] not in DEPARTMENTS:
        return "department"
    if kind not in KINDS:
        return "kind"
    number = normal_id(row["id_no"])
    if len(number) == 18 and not valid_id(number):
        return "id_no"
    start = day(row["from"])
    if start is None:
        return "from"
    end = NEVER
    if row["to"]:
        end = day(row["to"])
        if end is None or end <= start:
            return "to"
    if value == "retracted":
        return None
    if kind == "dead" and (value not in ("natural", "declared") or (value == "natural" and row["to"])):
        return "value"
    if kind == "disability" and not DISABILITY.fullmatch(value):
        return "value"
    if kind in CUSTODY and value and not DURATION.fullmatch(value):
        return "value"
    if kind == "lost_contact" and value not in ("reported", "determined"):
        return "value"
    if kind in PLAIN | LISTS and value:
        return "value"
    if kind in ("divorced", "married") and not valid_id(normal_id(value)):
        return "value"
    if kind == "residence" and not re.fullmatch(r"[0-9]{12}", value):
        return "value"
    return None


def content(row):
    """All columns, with numbers in their one spelling."""
    value = row["value"]
    return {**row, "id_no": normal_id(row["id_no"]),
            "value": normal_id(value) if row["kind"] in ("divorced", "married") else value}


def revision_order(text):
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Fact:
    """One record in force about one person."""

    def __init__(self, person, row):
        self.person, self.kind, self.value = person, row["kind"], row["value"]
        self.start = day(row["from"])
        self.end = day(row["to"]) if row["to"] else NEVER
        self.other = normal_id(self.value) if self.kind in ("divorced", "married") else None
        self.half_year = add_months(self.start, 6)
        self.term = term_end(self.start, self.value) if self.kind in CUSTODY and self.value else None
        self.on = (self.custody if self.kind in CUSTODY else
                   self.reported if self.value == "reported" else self.plain)

    # Whether its condition is met on day d, by kind.

    def plain(self, d):
        return YES if self.start <= d < self.end else NO

    def reported(self, d):
        return YES if self.half_year < d < self.end else NO

    def custody(self, d):
        if self.term is not None:
            end = self.end if self.end != NEVER else self.term
            return YES if self.start <= d < end and self.term >= self.half_year else NO
        if not self.start <= d < self.end:
            return NO
        if self.end != NEVER:
            return YES if self.end >= self.half_year else NO
        return YES if d >= self.half_year else MAYBE

    def severe(self):
        kind, level = DISABILITY.fullmatch(self.value).groups()
        return level in "12" or kind in ("mental", "intellectual")


class Row:
    """One relations row of one child."""

    def __init__(self, row, birth):
        self.person, self.relation = row["person_ref"], row["relation"]
        self.start = day(row["from"]) if row["from"] else birth
        self.end = day(row["to"]) if row["to"] else NEVER

    def on(self, d):
        return YES if self.start <= d < self.end else NO


class Oracle:
    def __init__(self):
        self.people = {}
        self.relations = []
        self.force = {}  # (department, kind, record_key) -> the row in force

    def load_people(self, rows):
        self.people.update((r["ref"], r) for r in rows)

    def load_relations(self, rows):
        self.relations.extend(r for r in rows if r not in self.relations)

    def ingest(self, rows):
        """What becomes of each row: 'accepted', 'duplicate' or 'quarantined'."""
        return [self.receive(row) for row in rows]

    def receive(self, row):
        if refusal(row):
            return "quarantined"
        key = (row["department"], row["kind"], row["record_key"])
        held, revision = self.force.get(key), row.get("revision", "")
        if row["value"] == "retracted" and held is None and not revision:
            return "quarantined"
        if held is not None:
            if content(held) == content(row):
                return "duplicate"
            if revision and held.get("revision") and \
                    revision_order(revision) < revision_order(held["revision"]):
                return "accepted"
        self.force[key] = row
        return "accepted"

    def birth(self, ref):
        person = self.people[ref]
        if person["birth_date"]:
            return day(person["birth_date"])
        number = normal_id(person["id_no"])
        return day(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") if number else None

    def unlinked(self):
        """How many records in force are about nobody that is known."""
        numbers = {normal_id(p["id_no"]) for p in self.people.values()} - {""}
        return sum(normal_id(r["id_no"]) not in numbers for r in self.force.values())

    def settle(self):
        """Finds whom each record is about, once everything has arrived."""
        by_number = {normal_id(p["id_no"]): ref for ref, p in self.people.items() if p["id_no"]}
        self.facts = {}
        for row in self.force.values():
            person = by_number.get(normal_id(row["id_no"]))
            if person is not None and row["value"] != "retracted":
                self.facts.setdefault(person, []).append(Fact(person, row))
        self.rows = {}
        for row in self.relations:
            birth = self.birth(row["child_ref"])
            self.rows.setdefault(row["child_ref"], []).append(Row(row, birth))
        self.members = {}
        for ref, person in self.people.items():
            if person["household"]:
                self.members.setdefault(person["household"], []).append(ref)
        self.known = {}

    def childhood(self, ref):
        """(birth, [verdict of each day until the 18th birthday]); a verdict is a tuple by CATEGORIES."""
        if ref not in self.known:
            birth = self.birth(ref)
            rows = self.rows.get(ref, [])
            household = self.people[ref]["household"]
            concerned = {ref, *(r.person for r in rows), *self.members.get(household, [])}
            facts = [f for p in sorted(concerned) for f in self.facts.get(p, [])]
            things, seen, days = rows + facts, {}, []
            for d in range(birth, anniversary(birth, 18)):
                states = tuple(t.on(d) for t in things)
                if states not in seen:
                    seen[states] = Day(self, ref, rows, facts, states).verdicts()
                days.append(seen[states])
            self.known[ref] = birth, days
        return self.known[ref]

    def screen(self, as_of):
        """Rows of `screen --as-of`, as tuples."""
        today, answer = day(as_of), []
        for ref in sorted(self.people):
            birth = self.birth(ref)
            if birth is None or not birth <= today < anniversary(birth, 18):
                continue
            birth, days = self.childhood(ref)
            for place, category in enumerate(CATEGORIES):
                status = days[today - birth][place]
                if status != NO:
                    first, last = stretch(days, today - birth, place)
                    answer.append((ref, category, "holds" if status == YES else "review",
                                   written(birth + first), written(birth + last + 1)))
        return sorted(answer)

    def stretches(self, ref):
        """Every unbroken stretch of one child: (category, status, first day, day after the last)."""
        birth, days = self.childhood(ref)
        answer = []
        for place, category in enumerate(CATEGORIES):
            begun, status = 0, days[0][place]
            for at, verdict in enumerate(days + [None]):
                if verdict is None or verdict[place] != status:
                    if status != NO:
                        answer.append((category, "holds" if status == YES else "review",
                                       written(birth + begun), written(birth + at)))
                    begun, status = at, verdict and verdict[place]
        return answer

    def boundaries(self):
        """Days on which something may change: where a wrong comparison would show."""
        found = set()
        for ref in self.people:
            birth = self.birth(ref)
            if birth is not None:
                found |= {birth, anniversary(birth, 18)}
        for row in list(self.force.values()) + self.relations:
            for column in ("from", "to"):
                if row[column]:
                    found |= {day(row[column]), add_months(day(row[column]), 6)}
            if row.get("kind") in CUSTODY and DURATION.fullmatch(row["value"]):
                found.add(term_end(day(row["from"]), row["value"]))
        return sorted(found)


def stretch(days, at, place):
    """First and last day of the unbroken stretch around `at` with the status of `at`."""
    first = last = at
    while first > 0 and days[first - 1][place] == days[at][place]:
        first -= 1
    while last + 1 < len(days) and days[last + 1][place] == days[at][place]:
        last += 1
    return first, last


class Day:
    """One child on one day."""

    def __init__(self, register, child, rows, facts, states):
        self.register, self.child = register, child
        self.rows = [r for r, s in zip(rows, states) if s == YES]
        self.facts = list(zip(facts, states[len(rows):]))
        adoptive = [self.parent("adoptive_father"), self.parent("adoptive_mother")]
        self.adopted = any(adoptive)
        self.parents = [p for p in adoptive if p] if self.adopted else \
            [self.parent("father"), self.parent("mother")]  # None: unknown

    def parent(self, role):
        rows = [r for r in self.rows if r.relation == role]
        return max(rows, key=lambda r: r.start).person if rows else None

    def has(self, person, *kinds):
        """Whether one of the conditions holds of a person; of an unknown one nobody can say."""
        if person is None:
            return MAYBE
        return max((s for f, s in self.facts if f.person == person and f.kind in kinds), default=NO)

    def in_a(self, parent):
        if parent is None:
            return MAYBE
        severe = max((s for f, s in self.facts
                      if f.person == parent and f.kind == "disability" and f.severe()), default=NO)
        return max(severe, self.has(parent, "serious_illness", "lost_contact", "guardianship_revoked",
                                    "deported", *CUSTODY))

    def in_b(self, parent):
        return self.has(parent, "dead", "missing_declared")

    def orphan(self):
        foundling = min(self.has(self.child, "parents_not_found"), NO if self.adopted else YES)
        return max(min(self.in_b(p) for p in self.parents), foundling)

    def de_facto_unattended(self):
        every = min(max(self.in_a(p), self.in_b(p)) for p in self.parents)
        return min(every, max(self.in_a(p) for p in self.parents), YES - self.orphan())

    def single_parent(self):
        gone = [self.in_b(p) for p in self.parents]
        fewest, most = gone.count(YES), len(gone) - gone.count(NO)
        one_gone = NO if fewest > 1 or most < 1 else YES if fewest == most == 1 else MAYBE
        return max(one_gone, self.divorced())

    def divorced(self):
        if len(self.parents) == 1:
            return NO
        if None in self.parents:
            return MAYBE
        first, second = self.parents
        numbers = {p: normal_id(self.register.people[p]["id_no"]) for p in self.parents}
        pair = [f for f, s in self.facts if s == YES and f.kind in ("divorced", "married") and (
            (f.person == first and f.other == numbers[second])
            or (f.person == second and f.other == numbers[first]))]
        return YES if any(f.kind == "divorced" and not any(
            m.kind == "married" and m.start > f.start for m in pair) for f in pair) else NO

    def listed(self, kind):
        """On a list through oneself, one's household, or a parent or guardian who has no household."""
        people = self.register.people
        household = people[self.child]["household"]
        carers = {p for p in self.parents if p} | {r.person for r in self.rows
                                                   if r.relation == "guardian"}
        return max((s for f, s in self.facts if f.kind == kind and (
            f.person == self.child
            or (household and people[f.person]["household"] == household)
            or (not people[f.person]["household"] and f.person in carers))), default=NO)

    def verdicts(self):
        answer = {
            "orphan": self.orphan(),
            "de_facto_unattended": self.de_facto_unattended(),
            "single_parent": self.single_parent(),
            "disabled_child": self.has(self.child, "disability"),
            "hiv_child": self.has(self.child, "hiv"),
            **{kind: self.listed(kind) for kind in LISTS},
        }
        return tuple(answer[c] for c in CATEGORIES)
