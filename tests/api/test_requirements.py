"""The requirements on privacy that this part of the product answers for, each by its number.

PR-05  staff access: least privilege, approval by a responsible person, a record of each access
       (Regulations on the Protection of Minors in Cyberspace, art. 36)
PR-07  opening an unmasked field needs a purpose, approval, and leaves a row; repeated openings alarm
PR-11  access logs are kept (three years), append-only, chained
PR-25  GB/T 22239-2019, level 3: two factors, three separate administrators, audit by user
PR-26  commercial cryptography: SM3 and SM4, keys outside the database
"""

import json
import shutil
import sqlite3

import pytest

import clearance_oracle
import district
from harness import Program, new_program
from world import World

CHILD = district.OWN_CHILD


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("requirements"), "sqlite")
    yield made
    made.close()


# PR-05

def test_pr_05_least_privilege(place):
    """Whatever the table does not name is refused; each role has strictly fewer routes than there are."""
    for role in clearance_oracle.ROLES:
        allowed = [o for o in place.description.operations if o.open_to(place.clearance, role)]
        assert 0 < len(allowed) < len(place.description.operations), role
    answer = place.client("child_director.own").call(
        "GET", f"/api/v1/children/{place.children['neighbour']}")
    assert answer.status == 404


def test_pr_05_approval_by_a_responsible_person(place):
    """No class of health, custody or harm is opened by its asker alone, but in an emergency."""
    for (data_class, role, relation, purpose), (sight, way, _) in place.clearance.sights.items():
        if data_class in ("fact", "fact_health", "fact_hiv", "fact_justice", "fact_harm", "narrative",
                          "reporter", "basis", "id_number") and sight == "shown":
            assert way in ("approval", "glass"), (data_class, role, relation, purpose)
            assert place.clearance.approvals.get(role), f"nobody decides for {role}"


@pytest.mark.parametrize("part", ["", "/kin", "/facts", "/categories", "/assignments", "/trace"])
def test_pr_05_each_access_is_recorded(place, part):
    """One row for one answer, with who, about whom and when, written before the answer left."""
    name = "supervisor.own"
    child = place.children["own"]

    def mine():
        return [r for r in place.trail(child=child) if r["account"] == place.account_ids[name]
                and r["event"] in ("child.read", "trace.read")]

    place.client(name)
    before = len(mine())
    assert place.client(name).call("GET", f"/api/v1/children/{child}{part}").status == 200
    rows = mine()
    assert len(rows) == before + 1
    assert rows[-1]["at"].startswith("2026-06-30T")


def test_pr_05_lists_and_searches_are_recorded(place):
    name = "supervisor.own"
    client = place.client(name)
    for event, call in (("children.listed", lambda: client.call("GET", "/api/v1/children")),
                        ("children.searched", lambda: client.call(
                            "POST", "/api/v1/children/search", {"q": CHILD.name}))):
        before = len([r for r in place.trail(account=place.account_ids[name]) if r["event"] == event])
        assert call().status == 200
        rows = [r for r in place.trail(account=place.account_ids[name]) if r["event"] == event]
        assert len(rows) == before + 1
        assert CHILD.name not in json.dumps(rows, ensure_ascii=False)


def test_pr_05_a_refused_access_opens_nothing(place):
    """Who has no permission gets a problem document without one field of a child."""
    for kind in ("system", "security", "audit"):
        for path in (f"/api/v1/children/{place.children['own']}", "/api/v1/children"):
            answer = place.client(f"{kind}_administrator.own").call("GET", path)
            assert answer.status == 403 and answer.type == "application/problem+json"
            assert set(answer.data) <= {"type", "title", "status", "code", "detail", "hint", "request"}


# PR-07

def test_pr_07_a_purpose_is_needed(place):
    path = f"/api/v1/children/{place.children['own']}/openings"
    client = place.client("child_director.visit")
    for body in ({"classes": ["name"]}, {"purpose": "curiosity", "classes": ["name"]},
                 {"purpose": "routine", "classes": ["name"]}, {"purpose": "visit", "classes": []},
                 {"purpose": None, "classes": ["name"]}):
        answer = client.call("POST", path, body)
        assert answer.status == 422, f"{body}: {answer}"
    answer = client.call("POST", path, {"purpose": "casework", "classes": ["name"], "reason": "x"})
    assert answer.status == 403, "the table opens nothing for this purpose"


def test_pr_07_an_opening_leaves_its_rows(place):
    opening = place.open("child_director.visit", purpose="visit", classes=["address"], reason=None)
    rows = [r for r in place.trail(child=place.children["own"]) if r["object"] == opening]
    assert rows and rows[0]["account"] == place.account_ids["child_director.visit"]
    assert "visit" in rows[0]["detail"] and "address" in rows[0]["detail"]


