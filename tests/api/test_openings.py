"""Opening what is masked: by a tap, with approval, by breaking the glass; for whom, how long, and who is told.

Each opening shows its classes to the one account that opened them, for as many minutes as the clearance
table gives, leaves rows in the trail, and stands in the child's trace. (PR-05, PR-07)
"""

import datetime
import json

import pytest

import district
from live import CHINA
from world import World

CHILD = district.OWN_CHILD


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("openings"), "sqlite")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def at_ten(place):
    """Each test begins on a morning of its own; sessions are new where theirs are over."""
    day = place.clock.now() // 86400 * 86400 + 86400
    place.clock.set(datetime.datetime.fromtimestamp(day + 2 * 3600, CHINA))
    for client in place.clients.values():
        client.close()
    place.clients.clear()


def file_of(place, name, child="own"):
    answer = place.client(name).call("GET", f"/api/v1/children/{place.children[child]}")
    assert answer.status == 200, answer
    return answer.data


def rows_about(place, opening):
    return [r["event"] for r in place.trail() if r["object"] == opening]


def alarms(place, kind):
    answer = place.client("security_administrator.own").call("GET", "/api/v1/alarms?limit=100")
    assert answer.status == 200, answer
    return [a for a in answer.data["items"] if a["kind"] == kind]


def trace_of(place, name="supervisor.own", child="own"):
    items, after = [], ""
    while True:
        answer = place.client(name).call(
            "GET", f"/api/v1/children/{place.children[child]}/trace?limit=100" + after)
        assert answer.status == 200, answer
        items += answer.data["items"]
        if not answer.data["next"]:
            return items
        after = f"&after={answer.data['next']}"


def decide(place, name, opening, grant=True):
    return place.client(name).call("POST", f"/api/v1/openings/{opening}/decision", {"grant": grant})


def test_a_tap_shows_at_once_and_for_fifteen_minutes(place):
    name, other = "child_director.visit", "child_director.own"
    before = file_of(place, name)
    assert CHILD.name not in json.dumps(before, ensure_ascii=False)
    assert before["masked"]["name"] == "tap" and before["masked"]["address"] == "tap"
    answer = place.ask(name, purpose="visit", classes=["name", "address"], reason=None)
    assert answer.status == 201, answer
    opening = answer.data["id"]
    opened = file_of(place, name)
    assert opened["name"] == CHILD.name and opened["address"] == CHILD.address
    assert [o["id"] for o in opened["openings"]] == [opening]
    assert opened["openings"][0]["purpose"] == "visit"
    assert sorted(opened["openings"][0]["classes"]) == ["address", "name"]
    # Neither what was not asked for, nor for anybody else, nor another session's way around.
    kin = place.client(name).call("GET", f"/api/v1/children/{place.children['own']}/kin").data["items"]
    assert all(CHILD.father.phone != k.get("phone") for k in kin)
    assert file_of(place, other)["name"] == CHILD.name[0] + "**"
    assert CHILD.address not in json.dumps(file_of(place, "supervisor.own"), ensure_ascii=False)
    place.clock.forward(14 * 60)
    assert file_of(place, name)["name"] == CHILD.name
    place.clock.forward(61)
    late = file_of(place, name)
    assert late["name"] == CHILD.name[0] + "**" and not late["openings"]
    assert "opening.granted" in rows_about(place, opening) or "opening.asked" in rows_about(place, opening)
    read = [r for r in place.trail(account=place.account_ids[name]) if r["event"] == "child.read"
            and r["object"] == opening]
    assert len(read) >= 2 and all(r["child"] == place.children["own"] for r in read)


def test_the_trace_of_the_child_says_who_looked(place):
    opening = place.open("child_director.visit", purpose="visit", classes=["name"], reason=None)
    entry = [o for o in trace_of(place) if o["id"] == opening]
    assert len(entry) == 1
    entry = entry[0]
    assert entry["account"] == district.ACCOUNTS["child_director.visit"].display
    assert entry["role"] == "child_director" and entry["purpose"] == "visit"
    assert entry["classes"] == ["name"] and entry["state"] == "open"
    assert entry["child"] == place.children["own"]
    for name in ("child_director.own", "station_worker.own", "helper.own", "guardian.own"):
        answer = place.client(name).call("GET", f"/api/v1/children/{place.children['own']}/trace")
        assert answer.status == 403, f"{name}: {answer}"
    answer = place.client("supervisor.other").call(
        "GET", f"/api/v1/children/{place.children['own']}/trace")
    assert answer.status == 404


def test_closing_ends_it_at_once(place):
    name = "child_director.visit"
    opening = place.open(name, purpose="visit", classes=["name"], reason=None)
    other = place.client("station_worker.own").call("POST", f"/api/v1/openings/{opening}/end")
    assert other.status in (403, 404), other
    assert file_of(place, name)["name"] == CHILD.name
    assert place.client(name).call("POST", f"/api/v1/openings/{opening}/end").status == 204
    assert file_of(place, name)["name"] == CHILD.name[0] + "**"
    assert "opening.ended" in rows_about(place, opening)
    assert place.client(name).call("POST", f"/api/v1/openings/{opening}/end").status == 409


