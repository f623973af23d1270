"""A small district that does not exist, in which everything worth hiding is a canary.

Two counties, three towns, four villages; a child in each village, with parents; facts of every class;
accounts of all thirteen roles in several scopes. Every sensitive value is one that stands nowhere else, so
that wherever it turns up, it is known whose it is and of which class.
"""

import datetime
import itertools

from harness import id_number

TODAY = datetime.date(2026, 6, 30)

PROVINCE, CITY = "990000000000", "999900000000"
COUNTY, OTHER_COUNTY = "999901000000", "999902000000"
TOWN, SECOND_TOWN, OTHER_TOWN = "999901001000", "999901002000", "999902001000"
OWN, NEIGHBOUR, SECOND, OTHER = "999901001001", "999901001002", "999901002001", "999902001001"

DIVISIONS = [{"code": c, "name": n, "level": l, "parent": p} for c, n, l, p in (
    (PROVINCE, "试省", "province", ""), (CITY, "试市", "city", PROVINCE),
    (COUNTY, "甲县", "county", CITY), (OTHER_COUNTY, "乙县", "county", CITY),
    (TOWN, "临泉镇", "town", COUNTY), (SECOND_TOWN, "后溪镇", "town", COUNTY),
    (OTHER_TOWN, "远山镇", "town", OTHER_COUNTY),
    (OWN, "东岸村", "village", TOWN), (NEIGHBOUR, "西岸村", "village", TOWN),
    (SECOND, "上溪村", "village", SECOND_TOWN), (OTHER, "高岭村", "village", OTHER_TOWN))]
NAME_OF = {d["code"]: d["name"] for d in DIVISIONS}


def town_name(village):
    return NAME_OF[village[:9] + "000"]


# Given names of two rare characters, each pair used once.
GIVEN = (chr(0x9F10 + i) + chr(0x9F60 + j) for j in range(60) for i in range(60))
SERIALS = itertools.count(11)
SURNAMES = "赵钱孙李周吴郑王"


class Person:
    """`name`, `id_no`, ... are true values, all of them canaries."""

    def __init__(self, ref, sex, birth, village):
        serial = next(SERIALS)
        self.ref, self.sex, self.birth_date, self.village = f"CANARY-REF-{ref}", sex, birth, village
        self.name = SURNAMES[serial % len(SURNAMES)] + next(GIVEN)
        self.id_no = id_number(birth, serial, sex, village[:6])
        self.address = f"CANARY-ADDR-{ref}弄{serial}号"
        self.phone = f"1390{serial:03d}{9000 + serial:04d}"
        # Registered elsewhere than it lives, so that the one is not taken for the other.
        self.hukou = {COUNTY[:6]: "999902001001", OTHER_COUNTY[:6]: "999901002001"}[village[:6]]

    def row(self, household):
        return {"ref": self.ref, "id_no": self.id_no, "name": self.name, "sex": self.sex,
                "birth_date": self.birth_date, "hukou_division": self.hukou,
                "residence_division": self.village, "residence_since": "2020-01-01",
                "address": self.address, "phone": self.phone, "household": household}


class Child(Person):
    def __init__(self, label, sex, birth, village):
        super().__init__(f"{label}-child", sex, birth, village)
        self.label = label
        year = 1981 + len(label) % 7
        self.father = Person(f"{label}-father", "M", f"{year}-04-{10 + len(label)}", village)
        self.mother = Person(f"{label}-mother", "F", f"{year + 1}-09-{10 + len(label)}", village)
        self.records = list(self.facts())

    def people(self):
        return [self, self.father, self.mother]

    def facts(self):
        """One record of each class, and one of each kind that a class is made of."""
        n = itertools.count(1)

        def fact(data_class, department, kind, who, value="", begin="2025-01-01", end=""):
            key = f"CANARY-KEY-{self.label}-{next(n)}"
            return {"class": data_class, "about": who,
                    "row": {"record_key": key, "department": department, "kind": kind,
                            "id_no": who.id_no, "name": who.name, "division": self.village,
                            "from": begin, "to": end, "value": value,
                            "note": f"CANARY-NOTE-{self.label}-{key[-2:]}"}}

        mark = f"CANARY-{{}}-{self.label}"
        yield fact("fact", "civil_affairs", "low_income", self.mother)
        yield fact("fact", "education", "school_enrolled", self, mark.format("SCHOOL"))
        yield fact("fact", "education", "school_absent", self, mark.format("ABSENT"), "2026-05-11",
                   "2026-05-12")
        yield fact("fact", "human_resources", "outside_for_work", self.mother, mark.format("REGION"))
        yield fact("fact_health", "disabled_federation", "disability", self, "hearing/1")
        yield fact("fact_health", "health", "serious_illness", self.mother, mark.format("ILLNESS"))
        yield fact("fact_health", "health", "self_harm_visit", self, "X78", "2026-03-17")
        yield fact("fact_health", "health", "sleep_disorder_visit", self, "G47", "2026-03-18")
        yield fact("fact_health", "health", "psychiatric_diagnosis", self, "F32", "2026-03-19")
        yield fact("fact_harm", "health", "abnormal_injury_visit", self, "T14", "2026-03-20")
        yield fact("fact_hiv", "health", "hiv", self)
        yield fact("fact_justice", "justice", "imprisoned", self.father, "P7Y")
        yield fact("fact_harm", "womens_federation", "abuse_report", self, mark.format("ABUSE"),
                   "2026-04-17")
        yield fact("fact_harm", "public_security", "domestic_violence_call", self, mark.format("CALL"),
                   "2026-04-18")
        yield fact("fact_harm", "education", "bullying", self, mark.format("BULLY"), "2026-04-19")
        yield fact("fact_harm", "public_security", "runaway", self, mark.format("RUN"), "2026-04-20")

    def town(self):
        return town_name(self.village)