def test_pr_07_repeated_openings_alarm(place):
    name = "helper.own"
    place.client(name)
    for _ in range(21):
        opening = place.open(name, purpose="visit", classes=["name"], reason=None)
        assert place.client(name).call("POST", f"/api/v1/openings/{opening}/end").status == 204
    alarms = place.client("security_administrator.own").call("GET", "/api/v1/alarms?unseen=true&limit=100")
    mine = [a for a in alarms.data["items"] if a["kind"] == "volume"
            and a["account"] == place.account_ids[name]]
    assert mine
    seen = place.client("security_administrator.own").call("POST", f"/api/v1/alarms/{mine[0]['id']}/seen")
    assert seen.status == 204
    again = place.client("security_administrator.own").call("GET", "/api/v1/alarms?unseen=true&limit=100")
    assert mine[0]["id"] not in [a["id"] for a in again.data["items"]]


# PR-11

@pytest.fixture(scope="module")
def trail_copy(place, tmp_path_factory):
    """Makes copies of a written trail, with its keys, to tamper with."""
    for name in ("supervisor.own", "child_director.own", "centre_worker.own"):
        for label in ("own", "neighbour"):
            place.client(name).call("GET", f"/api/v1/children/{place.children[label]}")
    place.live.stop()  # its heads are published
    source = tmp_path_factory.mktemp("written") / "home"
    shutil.copytree(place.program.home, source)
    place.live.start()

    def copy():
        home = tmp_path_factory.mktemp("trail") / "home"
        shutil.copytree(source, home)
        program = Program(home, f"sqlite:{home / 'county.db'}")
        program.env.update(place.live.env)
        return program
    return copy


def rows_of_the_trail(program):
    with sqlite3.connect(program.database_path()) as db:
        count = db.execute("SELECT count(*) FROM audit").fetchone()[0]
    db.close()
    return count


def tamper(program, *statements):
    with sqlite3.connect(program.database_path()) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