def test_approval_takes_a_second_person(place):
    name = "station_worker.own"
    reason = "CANARY-REASON-approval"
    answer = place.ask(name, purpose="casework", classes=["name", "id_number"], reason=reason)
    assert answer.status == 201, answer
    opening = answer.data["id"]
    assert CHILD.name not in json.dumps(file_of(place, name), ensure_ascii=False)
    # Neither the asker, nor one of the same role, nor one without the child in scope.
    assert decide(place, name, opening).status in (403, 404)
    assert decide(place, "station_worker.case", opening).status in (403, 404)
    assert decide(place, "supervisor.other", opening).status in (403, 404)
    assert decide(place, "supervisor.neighbour", opening).status in (403, 404)
    assert decide(place, "centre_worker.other", opening).status in (403, 404)
    assert decide(place, "security_administrator.own", opening).status == 403
    waiting = place.client("supervisor.own").call("GET", "/api/v1/openings?state=asked")
    assert opening in [o["id"] for o in waiting.data["items"]]
    assert reason in [o.get("reason") for o in waiting.data["items"]]
    unseen = place.client("supervisor.other").call("GET", "/api/v1/openings?state=asked")
    assert opening not in [o["id"] for o in unseen.data["items"]]
    answer = decide(place, "supervisor.own", opening)
    assert answer.status == 200 and answer.data["state"] == "open", answer
    place.opened(name, "own", ["name", "id_number"])
    opened = file_of(place, name)
    assert opened["name"] == CHILD.name and opened["id_number"] == CHILD.id_no
    assert opened["address"] != CHILD.address, "was not asked for"
    assert decide(place, "centre_worker.own", opening).status == 409, "is decided once"
    assert CHILD.name not in json.dumps(file_of(place, "supervisor.own"), ensure_ascii=False)
    place.clock.forward(59 * 60)
    assert file_of(place, name)["name"] == CHILD.name
    place.clock.forward(61)
    assert file_of(place, name)["name"] == CHILD.name[0] + "**"
    assert {"opening.asked", "opening.granted"} <= set(rows_about(place, opening))


def test_a_refusal_opens_nothing(place):
    name = "station_worker.own"
    opening = place.ask(name, purpose="casework", classes=["address"]).data["id"]
    answer = decide(place, "centre_worker.own", opening, grant=False)
    assert answer.status == 200 and answer.data["state"] == "refused", answer
    assert file_of(place, name)["address"] != CHILD.address
    assert decide(place, "supervisor.own", opening).status == 409
    assert "opening.refused" in rows_about(place, opening)


def test_what_nobody_decides_lapses(place):
    name = "station_worker.own"
    opening = place.ask(name, purpose="casework", classes=["phone"]).data["id"]
    place.clock.forward(24 * 3600 + 60)
    place.clients.clear()
    assert decide(place, "supervisor.own", opening).status == 409
    assert file_of(place, name)["phone"] != CHILD.phone


def test_a_reason_is_needed_where_somebody_will_read_it(place):
    for purpose in ("casework", "emergency"):
        answer = place.ask("station_worker.own", purpose=purpose, classes=["name"], reason=None)
        assert answer.status in (400, 422), answer
        assert answer.type == "application/problem+json"


def test_the_glass_opens_at_once_and_is_reviewed(place):
    name = "child_director.own"
    already = len(alarms(place, "glass"))
    opening = place.open(name, purpose="emergency", classes=["name", "kin_phone"],
                         reason="CANARY-REASON-glass")
    opened = file_of(place, name)
    assert opened["name"] == CHILD.name
    assert CHILD.address not in json.dumps(opened, ensure_ascii=False)
    assert len(alarms(place, "glass")) == already + 1
    raised = alarms(place, "glass")[-1]
    assert raised["account"] == place.account_ids[name]
    assert CHILD.name not in json.dumps(raised, ensure_ascii=False)
    assert place.children["own"] not in json.dumps(raised), "an alarm names accounts, never a child"
    review = "/api/v1/openings/{}/review".format(opening)
    for who, wanted in ((name, 403), ("station_worker.own", 403), ("security_administrator.own", 403),
                        ("supervisor.other", 404)):
        answer = place.client(who).call("POST", review, {"justified": True})
        assert answer.status in (wanted, 403, 404), f"{who}: {answer}"
    due = place.client("supervisor.own").call("GET", "/api/v1/openings?state=to_review&limit=100")
    assert opening in [o["id"] for o in due.data["items"]]
    place.clock.forward(30 * 60 + 5)
    assert file_of(place, name)["name"] == CHILD.name[0] + "**"
    answer = place.client("supervisor.own").call("POST", review, {"justified": False})
    assert answer.status == 200 and answer.data["justified"] is False, answer
    answer = place.client("supervisor.own").call("POST", review, {"justified": True})
    assert answer.status == 409, "is reviewed once"
    assert {"glass.broken", "glass.reviewed"} <= set(rows_about(place, opening))
    entry = [o for o in trace_of(place) if o["id"] == opening][0]
    assert entry["glass"] is True and entry["reason"] == "CANARY-REASON-glass"


