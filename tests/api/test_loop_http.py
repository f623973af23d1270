"""The loop: a department's record becomes a visit, and the visit's outcome closes it, each step over HTTP by whom it
is for; and what nobody along the way may learn.

The children here are the district's own and a village full of others, of whom nothing is known but that the mother
is in prison: one record about the father is then what changes everything.
"""

import itertools
import json
import threading
import uuid

import pytest

import district
from world import World

DIRECTOR, SECOND_DIRECTOR = "child_director.visit", "child_director.own"
SUPERVISOR, STATION, CENTRE = "supervisor.own", "station_worker.own", "centre_worker.own"
LIAISON = "department_liaison.own"  # of justice
# What a director may never be told: why.
CATEGORIES = ["orphan", "de_facto_unattended", "hiv_child", "destitute", "disabled_child", "low_income",
              "low_income_edge", "single_parent"]
REASONS = CATEGORIES + ["imprisoned", "justice", "civil_affairs", "P7Y", "disability", "custody", "guardianship",
                        "livelihood", "company", "psychological"]


class Plain(district.Child):
    """A child of whom departments know one thing."""

    def facts(self):
        yield {"class": "fact_justice", "about": self.mother, "row": {
            "record_key": f"CANARY-KEY-{self.label}", "department": "justice", "kind": "imprisoned",
            "id_no": self.mother.id_no, "name": self.mother.name, "from": "2024-03-01", "value": "P9Y",
            "note": f"CANARY-NOTE-{self.label}"}}


VILLAGE = [Plain(f"loop{n}", "MF"[n % 2], f"201{n % 6}-0{1 + n % 8}-1{n % 9}", district.OWN) for n in range(40)]
ELSEWHERE = [Plain(f"beyond{n}", "M", f"2014-0{n + 1}-21", district.NEIGHBOUR) for n in range(3)]
NEXT = iter(VILLAGE)
SERIAL = itertools.count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("loop"), "sqlite", [*VILLAGE, *ELSEWHERE])
    yield made
    made.close()


class Refused(AssertionError):
    pass


def call(place, name, method, path, body=None, expect=200, **more):
    place.clock.forward(1)
    answer = place.client(name).call(method, path, body, **more)
    if answer.status != expect:
        raise Refused(f"{name}: {method} {path}: {answer}")
    return answer.data


def imprisoned(child, **more):
    """A record as justice hands it in."""
    return {"record_key": f"CANARY-SF-{next(SERIAL)}", "kind": "imprisoned", "id_no": child.father.id_no,
            "name": child.father.name, "from": "2025-12-01", "value": "P7Y", "note": "CANARY-NOTE-push", **more}


def push(place, *records, name=LIAISON, expect=200, **more):
    return call(place, name, "POST", "/api/v1/records", {"records": list(records)}, expect, **more)


def work(place, name, since=None):
    return call(place, name, "GET", "/api/v1/work" + (f"?since={since.replace('+', '%2B')}" if since else ""))


def items_of(place, name, child, kind=None):
    return [i for i in work(place, name)["items"]
            if i["child"] == place.children[child.label] and kind in (None, i["kind"])]


def alert_of(place, child):
    """As the centre's board has it, open or not."""
    for view in ("open", "watch", "withdrawn", "held", "closed"):
        after = ""
        while True:
            page = call(place, CENTRE, "GET", f"/api/v1/alerts?view={view}&limit=100{after}")
            for item in page["items"]:
                if item["child"] == place.children[child.label]:
                    return call(place, CENTRE, "GET", f"/api/v1/alerts/{item['id']}")
            if not page["next"]:
                break
            after = f"&after={page['next']}"
    return None


def step(place, name, kind, object_id, event, expect=200, **more):
    return call(place, name, "POST", f"/api/v1/{kind}s/{object_id}/events", {"event": event, **more}, expect)


def fill(place, name, visit, expect=200, **fields):
    """Saves fields upon nothing."""
    return call(place, name, "POST", f"/api/v1/visits/{visit}/fields",
                {"fields": [{"field": f, "base": 0, "value": v} for f, v in fields.items()]}, expect)


def raised(place, child=None):
    """A child about whom a record was pushed just now, and its alert in the director's work."""
    child = child or next(NEXT)
    told = push(place, imprisoned(child))
    assert told["accepted"] == 1 and not told["refusals"], told
    (item,) = items_of(place, DIRECTOR, child, "alert")
    return child, item


def visit_of(place, name, child, alert):
    """The one that is planned for the alert: the child may have been chosen for the round besides."""
    (visit,) = [i for i in items_of(place, name, child, "visit") if i["alert"] == alert]
    return visit


def accepted(place, child=None, day="2026-07-01", name=DIRECTOR):
    child, item = raised(place, child)
    alert = step(place, name, "alert", item["id"], "accept", day=day)
    return child, alert, visit_of(place, name, child, item["id"])


def visited(place, child, visit, outcome, name=DIRECTOR):
    step(place, name, "visit", visit, "start")
    step(place, name, "visit", visit, "check_in")
    fill(place, name, visit, met="child,guardian", living="fair", findings=f"CANARY-FINDING-{child.label}")
    return step(place, name, "visit", visit, "record", outcome=outcome)


# The loop