TAMPERINGS = {
    "altered event": ["UPDATE audit SET event = 1 WHERE seq = {n} AND segment_id = {s}"],
    "altered account": ["UPDATE audit SET account_id = coalesce(account_id, 0) + 1 "
                        "WHERE seq = {n} AND segment_id = {s}"],
    "altered child": ["UPDATE audit SET child_id = 7 WHERE seq = {n} AND segment_id = {s}"],
    "altered object": ["UPDATE audit SET object_id = 7 WHERE seq = {n} AND segment_id = {s}"],
    "altered time": ["UPDATE audit SET at = at + 1 WHERE seq = {n} AND segment_id = {s}"],
    "altered detail": ["UPDATE audit SET detail = detail || '1' WHERE seq = {n} AND segment_id = {s}"],
    "altered mac": ["UPDATE audit SET mac = zeroblob(32) WHERE seq = {n} AND segment_id = {s}"],
    "removed": ["DELETE FROM audit WHERE seq = {n} AND segment_id = {s}"],
    "removed and closed up": ["DELETE FROM audit WHERE seq = {n} AND segment_id = {s}",
                              "UPDATE audit SET seq = -seq WHERE seq > {n} AND segment_id = {s}",
                              "UPDATE audit SET seq = -seq - 1 WHERE seq < 0 AND segment_id = {s}",
                              "UPDATE audit_segment SET rows = rows - 1 WHERE id = {s}"],
    "inserted": ["INSERT INTO audit SELECT max(id) + 1, {s}, max(seq) + 1, max(at), 41, 1, 1, NULL, '', "
                 "max(mac) FROM audit WHERE segment_id = {s}"],
    "swapped": ["UPDATE audit SET seq = -1 WHERE seq = {n} AND segment_id = {s}",
                "UPDATE audit SET seq = {n} WHERE seq = {n} + 1 AND segment_id = {s}",
                "UPDATE audit SET seq = {n} + 1 WHERE seq = -1 AND segment_id = {s}"],
    "tail": ["DELETE FROM audit WHERE seq > {n} AND segment_id = {s}"],
    "tail and its head": ["DELETE FROM audit WHERE seq > {n} AND segment_id = {s}",
                          "UPDATE audit_segment SET rows = {n}, head = (SELECT mac FROM audit WHERE "
                          "seq = {n} AND segment_id = {s}) WHERE id = {s}"],
    "segment": ["DELETE FROM audit WHERE segment_id = {s}", "DELETE FROM audit_segment WHERE id = {s}"],
    "all of it": ["DELETE FROM audit", "DELETE FROM audit_segment"],
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_pr_11_tampering_is_found(trail_copy, how):
    """Each way to change the trail in the database, the key not at hand: exit 4, the place is named."""
    program = trail_copy()
    assert program.run("audit", "verify").stdout == "", "whole before"
    with sqlite3.connect(program.database_path()) as db:
        segment, rows = db.execute("SELECT segment_id, count(*) FROM audit WHERE segment_id = (SELECT id "
                                   "FROM audit_segment ORDER BY rows DESC LIMIT 1)").fetchone()
    db.close()
    row = max(2, rows // 2)
    tamper(program, *(s.format(n=row, s=segment) for s in TAMPERINGS[how]))
    found = program.run("audit", "verify", expect=4)
    assert found.stdout, "nothing is named"
    if how.startswith(("altered", "removed", "swapped")):
        first = found.stdout.split("\n")[0].split()
        assert first[3] in (str(row), str(row + 1)), f"row {row} was touched: {found.stdout}"
    if how.startswith("tail"):
        assert str(row + 1) in found.stdout, found.stdout


def test_pr_11_reading_the_trail_changes_nothing(trail_copy):
    program = trail_copy()
    before = rows_of_the_trail(program)
    program.run("audit", "verify")
    program.run("audit", "show")
    assert rows_of_the_trail(program) == before


def test_pr_11_rows_stay_for_three_years(trail_copy, place):
    """Whatever falls due in three years and a day, no row of the trail does."""
    program = trail_copy()
    before = rows_of_the_trail(program)
    for day in ("2027-06-30", "2028-06-30", "2029-07-01"):
        program.run("tick", "--date", day)
    assert rows_of_the_trail(program) >= before
    assert program.run("audit", "verify").stdout == ""


# PR-25

@pytest.mark.parametrize("role", ["bureau_leader", *clearance_oracle.ADMINISTRATORS])
def test_pr_25_two_factors(place, role):
    """The password alone gives neither a session nor a hint at what lies behind it."""
    place.client(f"{role}.own")
    place.clock.forward(10)
    answer = place.live.client(district.ACCOUNTS[f"{role}.own"]).begin()
    assert answer.status == 403 and not answer.headers.get("set-cookie")


def test_pr_25_three_administrators(place):
    """System, security and audit: no permission in common but what everybody has."""
    alone = {}
    for role in clearance_oracle.ADMINISTRATORS:
        alone[role] = {p for p, roles in place.clearance.permissions.items()
                       if role in roles and roles != set(clearance_oracle.ROLES)}
        assert alone[role], f"{role} has nothing to do"
    system, security, audit = alone.values()
    assert not system & security and not security & audit and not system & audit


def test_pr_25_audit_by_user(place):
    """Each administrator's deeds stand in the trail under their own account."""
    system = place.client("system_administrator.own")
    made = system.call("POST", "/api/v1/accounts", {"account": "pr25.account", "display": "吴试"})
    assert made.status == 201, made
    security = place.client("security_administrator.own")
    posted = security.call("PUT", f"/api/v1/accounts/{made.data['id']}/post",
                           {"role": "supervisor", "division": district.TOWN})
    assert posted.status == 200, posted
    rows = {r["event"]: r["account"] for r in place.trail() if r["object"] == made.data["id"]}
    assert rows["account.created"] == place.account_ids["system_administrator.own"]
    assert rows["account.changed"] == place.account_ids["security_administrator.own"]


# PR-26

@pytest.fixture(scope="module", params=["international", "national"])
def sealed(request, tmp_path_factory):
    program = new_program(tmp_path_factory.mktemp(request.param) / "home", "sqlite")
    program.run("init", "--suite", request.param)
    district.load(program)
    return program


def key_files(program):
    return [p for p in program.home.rglob("*") if p.is_file() and "key" in p.name]


def test_pr_26_both_suites_do_the_work(sealed):
    assert len(sealed.screen("2026-06-30")) > 3
    sealed.run("audit", "verify")
    sealed.run("keys", "check")


def test_pr_26_keys_are_outside_the_database(sealed):
    files = key_files(sealed)
    assert files
    database = sealed.database_path().read_bytes()
    for file in files:
        assert file.stat().st_mode & 0o077 == 0, f"{file} can be read by others"
        for word in file.read_bytes().split():
            if len(word) >= 32:
                assert word not in database
                try:
                    assert bytes.fromhex(word.decode()) not in database
                except ValueError:
                    pass


def test_pr_26_keys_are_rotated_online_to_the_national_suite(sealed):
    before = sealed.screen("2026-06-30")
    sealed.run("keys", "rotate", "--suite", "national")
    assert "national" in sealed.run("keys", "status").stdout
    assert sealed.screen("2026-06-30") == before
    sealed.run("keys", "check")
    sealed.run("audit", "verify")


def test_pr_26_the_server_works_while_keys_are_rotated(place):
    place.client("centre_worker.own")
    for suite in ("national", "international"):
        place.live.command("keys", "rotate", "--suite", suite)
        answer = place.client("centre_worker.own").call(
            "GET", f"/api/v1/children/{place.children['own']}")
        assert answer.status == 200 and answer.data["reference"] == CHILD.ref, answer
        place.open("child_director.visit", purpose="visit", classes=["name"], reason=None)