CHILDREN = [Child("own", "M", "2015-05-13", OWN), Child("neighbour", "F", "2013-11-27", NEIGHBOUR),
            Child("second", "M", "2018-02-23", SECOND), Child("other", "F", "2010-08-19", OTHER)]
OWN_CHILD, NEIGHBOUR_CHILD, SECOND_CHILD, OTHER_CHILD = CHILDREN
# Whose guardianship a court has revoked: an account for him must see nothing of the child.
REVOKED = SECOND_CHILD.father
# Departments whose records tell of everybody here; youth_league has told nothing.
SILENT_DEPARTMENT = "youth_league"

TEAMS = [{"team_id": "team-a", "name": "甲队", "division": COUNTY, "services": "visit",
          "from": "2024-01-01"},
         {"team_id": "team-b", "name": "乙队", "division": OTHER_COUNTY, "services": "visit",
          "from": "2024-01-01"}]
TEAM_COLUMNS = ["team_id", "name", "uscc", "division", "services", "from", "to"]
ACCOUNT_COLUMNS = ["account", "name", "role", "division", "department", "team", "phone",
                   "person_ref"]

PASSWORD = "canary-Password-7731"


class Account:
    def __init__(self, name, role, division="", department="", team="", person=None):
        serial = next(SERIALS)
        self.name, self.role, self.division = name, role, division
        self.department, self.team, self.person = department, team, person
        self.display = SURNAMES[serial % len(SURNAMES)] + next(GIVEN)
        self.phone = f"1380{serial:03d}{9000 + serial:04d}"

    def row(self):
        return {"account": self.name, "name": self.display, "role": self.role,
                "division": self.division, "department": self.department, "team": self.team,
                "phone": self.phone, "person_ref": self.person.ref if self.person else ""}

    def lives_in_area(self, child):
        # Codes are cut at the level: 6 digits a county, 9 a town, 12 a village.
        for width in (6, 9, 12):
            if self.division and self.division[width:].strip("0") == "":
                return child.village.startswith(self.division[:width])
        return False


def every_account():
    for scope, village, town, county in (("own", OWN, TOWN, COUNTY),
                                         ("neighbour", NEIGHBOUR, SECOND_TOWN, COUNTY),
                                         ("other", OTHER, OTHER_TOWN, OTHER_COUNTY)):
        yield Account(f"child_director.{scope}", "child_director", village)
        yield Account(f"supervisor.{scope}", "supervisor", town)
        yield Account(f"station_worker.{scope}", "station_worker", town)
        if scope != "neighbour":  # a county has no neighbour village
            yield Account(f"centre_worker.{scope}", "centre_worker", county)
            yield Account(f"bureau_leader.{scope}", "bureau_leader", county)
            yield Account(f"department_liaison.{scope}", "department_liaison", county, "justice")
    yield Account("data_officer.own", "data_officer", COUNTY)
    yield Account("department_liaison.silent", "department_liaison", COUNTY, SILENT_DEPARTMENT)
    yield Account("organisation_manager.own", "organisation_manager", COUNTY, team="team-a")
    yield Account("organisation_manager.other", "organisation_manager", OTHER_COUNTY, team="team-b")
    yield Account("helper.own", "helper", COUNTY, team="team-a")
    yield Account("helper.idle", "helper", COUNTY, team="team-a")
    yield Account("helper.other", "helper", OTHER_COUNTY, team="team-b")
    yield Account("guardian.own", "guardian", person=OWN_CHILD.mother)
    yield Account("guardian.neighbour", "guardian", person=NEIGHBOUR_CHILD.mother)
    yield Account("guardian.revoked", "guardian", person=REVOKED)
    # Somebody who leads a case of the own village, and a second centre worker who does not.
    yield Account("centre_worker.case", "centre_worker", COUNTY)
    yield Account("station_worker.case", "station_worker", TOWN)
    yield Account("child_director.visit", "child_director", OWN)
    yield Account("supervisor.aid", "supervisor", TOWN)
    for kind in ("system", "security", "audit"):
        yield Account(f"{kind}_administrator.own", f"{kind}_administrator")