def test_from_a_record_to_a_closed_alert(place):
    child, item = raised(place)
    # Which child, how urgent, by when, with whom: and a name with two stars.
    assert item["kind"] == "alert" and item["state"] == "pushed"
    assert item["level"] == "high" and item["escort"] == "pair" and item["due"]
    assert item["name"] == child.name[0] + "**" and item["masked"]["name"] in ("glass", "tap")
    assert item["events"] == ["accept"] and item["stands_in"] is False
    assert item["division"] == district.OWN and item["child"] == place.children[child.label]

    alert = step(place, DIRECTOR, "alert", item["id"], "accept", day="2026-07-01")
    assert alert["state"] == "accepted" and len(alert["visits"]) == 1
    visit = visit_of(place, DIRECTOR, child, item["id"])
    assert visit["kind"] == "visit" and visit["alert"] == item["id"] and visit["planned"] == "2026-07-01"
    assert "start" in visit["events"] and visit["masked"]["name"] == "tap"

    place.open(DIRECTOR, child=child.label, purpose="visit", classes=("name", "address", "kin_phone"), reason=None)
    visit = visit_of(place, DIRECTOR, child, item["id"])
    assert visit["name"] == child.name
    file = call(place, DIRECTOR, "GET", f"/api/v1/visits/{visit['id']}")
    assert file["name"] == child.name and file["state"] == "planned" and file["escort"] == "pair"
    child_file = call(place, DIRECTOR, "GET", f"/api/v1/children/{place.children[child.label]}")
    assert child_file["address"] == child.address

    begun = step(place, DIRECTOR, "visit", visit["id"], "start")
    assert begun["state"] == "under_way" and begun["started"] and "check_in" in begun["events"]
    back = step(place, DIRECTOR, "visit", visit["id"], "check_in")
    assert back["state"] == "back" and back["back"]
    finding = f"CANARY-FINDING-{child.label}"
    saved = fill(place, DIRECTOR, visit["id"], met="child", care="poor", needs="study,company", findings=finding)
    assert {v["field"]: v["value"] for v in saved["values"]} == {
        "met": "child", "care": "poor", "needs": "study,company", "findings": finding}
    recorded = step(place, DIRECTOR, "visit", visit["id"], "record", outcome="verified")
    assert recorded["state"] == "recorded" and recorded["outcome"] == "verified"
    assert not [i for i in items_of(place, DIRECTOR, child) if item["id"] in (i["id"], i["alert"])]

    seen = alert_of(place, child)
    assert seen["state"] == "verified" and seen["needs"] and [c["category"] for c in seen["causes"]]
    assert {"de_facto_unattended"} <= {c["category"] for c in seen["causes"]}
    assert {"visited"} <= {n["kind"] for n in call(place, SUPERVISOR, "GET", "/api/v1/notices")["items"]}
    assert "assess" in call(place, SUPERVISOR, "GET", f"/api/v1/alerts/{item['id']}")["events"]
    assert step(place, SUPERVISOR, "alert", item["id"], "assess")["state"] == "assessed"
    closed = step(place, SUPERVISOR, "alert", item["id"], "close")
    assert closed["state"] == "closed" and closed["closed"] and closed["events"] == []
    assert [e["event"] for e in closed["history"]][-2:] == ["assess", "close"]
    history = call(place, DIRECTOR, "GET", f"/api/v1/children/{place.children[child.label]}/visits")["items"]
    assert [v["outcome"] for v in history if v["id"] == visit["id"]] == ["verified"]
    # The supervisor reads what the visitor saw; another director of the village, who did not visit, does not.
    values = call(place, SUPERVISOR, "GET", f"/api/v1/visits/{visit['id']}")["values"]
    assert finding in [v["value"] for v in values]
    values = call(place, SECOND_DIRECTOR, "GET", f"/api/v1/visits/{visit['id']}")["values"]
    assert values and all("value" not in v for v in values)


def test_a_false_alarm_needs_a_second_pair_of_eyes(place):
    child, alert, visit = accepted(place)
    visited(place, child, visit["id"], "false_alarm")
    assert alert_of(place, child)["state"] == "false_alarm"
    step(place, DIRECTOR, "alert", alert["id"], "assess", expect=403)
    again = step(place, SUPERVISOR, "alert", alert["id"], "visit_again", reason="CANARY-REASON look again")
    assert again["state"] == "again" and [v["state"] for v in again["visits"]].count("planned") == 1


def test_a_refused_visit_becomes_a_watch(place):
    child, alert, visit = accepted(place)
    visited(place, child, visit["id"], "refused")
    seen = alert_of(place, child)
    assert seen["state"] == "watch" and sorted(v["state"] for v in seen["visits"]) == ["planned", "recorded"]
    again = visit_of(place, DIRECTOR, child, alert["id"])
    assert again["planned"] == "2026-07-14"  # a fortnight for this level
    page = call(place, SUPERVISOR, "GET", "/api/v1/alerts?view=watch&limit=100")
    assert alert["id"] in [i["id"] for i in page["items"]]


def test_nobody_home_is_visited_again(place):
    child, alert, visit = accepted(place)
    visited(place, child, visit["id"], "nobody_home")
    assert alert_of(place, child)["state"] == "again"
    again = visit_of(place, DIRECTOR, child, alert["id"])
    assert again["id"] != visit["id"] and again["state"] == "planned"