def test_a_glass_that_nobody_reviews_alarms(place):
    already = len(alarms(place, "not_reviewed"))
    place.open("child_director.own", purpose="emergency", classes=["address"], reason="why")
    place.clock.forward(2 * 86400)
    place.clients.clear()
    place.live.command("tick", "--date",
                       datetime.datetime.fromtimestamp(place.clock.now(), CHINA).date().isoformat())
    assert len(alarms(place, "not_reviewed")) == already + 1


def test_many_openings_alarm(place):
    name = "helper.own"
    already = len([a for a in alarms(place, "volume") if a["account"] == place.account_ids.get(name)])
    place.client(name)
    for _ in range(22):
        opening = place.open(name, purpose="aid", classes=["name"], reason=None)
        assert place.client(name).call("POST", f"/api/v1/openings/{opening}/end").status == 204
        place.clock.forward(60)
    raised = [a for a in alarms(place, "volume") if a["account"] == place.account_ids[name]]
    assert len(raised) > already


def test_an_opening_at_night_alarms(place):
    already = len(alarms(place, "hour"))
    place.open("child_director.visit", purpose="visit", classes=["name"], reason=None)
    assert len(alarms(place, "hour")) == already, "ten in the morning is an hour to work"
    place.clock.forward(13 * 3600)  # eleven in the evening
    place.clients.clear()
    place.open("child_director.visit", purpose="visit", classes=["address"], reason=None)
    raised = alarms(place, "hour")
    assert len(raised) == already + 1 and raised[-1]["figure"] == 23


def test_opening_without_a_task_alarms(place):
    already = len(alarms(place, "no_task"))
    place.open("child_director.visit", purpose="visit", classes=["kin_phone"], reason=None)
    assert len(alarms(place, "no_task")) == already, "whoever has the task opens as a matter of course"
    opening = place.ask("station_worker.own", child="neighbour", classes=["name"]).data["id"]
    assert decide(place, "supervisor.own", opening).status == 200
    place.opened("station_worker.own", "neighbour", ["name"])
    assert len(alarms(place, "no_task")) == already + 1


def test_asking_again_gives_the_one_that_is_there(place):
    first = place.open("child_director.visit", purpose="visit", classes=["name"], reason=None)
    second = place.open("child_director.visit", purpose="visit", classes=["name"], reason=None)
    assert first == second


def test_the_end_of_a_task_ends_what_it_opened(place):
    """An opening is for a relation: without the task, the tap shows nothing any more."""
    name = "helper.other"
    place.client(name)
    child = place.children["other"]
    given = place.client("centre_worker.other").call(
        "POST", f"/api/v1/children/{child}/assignments",
        {"account": place.account_ids[name], "task": "aid", "days": 3})
    assert given.status == 201, given
    place.open(name, child="other", purpose="aid", classes=["name"], reason=None)
    assert file_of(place, name, "other")["name"] == district.OTHER_CHILD.name
    ended = place.client("centre_worker.other").call("DELETE", f"/api/v1/assignments/{given.data['id']}")
    assert ended.status == 204, ended
    answer = place.client(name).call("GET", f"/api/v1/children/{child}")
    assert answer.status in (200, 404) and district.OTHER_CHILD.name.encode() not in answer.body, answer
    assert answer.status == 404 or "name" not in answer.data, answer


def test_each_class_that_can_be_opened_shows_its_value_and_no_other(place):
    """Every purpose and class that the table opens for who leads the case, one at a time."""
    name = "centre_worker.case"
    values = {"name": CHILD.name, "id_number": CHILD.id_no, "address": CHILD.address,
              "phone": CHILD.phone, "birth_date": CHILD.birth_date}
    for purpose, data_class, way, _ in place.clearance.openable("centre_worker", "assigned"):
        if purpose not in ("casework", "emergency"):
            continue
        answer = place.ask(name, purpose=purpose, classes=[data_class])
        assert answer.status == 201, f"{purpose} {data_class}: {answer}"
        opening = answer.data["id"]
        if way == "approval":
            assert decide(place, "bureau_leader.own", opening).status == 200
        place.opened(name, "own", [data_class])
        seen = file_of(place, name)
        for other, value in values.items():
            assert (value in json.dumps(seen, ensure_ascii=False)) == (other == data_class), \
                f"{purpose} {data_class}: {other}"
        facts = place.client(name).call("GET", f"/api/v1/children/{place.children['own']}/facts").data
        expected = sorted(f["row"]["kind"] for f in CHILD.records if f["class"] == data_class)
        assert sorted(i["kind"] for i in facts["items"]) == expected, f"{purpose} {data_class}"
        assert place.client(name).call("POST", f"/api/v1/openings/{opening}/end").status == 204
        place.clock.forward(20)