ACCOUNTS = {a.name: a for a in every_account()}

# Who works for which child: account, task.
ASSIGNMENTS = [("centre_worker.case", "case"), ("station_worker.case", "case"),
               ("child_director.visit", "visit"), ("supervisor.aid", "aid"), ("helper.own", "aid")]


def relation(account, child):
    """The strongest tie, from what stands above and nothing else."""
    if account.role == "guardian":
        mine = account.person in (child.father, child.mother) and account.person is not REVOKED
        return "guardian" if mine else "none"
    if child is OWN_CHILD and account.name in dict(ASSIGNMENTS):
        return "assigned"
    if account.team == "team-a" and child is OWN_CHILD:
        return "team"
    if not account.lives_in_area(child):
        return "none"
    if account.role == "department_liaison":
        return "area" if account.department == SILENT_DEPARTMENT else "department"
    return "area"


def revocation():
    return {"record_key": "CANARY-KEY-revoked", "department": "court", "kind": "guardianship_revoked",
            "id_no": REVOKED.id_no, "name": REVOKED.name, "division": REVOKED.village,
            "from": "2025-06-01", "note": "CANARY-NOTE-revoked"}


def load(program, children=()):
    """The whole district into an initialised database, and more children where a suite needs them. The day's work is
    done last: what records say is news by then to those who are on duty."""
    everybody = [*CHILDREN, *children]
    program.load("divisions", DIVISIONS)
    program.load("people", [p.row(f"household-{c.label}") for c in everybody for p in c.people()])
    program.load("relations", [
        {"child_ref": c.ref, "person_ref": p.ref, "relation": r, "from": c.birth_date}
        for c in everybody for p, r in ((c.father, "father"), (c.mother, "mother"))])
    program.load("teams", TEAMS, columns=TEAM_COLUMNS)
    program.load("accounts", [a.row() for a in ACCOUNTS.values()], columns=ACCOUNT_COLUMNS)
    program.ingest([f["row"] for c in everybody for f in c.records] + [revocation()])
    program.run("tick", "--date", TODAY.isoformat(), "--alerts")
    for name in ("divisions", "people", "relations", "records", "teams", "accounts"):
        (program.home / f"{name}.csv").unlink()  # the inputs are not what the program keeps


# What the department of justice sends: column names of its own, people whom no register knows.
FEED, FEED_DEPARTMENT = "prison-admissions", "justice"
STRANGERS = [Person(f"stranger{n}", "M", f"197{n}-03-1{n}", OWN) for n in range(4)]


def prison_rows(*changes):
    """Rows of the file of FEED, one a stranger, each changed as told."""
    rows = [{"入监编号": f"CANARY-CELL-{n}", "身份证号": p.id_no, "姓名": p.name, "入监日期": f"2026-05-1{n}",
             "刑期": "3年6个月", "刑期止日": f"2029-11-0{n + 1}"} for n, p in enumerate(STRANGERS)]
    for n, change in enumerate(changes):
        rows[n].update(change)
    return rows


def csv_bytes(rows, encoding="utf-8"):
    """As a department's export has it."""
    columns = list(rows[0])
    return "\r\n".join(",".join(row[c] for c in columns) for row in [dict(zip(columns, columns)), *rows]).encode(
        encoding) + b"\r\n"


def cell_canaries():
    """Cells of rows that are refused or wait: the own department sees those that were refused, and nobody else any."""
    for n, person in enumerate(STRANGERS):
        yield f"CANARY-CELL-{n}"
        yield from (person.name, person.id_no)


def canaries(of=None):
    """(text, class, owner) of every value that stands nowhere but with its owner."""
    for child in CHILDREN if of is None else of:
        for person in child.people():
            kin = person is not child
            yield person.name, "kin" if kin else "name", child
            yield person.name[1:], "kin" if kin else "name", child
            yield person.id_no, "id_number", child
            yield person.id_no[3:], "id_number", child
            yield person.phone, "kin_phone" if kin else "phone", child
            yield person.address, "address", child
            yield person.ref, "reference", child
            yield person.birth_date, "birth_date", child
        for fact in child.records:
            yield fact["row"]["record_key"], fact["class"], child
            yield fact["row"]["note"], "narrative", child
            if fact["row"]["value"].startswith("CANARY"):
                yield fact["row"]["value"], fact["class"], child