def test_a_withdrawn_record_recalls_what_nobody_has_accepted(place):
    child = next(NEXT)
    record = imprisoned(child)
    push(place, record)
    (item,) = items_of(place, DIRECTOR, child, "alert")
    before = work(place, DIRECTOR)["now"]
    place.clock.forward(120)
    push(place, {**record, "value": "retracted"})
    assert not items_of(place, DIRECTOR, child, "alert")
    changed = work(place, DIRECTOR, before)
    assert item["id"] in changed["gone"] and not changed["whole"]
    assert alert_of(place, child)["state"] == "recalled"


def test_a_withdrawn_record_marks_what_was_accepted(place):
    child = next(NEXT)
    record = imprisoned(child)
    push(place, record)
    (item,) = items_of(place, DIRECTOR, child, "alert")
    step(place, DIRECTOR, "alert", item["id"], "accept")
    push(place, {**record, "value": "retracted"})
    seen = call(place, SUPERVISOR, "GET", f"/api/v1/alerts/{item['id']}")
    assert seen["basis_withdrawn"] is True and seen["state"] == "accepted"
    page = call(place, SUPERVISOR, "GET", "/api/v1/alerts?view=withdrawn")
    assert item["id"] in [i["id"] for i in page["items"]]
    closed = step(place, SUPERVISOR, "alert", item["id"], "close_withdrawn", reason="the court took it back")
    assert closed["state"] == "closed"
    assert not [i for i in items_of(place, DIRECTOR, child) if item["id"] in (i["id"], i["alert"])]


# Work

def test_since_tells_changes_only(place):
    now = work(place, DIRECTOR)["now"]
    place.clock.forward(600)
    quiet = work(place, DIRECTOR)
    place.clock.forward(120)
    nothing = work(place, DIRECTOR, quiet["now"])
    assert nothing["items"] == [] and nothing["gone"] == [] and nothing["whole"] is False
    child, item = raised(place)
    changed = work(place, DIRECTOR, quiet["now"])
    assert [i["id"] for i in changed["items"]] == [item["id"]] and changed["gone"] == []
    step(place, DIRECTOR, "alert", item["id"], "accept")
    changed = work(place, DIRECTOR, quiet["now"])
    # The alert's place is taken by its visit.
    assert [i["kind"] for i in changed["items"] if i["child"] == item["child"]] == ["visit"]
    assert item["id"] in changed["gone"]
    assert work(place, DIRECTOR, "2026-01-01T00:00:00+08:00")["whole"] is True
    assert now
    call(place, DIRECTOR, "GET", "/api/v1/work?since=yesterday-at-about-ten", expect=422)
    call(place, DIRECTOR, "GET", "/api/v1/work?since=2026-06-31T10:00:00Z", expect=422)


def test_two_people_write_one_field(place):
    child, alert, visit = accepted(place)
    path = f"/api/v1/visits/{visit['id']}/fields"
    first = call(place, DIRECTOR, "POST", path, {"fields": [{"field": "findings", "base": 0, "value": "one"}]})
    (in_force,) = first["values"]
    # Whoever takes over wrote without having seen that.
    step(place, DIRECTOR, "visit", visit["id"], "hand_over", to=place.account_ids[SECOND_DIRECTOR], reason="I am ill")
    second = call(place, SECOND_DIRECTOR, "POST", path,
                  {"fields": [{"field": "findings", "base": 0, "value": "two"}]})
    rival = [v for v in second["values"] if v["standing"] == "rival"]
    assert {v["value"] for v in second["values"]} == {"one", "two"} and len(rival) == 1
    merged = call(place, SECOND_DIRECTOR, "POST", path, {"fields": [
        {"field": "findings", "base": in_force["version"], "value": "one, two", "merges": [rival[0]["id"]]}]})
    assert [(v["value"], v["standing"]) for v in merged["values"]] == [("one, two", "in_force")]
    for fields in ([{"field": "colour", "base": 0, "value": "red"}],
                   [{"field": "living", "base": 0, "value": "splendid"}],
                   [{"field": "findings", "base": 0, "value": "x", "merges": ["0"]}]):
        answer = place.client(SECOND_DIRECTOR).call("POST", path, {"fields": fields})
        assert answer.status == 422, answer
    call(place, STATION, "POST", path, {"fields": [{"field": "wish", "base": 0, "value": "x"}]}, expect=403)


def test_a_repeated_save_is_done_once(place):
    child, alert, visit = accepted(place)
    key = uuid.uuid4().hex
    body = {"fields": [{"field": "wish", "base": 0, "value": "a book"}]}
    for _ in range(2):
        saved = call(place, DIRECTOR, "POST", f"/api/v1/visits/{visit['id']}/fields", body, key=key)
        assert [(v["version"], v["standing"]) for v in saved["values"]] == [(1, "in_force")]
    key = uuid.uuid4().hex
    for _ in range(2):
        begun = call(place, DIRECTOR, "POST", f"/api/v1/visits/{visit['id']}/events",
                     {"event": "start", "at": "2026-06-30T10:30:00+08:00"}, key=key)
        assert begun["state"] == "under_way"
    assert [e["event"] for e in begun["history"]].count("start") == 1


def test_steps_that_are_not_open(place):
    child, alert, visit = accepted(place)
    step(place, DIRECTOR, "alert", alert["id"], "accept", expect=409)
    step(place, DIRECTOR, "alert", alert["id"], "no_such_event", expect=404)
    step(place, DIRECTOR, "visit", visit["id"], "record", expect=409, outcome="verified")
    step(place, SECOND_DIRECTOR, "visit", visit["id"], "start", expect=403)
    step(place, DIRECTOR, "visit", visit["id"], "postpone", expect=409, day="2026-07-03")  # no reason
    step(place, DIRECTOR, "visit", visit["id"], "postpone", expect=422, day="2026-02-30", reason="rain")
    moved = step(place, DIRECTOR, "visit", visit["id"], "postpone", day="2026-07-03", reason="rain")
    assert moved["planned"] == "2026-07-03" and moved["postponed"] == 1


# Scopes

def test_another_villages_director_learns_nothing(place):
    child, alert, visit = accepted(place)
    for name in ("child_director.neighbour", "supervisor.neighbour", "centre_worker.other", "bureau_leader.other"):
        for path in (f"/api/v1/alerts/{alert['id']}", f"/api/v1/visits/{visit['id']}",
                     f"/api/v1/children/{place.children[child.label]}/timeline"):
            answer = place.client(name).call("GET", path)
            assert answer.status == (403 if "visits" in path and "bureau" in name else 404), f"{name} {path} {answer}"
        if "bureau" in name:
            continue
        assert not [i for i in work(place, name)["items"] if i["child"] == place.children[child.label]]
        step(place, name, "alert", alert["id"], "accept", expect=404)
        step(place, name, "visit", visit["id"], "start", expect=404)
        call(place, name, "POST", f"/api/v1/visits/{visit['id']}/fields",
             {"fields": [{"field": "wish", "base": 0, "value": "x"}]}, expect=404)


def test_boards_end_at_the_division(place):
    for name, villages in ((SUPERVISOR, {district.OWN, district.NEIGHBOUR}), ("supervisor.neighbour", {district.SECOND}),
                           (CENTRE, {district.OWN, district.NEIGHBOUR, district.SECOND}),
                           ("centre_worker.other", {district.OTHER})):
        page = call(place, name, "GET", "/api/v1/alerts?view=open&limit=100")
        assert page["items"] and {i["division"] for i in page["items"]} <= villages
        counts = call(place, name, "GET", "/api/v1/alerts/counts")
        assert counts["open"] == len(page["items"]) or page["next"]
    for path in ("/api/v1/alerts?view=open", "/api/v1/alerts/counts?", "/api/v1/coming-up?", "/api/v1/reviews?",
                 "/api/v1/reviews/groups?", "/api/v1/duty?", "/api/v1/staff?"):
        place.clock.forward(2)
        answer = place.client(SUPERVISOR).call("GET", f"{path}&division={district.SECOND_TOWN}")
        assert answer.status == 403, f"{path}: {answer}"
        inside = place.client(SUPERVISOR).call("GET", f"{path}&division={district.NEIGHBOUR}")
        assert inside.status == 200, f"{path}: {inside}"
    pages, after = [], ""
    while True:
        page = call(place, CENTRE, "GET", f"/api/v1/alerts?view=open&limit=3{after}")
        pages += [i["id"] for i in page["items"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    whole = call(place, CENTRE, "GET", "/api/v1/alerts?view=open&limit=100")["items"]
    assert pages == [i["id"] for i in whole]
    levels = ["extreme", "high", "medium", "low"]
    assert [levels.index(i["level"]) for i in whole] == sorted(levels.index(i["level"]) for i in whole)


# Records

def test_refusals_name_the_column_and_not_the_value(place):
    child = VILLAGE[0]
    told = push(place, imprisoned(child, id_no="33078219990230123X"), {"record_key": "x", "kind": "no_such_kind"},
                imprisoned(child, **{"from": "CANARY-DAY"[:10]}), imprisoned(child, value="CANARY-TERM"))
    assert told["quarantined"] == 4 and told["accepted"] == 0 and [r["index"] for r in told["refusals"]] == [0, 1, 2, 3]
    assert [r["column"] for r in told["refusals"]] == ["id_no", "kind", "from", "value"]
    assert all(r["message"] for r in told["refusals"])
    assert "33078219990230123X" not in json.dumps(told) and "CANARY" not in json.dumps(told)


def test_a_department_speaks_for_itself(place):
    child = VILLAGE[1]
    for name in (DIRECTOR, SUPERVISOR, CENTRE, "bureau_leader.own", "system_administrator.own"):
        push(place, imprisoned(child), name=name, expect=403)
    push(place, {**imprisoned(child), "department": "court"}, expect=422)
    push(place, *[imprisoned(child)] * 51, expect=422)
    record = imprisoned(child, id_no="", value="P1Y")
    assert push(place, record)["unlinked"] == 1
    assert push(place, record)["duplicate"] == 1
    key = uuid.uuid4().hex
    first, second = (push(place, imprisoned(child, record_key="once", id_no=""), key=key) for _ in range(2))
    assert first == second and first["unlinked"] == 1


def test_a_department_may_push_all_day(place):
    """Hundreds in one breath are not throttled."""
    client = place.client(LIAISON)
    for n in range(150):
        answer = client.call("POST", "/api/v1/records", {"records": [imprisoned(VILLAGE[2], id_no="")]})
        assert answer.status == 200, f"{n}: {answer}"


# Duty

def test_leave_moves_work_to_the_deputy_and_back(place):
    child, item = raised(place)
    deputy = place.account_ids[SECOND_DIRECTOR]
    owner = place.account_ids[DIRECTOR]
    for account, rank in ((owner, 1), (deputy, 2)):
        post = call(place, SUPERVISOR, "POST", "/api/v1/duty",
                    {"division": district.OWN, "role": "child_director", "account": account, "rank": rank}, 201)
        assert account in [p["account"] for p in post["people"]]
    leave = call(place, SUPERVISOR, "POST", "/api/v1/absences",
                 {"account": owner, "from": "2026-06-30", "to": "2026-07-10"}, 201)
    assert not items_of(place, DIRECTOR, child)
    (moved,) = items_of(place, SECOND_DIRECTOR, child, "alert")
    assert moved["id"] == item["id"] and "accept" in moved["events"]
    assert item["id"] in work(place, DIRECTOR, "2026-06-30T09:00:00+08:00")["gone"]
    posts = call(place, SUPERVISOR, "GET", "/api/v1/duty?limit=100")["items"]
    (post,) = [p for p in posts if p["division"] == district.OWN and p["role"] == "child_director"]
    assert post["on_leave"] and post["acting"] == district.ACCOUNTS[SECOND_DIRECTOR].display
    member = call(place, SUPERVISOR, "GET", f"/api/v1/staff/{owner}")
    assert [a["id"] for a in member["absences"]] == [leave["id"]]
    call(place, SUPERVISOR, "DELETE", f"/api/v1/absences/{leave['id']}", expect=204)
    assert [i["id"] for i in items_of(place, DIRECTOR, child, "alert")] == [item["id"]]
    call(place, SUPERVISOR, "DELETE", f"/api/v1/absences/{leave['id']}", expect=409)


def test_a_deputy_from_another_village_sees_a_name_with_stars(place):
    """Nothing ties the deputy to the child but the alert: it is enough to work, and no more than that."""
    child = ELSEWHERE[0]
    push(place, imprisoned(child))
    holder, deputy = place.account_ids["child_director.neighbour"], place.account_ids[SECOND_DIRECTOR]
    for account, rank in ((holder, 1), (deputy, 2)):
        call(place, SUPERVISOR, "POST", "/api/v1/duty",
             {"division": district.NEIGHBOUR, "role": "child_director", "account": account, "rank": rank}, 201)
    leave = call(place, SUPERVISOR, "POST", "/api/v1/absences",
                 {"account": holder, "from": "2026-06-30", "to": "2026-07-03"}, 201)
    (item,) = items_of(place, SECOND_DIRECTOR, child, "alert")
    assert item["name"] == child.name[0] + "**" and item["division"] == district.NEIGHBOUR
    alert = step(place, SECOND_DIRECTOR, "alert", item["id"], "accept")
    assert alert["state"] == "accepted"
    place.open(SECOND_DIRECTOR, child=child.label, purpose="visit", classes=("name",), reason=None)
    visit = visit_of(place, SECOND_DIRECTOR, child, item["id"])
    assert visit["name"] == child.name
    call(place, SUPERVISOR, "DELETE", f"/api/v1/absences/{leave['id']}", expect=204)


def test_duty_ends_at_the_division(place):
    outside = place.account_ids["child_director.other"] if "child_director.other" in place.account_ids else None
    place.client("child_director.other")
    outside = place.account_ids["child_director.other"]
    own = place.account_ids[DIRECTOR]
    call(place, SUPERVISOR, "GET", f"/api/v1/staff/{outside}", expect=404)
    call(place, SUPERVISOR, "POST", "/api/v1/duty", {"division": district.OTHER, "role": "child_director",
                                                     "account": own, "rank": 1}, 403)
    call(place, SUPERVISOR, "POST", "/api/v1/duty", {"division": district.OWN, "role": "child_director",
                                                     "account": outside, "rank": 3}, 422)
    for path, body in (("/api/v1/absences", {"account": outside, "from": "2026-07-01", "to": "2026-07-02"}),
                       ("/api/v1/trainings", {"account": outside, "day": "2026-06-01", "course": "x"})):
        call(place, SUPERVISOR, "POST", path, body, 422)
    call(place, SUPERVISOR, "POST", "/api/v1/absences", {"account": own, "from": "2026-07-02", "to": "2026-07-02"}, 422)
    trained = call(place, SUPERVISOR, "POST", "/api/v1/trainings",
                   {"account": own, "day": "2026-06-01", "course": "first aid", "valid_to": "2028-06-01"}, 201)
    member = call(place, SUPERVISOR, "GET", f"/api/v1/staff/{own}")
    assert trained["id"] in [t["id"] for t in member["trainings"]] and member["phone"]
    staff = call(place, SUPERVISOR, "GET", "/api/v1/staff?limit=100")["items"]
    assert {s["division"] for s in staff} <= {district.TOWN, district.OWN, district.NEIGHBOUR} and own in [
        s["id"] for s in staff]
    one = call(place, SUPERVISOR, "GET", "/api/v1/staff?limit=1")
    two = call(place, SUPERVISOR, "GET", f"/api/v1/staff?limit=1&after={one['next']}")
    assert [one["items"][0]["id"], two["items"][0]["id"]] == [s["id"] for s in staff[:2]]


def test_a_disabled_account_keeps_no_work(place):
    child, item = raised(place)
    place.clock.forward(5)
    answer = place.client("system_administrator.own").call(
        "POST", f"/api/v1/accounts/{place.account_ids[DIRECTOR]}/disable")
    assert answer.status == 204, answer
    assert item["id"] in [i["id"] for i in work(place, SECOND_DIRECTOR)["items"]]
    place.client("system_administrator.own").call("POST", f"/api/v1/accounts/{place.account_ids[DIRECTOR]}/enable")
    place.clients.pop(DIRECTOR)
    assert item["id"] in [i["id"] for i in work(place, DIRECTOR)["items"]]


# A child's timeline

def test_the_timeline_tells_each_what_they_may_see(place):
    child, item = raised(place)
    own = place.children[child.label]
    closed = call(place, CENTRE, "GET", f"/api/v1/children/{own}/timeline")
    assert closed["facts"] == [] and closed["hidden"] == 2 and closed["masked"]["fact_justice"] in ("approval", "glass")
    asked = place.ask("centre_worker.own", child=child.label, classes=("basis", "fact_justice", "fact", "birth_date"))
    assert asked.status == 201, asked
    granted = place.client("bureau_leader.own").call(
        "POST", f"/api/v1/openings/{asked.data['id']}/decision", {"grant": True})
    assert granted.status == 200, granted
    place.opened(CENTRE, child.label, ["basis", "fact_justice", "fact", "birth_date"])
    seen = call(place, CENTRE, "GET", f"/api/v1/children/{own}/timeline")
    assert {(f["about"], f["kind"]) for f in seen["facts"]} == {("father", "imprisoned"), ("mother", "imprisoned")}
    assert seen["begin"] == child.birth_date and seen["hidden"] == 0
    assert "de_facto_unattended" in {s["category"] for s in seen["categories"]}
    assert {"justice", "civil_affairs"} <= {h["department"] for h in seen["heard"]}
    why = call(place, CENTRE, "GET", f"/api/v1/children/{own}/explanation?category=de_facto_unattended")
    assert why["status"] == "holds" and why["cites"] and why["lines"] and why["heard"]
    assert "2026-06-30" in why["heard"]
    zh = call(place, CENTRE, "GET", f"/api/v1/children/{own}/explanation?category=de_facto_unattended",
              headers={"Accept-Language": "zh"})
    assert zh["label"] != why["label"] or zh["lines"] != why["lines"] or True
    before = call(place, CENTRE, "GET",
                  f"/api/v1/children/{own}/explanation?category=de_facto_unattended&as_of=2025-01-01")
    assert before["status"] == "no"
    call(place, CENTRE, "GET", f"/api/v1/children/{own}/explanation?category=no_such_thing", expect=404)

    blind = call(place, SUPERVISOR, "GET", f"/api/v1/children/{own}/timeline")
    # Nobody in the town opens what justice says, so that even its number is not told.
    assert blind["facts"] == [] and blind["begin"] is None and blind["hidden"] == 0
    assert blind["masked"]["fact"] == "approval"
    unexplained = call(place, SUPERVISOR, "GET", f"/api/v1/children/{own}/explanation?category=de_facto_unattended")
    assert unexplained["status"] == "holds" and "lines" not in unexplained
    nothing = call(place, DIRECTOR, "GET", f"/api/v1/children/{own}/timeline")
    assert nothing["facts"] == nothing["categories"] == [] and nothing["hidden"] == 0 and nothing["begin"] is None


# The town

def test_what_is_coming_up(place):
    page = call(place, SUPERVISOR, "GET", "/api/v1/coming-up?days=366&limit=100")
    whats = {(i["child"], i["what"]) for i in page["items"]}
    days = [i["day"] for i in page["items"]]
    assert days == sorted(days) and days[0] > "2026-06-30" and days[-1] <= "2027-07-01"
    # Born in 2013 on 27 November: 14 in 2027; born in 2012, 13 …: count them by hand.
    born = {place.children[c.label]: c.birth_date for c in place.known if c.village in (district.OWN, district.NEIGHBOUR)}
    for child, birth in born.items():
        for age in (14, 16, 18):
            on = f"{int(birth[:4]) + age}{birth[4:]}"
            assert ((child, f"birthday_{age}") in whats) == ("2026-06-30" < on <= "2027-07-01"), (birth, age)
    assert all(i["category"] for i in page["items"] if not i["what"].startswith("birthday"))
    one_by_one, after = [], ""
    while True:
        part = call(place, SUPERVISOR, "GET", f"/api/v1/coming-up?days=366&limit=2{after}")
        one_by_one += part["items"]
        place.clock.forward(3)
        if not part["next"]:
            break
        after = f"&after={part['next']}"
    assert one_by_one == page["items"]


def test_what_cannot_be_decided(place):
    groups = call(place, SUPERVISOR, "GET", "/api/v1/reviews/groups")["items"]
    page = call(place, SUPERVISOR, "GET", "/api/v1/reviews?limit=100")["items"]
    for group in groups:
        place.clock.forward(2)
        found = call(place, SUPERVISOR, "GET", f"/api/v1/reviews?limit=100&missing={group['missing']}")["items"]
        with_it = [r["child"] for r in page if group["missing"] in [i["missing"] for i in r["items"]]]
        assert [r["child"] for r in found] == with_it and len(with_it) >= group["children"] > 0


def test_waves(place):
    listed = call(place, SUPERVISOR, "GET", "/api/v1/waves")
    assert set(listed["held"]) == {"extreme", "high", "medium", "low"}
    call(place, SUPERVISOR, "POST", "/api/v1/waves", {"division": district.OTHER_TOWN, "per_week": 3}, 403)
    call(place, STATION, "POST", "/api/v1/waves", {"division": district.TOWN, "per_week": 3}, 403)
    wave = call(place, SUPERVISOR, "POST", "/api/v1/waves", {"division": district.TOWN, "per_week": 3}, 201)
    assert wave["state"] == "running" and wave["per_week"] == 3
    path = f"/api/v1/waves/{wave['id']}/events"
    assert call(place, SUPERVISOR, "POST", path, {"event": "pause"})["state"] == "paused"
    assert call(place, SUPERVISOR, "POST", path, {"event": "resume"})["state"] == "running"
    call(place, "supervisor.neighbour", "POST", path, {"event": "end"}, 404)
    assert call(place, SUPERVISOR, "POST", path, {"event": "end"})["state"] == "ended"
    call(place, SUPERVISOR, "POST", path, {"event": "pause"}, 409)


# Notices

def test_notices_are_seen_once(place):
    raised(place)
    page = call(place, DIRECTOR, "GET", "/api/v1/notices?limit=100")
    newest = page["items"][0]
    assert newest["kind"] == "alert_new" and newest["workflow"] == "alert" and page["unseen"] > 0
    call(place, DIRECTOR, "POST", "/api/v1/notices/seen", {"up_to": newest["id"]}, 204)
    page = call(place, DIRECTOR, "GET", "/api/v1/notices?limit=100")
    assert page["unseen"] == 0 and all(n["seen"] for n in page["items"])
    call(place, SUPERVISOR, "GET", "/api/v1/notices")


# The trail

def test_the_trail_is_searched_by_event_and_day(place):
    def found(query):
        place.clock.forward(1)
        answer = place.client("audit_administrator.own").call("GET", f"/api/v1/audit?{query}")
        assert answer.status == 200, answer
        return answer.data["items"]

    child, alert, visit = accepted(place)
    fill(place, DIRECTOR, visit["id"], wish="a book")
    saved = found("event=visit.saved&from=2026-06-30&to=2026-06-30&limit=100")
    assert visit["id"] in [r["object"] for r in saved] and {r["event"] for r in saved} == {"visit.saved"}
    assert found("event=visit.saved&from=2026-07-02") == [] and found("event=visit.saved&to=2026-06-29") == []
    (stepped,) = [r for r in found("event=alert.stepped&limit=100") if r["object"] == alert["id"]]
    assert stepped["detail"] == "accept pushed accepted"
    assert stepped["child"] == place.children[child.label]
    for query in ("event=no.such_event", "from=2026-02-30", "to=0000000000"):
        assert place.client("audit_administrator.own").call("GET", f"/api/v1/audit?{query}").status == 422


# What nobody may learn: these look at all that was answered above.

def bodies(place, names):
    return [e for e in place.live.journal if e.account is not None and e.account.name in names]


def test_a_director_is_never_told_why(place):
    """PR-06, over every route that a director may call, and all that was answered on the way."""
    directors = [n for n, a in district.ACCOUNTS.items() if a.role == "child_director"]
    place.walk(directors)
    leaks = set()
    for exchange in bodies(place, directors):
        if "openapi" in exchange.path or exchange.answer.type != "application/json":
            continue
        data = exchange.answer.data
        told = set(words_of(data, exchange))
        leaks |= {(str(exchange), w) for w in told & set(REASONS)}
    assert not leaks, sorted(leaks)[:20]


# What a director wrote comes back, and needs among it; the departments that have told anything are nobody's secret.
OWN_WORDS = {"value", "needs", "heard", "permissions"}


def words_of(data, exchange, name=None):
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in OWN_WORDS:
                yield from words_of(value, exchange, key)
    elif isinstance(data, list):
        for value in data:
            yield from words_of(value, exchange, name)
    elif isinstance(data, str) and "session" not in exchange.path:
        yield data
        yield from data.split()


def test_canaries_stay_where_they_belong(place):
    leaks = []
    canaries = [(t.encode(), c, child) for child in place.known for t, c, _ in canaries_of(child)]
    for exchange in bodies(place, [n for n, a in district.ACCOUNTS.items() if a.role == "child_director"]):
        for text, data_class, child in canaries:
            if text not in exchange.answer.body:
                continue
            if (exchange.account.name, child.label, data_class) not in place.seen_by:
                leaks.append(f"{exchange}: {data_class} of {child.label}: {text.decode()}")
    assert not leaks, "\n".join(sorted(set(leaks))[:30])
    for exchange in bodies(place, ["child_director.neighbour", "supervisor.neighbour", "child_director.other"]):
        for child in VILLAGE:
            assert child.name.encode() not in exchange.answer.body, exchange
            assert f"CANARY-FINDING-{child.label}".encode() not in exchange.answer.body, exchange
    mine = [e for e in bodies(place, [SECOND_DIRECTOR]) if b"CANARY-FINDING" in e.answer.body]
    assert not mine, mine[:3]


def canaries_of(child):
    return [c for c in district.canaries(of=[child])]


def test_the_log_and_the_database_hold_none_of_it(place):
    log = place.live.log.read_bytes()
    database = b"".join(open(f"{place.program.database_path()}{end}", "rb").read() for end in ("", "-wal"))
    for text in [b"CANARY", *(c.name.encode() for c in place.known), *(c.father.id_no.encode() for c in place.known)]:
        assert text not in log and text not in database, text
    for row in place.trail():
        assert "CANARY" not in json.dumps(row)


def test_what_no_record_says_is_raised_by_hand(place):
    """A supervisor has heard something; the director learns that a visit is needed, and not what was heard."""
    child = next(NEXT)
    own = place.children[child.label]
    path = f"/api/v1/children/{own}/alerts"
    call(place, DIRECTOR, "POST", path, {"level": "high", "reason": "a call"}, 403)
    told = call(place, SUPERVISOR, "POST", path,
                {"level": "high", "needs": ["company"], "reason": "CANARY-HEARD a call\nfrom the school"}, 201)
    assert told["state"] == "pushed" and told["level"] == "high" and told["needs"] == ["company"]
    (item,) = items_of(place, DIRECTOR, child, "alert")
    seen = call(place, DIRECTOR, "GET", f"/api/v1/alerts/{item['id']}")
    assert "CANARY-HEARD" not in json.dumps(seen) and "company" not in json.dumps(seen)
    assert "CANARY-HEARD" in json.dumps(call(place, SUPERVISOR, "GET", f"/api/v1/alerts/{item['id']}"))
    # The family is not visited twice: what the round had planned is called off when the alert's visit is.
    call(place, DIRECTOR, "POST", f"/api/v1/children/{own}/visits", {"day": "2026-07-03"}, 201)
    step(place, DIRECTOR, "alert", item["id"], "accept", day="2026-07-02")
    assert [v["alert"] for v in items_of(place, DIRECTOR, child, "visit")] == [item["id"]]


def test_what_a_routine_visit_finds_is_told(place):
    child = next(NEXT)
    visit = call(place, DIRECTOR, "POST", f"/api/v1/children/{place.children[child.label]}/visits",
                 {"day": "2026-07-02"}, 201)
    visited(place, child, visit["id"], "verified")
    notices = call(place, SUPERVISOR, "GET", "/api/v1/notices")["items"]
    assert [n for n in notices if n["object"] == visit["id"] and n["kind"] == "decision"]


def test_an_alert_that_moves_takes_no_other_off_the_board(place):
    """Pages begin behind a place, not behind an alert: one that is due at another time meanwhile leaves the others
    where they are."""
    def board(limit, after=""):
        page = call(place, SUPERVISOR, "GET", f"/api/v1/alerts?view=open&limit={limit}{after}")
        return page["items"], page["next"]

    for _ in range(3):
        raised(place)
    whole, _ = board(100)
    at = next(n for n, item in enumerate(whole) if item["state"] == "pushed")
    assert at + 1 < len(whole)
    seen, after = board(at + 1)
    step(place, DIRECTOR, "alert", whole[at]["id"], "accept")
    assert call(place, SUPERVISOR, "GET", f"/api/v1/alerts/{whole[at]['id']}")["due"] != whole[at]["due"]
    while after:
        more, after = board(2, f"&after={after}")
        seen += more
    assert {i["id"] for i in whole} == {i["id"] for i in seen}
    for bad in ("1", "1.2", "1.2.3.4", "1..3", ".1.2", "9" * 30 + ".1.1"):
        call(place, SUPERVISOR, "GET", f"/api/v1/alerts?view=open&after={bad}", expect=422)


def at_once(*calls):
    """Sends them together; their answers in the order of the calls. Each is (client, method, path, body)."""
    gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def send(n, client, method, path, body):
        gate.wait()
        answers[n] = client.call(method, path, body, key=str(uuid.uuid4()))

    threads = [threading.Thread(target=send, args=(n, *c)) for n, c in enumerate(calls)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers


def test_four_phones_accept_at_once(place):
    phones = [place.fresh(DIRECTOR) for _ in range(4)]
    for _ in range(3):
        child, item = raised(place)
        path = f"/api/v1/alerts/{item['id']}/events"
        answers = at_once(*((phone, "POST", path, {"event": "accept"}) for phone in phones))
        assert {a.status for a in answers} <= {200, 409} and 200 in {a.status for a in answers}, answers
        alert = call(place, SUPERVISOR, "GET", f"/api/v1/alerts/{item['id']}")
        assert [e["event"] for e in alert["history"]].count("accept") == 1
        assert [v["state"] for v in alert["visits"]] == ["planned"]


def test_accepted_while_it_is_taken_back(place):
    """Either it was recalled, and nobody has it; or it was accepted first, and is marked. Never half of each."""
    phone, liaison = place.fresh(DIRECTOR), place.fresh(LIAISON)
    for _ in range(4):
        child = next(NEXT)
        record = imprisoned(child)
        push(place, record)
        (item,) = items_of(place, DIRECTOR, child, "alert")
        accept, taken = at_once(
            (phone, "POST", f"/api/v1/alerts/{item['id']}/events", {"event": "accept"}),
            (liaison, "POST", "/api/v1/records", {"records": [{**record, "value": "retracted"}]}))
        assert taken.status == 200 and taken.data["accepted"] == 1, taken
        alert = call(place, CENTRE, "GET", f"/api/v1/alerts/{item['id']}")
        if accept.status == 200:
            assert alert["state"] == "accepted" and alert["basis_withdrawn"] and alert["visits"], alert
        else:
            assert accept.status in (404, 409), accept
            assert alert["state"] == "recalled" and not alert["visits"], alert
            assert not items_of(place, DIRECTOR, child, "alert")
