"""From a record to an alert, as `humiao alerts` lists it."""

import datetime
import json
import re

import pytest

from harness import RECORDS, counts, csv_rows, csv_text, id_number

COLUMNS = ["alert_id", "child_ref", "level", "state", "owner", "due"]
ACCOUNTS = ["account", "name", "role", "division", "department", "team", "phone"]
VILLAGES = ("330782001001", "330782001002")
TODAY = datetime.date(2024, 6, 1)


def person(ref, birth, serial, sex="M", village=VILLAGES[0]):
    return {"ref": ref, "id_no": id_number(birth, serial, sex), "name": "周" + ref, "sex": sex,
            "birth_date": birth, "hukou_division": village, "residence_division": village}


PEOPLE = [person("c1", "2015-05-10", 1), person("c2", "2016-05-10", 2, village=VILLAGES[1]),
          person("c3", "2017-05-10", 3), person("f1", "1985-02-28", 4),
          person("m1", "1986-02-28", 5, "F"), person("f3", "1987-02-28", 6),
          person("m3", "1988-02-28", 7, "F")]
KIN = [{"child_ref": child, "person_ref": parent, "relation": relation}
       for child, pair in (("c1", "1"), ("c2", "1"), ("c3", "3"))
       for parent, relation in (("f" + pair, "father"), ("m" + pair, "mother"))]
ID = {p["ref"]: p["id_no"] for p in PEOPLE}
NUMBER = iter(range(1, 1000))


def record(kind, ref, value="", start="2024-05-01", end="", key=None):
    return {"record_key": key or f"k{next(NUMBER)}", "department": "justice", "kind": kind,
            "id_no": ID[ref], "value": value, "from": start, "to": end}


def dead(ref, **more):
    return record("dead", ref, "natural", **more)


@pytest.fixture
def town(county):
    county.load("people", PEOPLE)
    county.load("relations", KIN)
    rows = [{"account": "d1", "name": "甲", "role": "child_director", "division": VILLAGES[0]},
            {"account": "d2", "name": "乙", "role": "child_director", "division": VILLAGES[1]},
            {"account": "s1", "name": "丙", "role": "supervisor", "division": "330782001000"}]
    county.run("load", "accounts", county.file("accounts.csv", csv_text(ACCOUNTS, rows)))
    return county


def tick(program, date=TODAY, *args):
    return program.run("tick", "--date", str(date), *args)


def alerts(program, *args):
    text = program.run("alerts", "--format", "csv", *args).stdout
    assert text.split("\n")[0] == ",".join(COLUMNS)
    return csv_rows(text)


def brief(rows):
    return [(r["child_ref"], r["level"], r["state"], r["owner"]) for r in rows]


def test_a_record_becomes_an_alert(town):
    tick(town)
    assert alerts(town) == []
    assert counts(town.ingest([dead("f1")]))["accepted"] == 1
    assert brief(alerts(town)) == [("c1", "low", "pushed", "d1"), ("c2", "low", "pushed", "d2")]
    town.ingest([dead("m1")])
    rows = alerts(town)
    assert brief(rows) == [("c1", "high", "pushed", "d1"), ("c2", "high", "pushed", "d2")]
    for row in rows:
        assert re.fullmatch(r"[0-9]{1,19}", row["alert_id"])
        due = datetime.datetime.fromisoformat(row["due"])
        assert due.utcoffset() is not None and due > datetime.datetime.now(datetime.timezone.utc)
    # The same once more, and a child that is not concerned: nothing new.
    assert alerts(town) == rows
    listed = json.loads(town.run("alerts", "--format", "json").stdout)
    assert [r["alert_id"] for r in listed] == [r["alert_id"] for r in rows]
    assert list(listed[0]) == COLUMNS
    assert "c1" in town.run("alerts", "--format", "table").stdout


def test_what_is_withdrawn_is_recalled(town):
    tick(town)
    first, second = dead("f1"), dead("m1")
    town.ingest([first, second])
    number = alerts(town)[0]["alert_id"]
    town.ingest([{**second, "value": "retracted"}])
    assert brief(alerts(town)) == [("c1", "low", "pushed", "d1"), ("c2", "low", "pushed", "d2")]
    assert alerts(town)[0]["alert_id"] == number
    town.ingest([{**first, "value": "retracted"}])
    assert alerts(town) == []
    rows = alerts(town, "--all")
    assert [(r["child_ref"], r["state"], r["owner"], r["due"]) for r in rows] == [
        ("c1", "recalled", "", ""), ("c2", "recalled", "", "")]
    # It holds again: another thread.
    town.ingest([first])
    assert number not in {r["alert_id"] for r in alerts(town)}


def test_the_first_tick_holds_back(town):
    town.ingest([dead("f1"), dead("m1")])
    assert alerts(town) == []
    tick(town)
    rows = alerts(town)
    assert [(r["child_ref"], r["state"], r["owner"], r["due"]) for r in rows] == [
        ("c1", "held", "", ""), ("c2", "held", "", "")]
    # What happens afterwards is news.
    town.ingest([dead("f3")])
    assert brief(alerts(town)) == [("c1", "high", "held", ""), ("c2", "high", "held", ""),
                                   ("c3", "low", "pushed", "d1")]


def test_the_first_tick_raises_where_it_is_told_to(town):
    town.ingest([dead("f1"), dead("m1")])
    tick(town, TODAY, "--alerts")
    assert brief(alerts(town)) == [("c1", "high", "pushed", "d1"), ("c2", "high", "pushed", "d2")]
    town.run("tick", "--alerts", "--baseline", expect=2)


def test_a_baseline_is_held_back_until_there_is_news(town):
    tick(town)
    town.ingest([dead("f1")], "--baseline")
    assert {r["state"] for r in alerts(town)} == {"held"}
    assert len(alerts(town)) == 2
    town.ingest([dead("m1")], name="news.csv")
    assert brief(alerts(town)) == [("c1", "high", "pushed", "d1"), ("c2", "high", "pushed", "d2")]


def test_boundaries_fire_on_their_day_without_a_record(town):
    """Six months of custody of unknown term; both parents; after a gap each once."""
    tick(town)
    town.ingest([record("imprisoned", "f3", "", "2024-05-10"),
                 record("imprisoned", "m3", "", "2024-05-20")])
    assert alerts(town) == []
    tick(town, datetime.date(2024, 11, 19))
    assert alerts(town) == []
    tick(town, datetime.date(2024, 11, 20))
    rows = alerts(town)
    assert brief(rows) == [("c3", "high", "pushed", "d1")]
    tick(town, datetime.date(2024, 11, 20))
    tick(town, datetime.date(2025, 6, 1))
    assert [r["alert_id"] for r in alerts(town)] == [rows[0]["alert_id"]]
    # Grown up: nothing holds any more, and nobody has accepted it.
    tick(town, datetime.date(2036, 1, 1))
    assert alerts(town) == []


def test_after_downtime_all_boundaries_at_once(town):
    tick(town)
    town.ingest([record("imprisoned", "f3", "", "2024-05-10"),
                 record("imprisoned", "m3", "", "2024-05-20"),
                 record("imprisoned", "f1", "", "2024-05-10"),
                 record("imprisoned", "m1", "", "2024-05-20", "2024-12-01")])
    tick(town, datetime.date(2025, 3, 1))
    # c1 and c2 came under it on 20 November and were released from it on 1 December: nobody is sent there.
    assert [r["child_ref"] for r in alerts(town)] == ["c3"]
    assert len(alerts(town, "--all")) == 1


def test_review_raises_none(town):
    """One parent is not registered: a work list, no alert."""
    town.load("people", [person("c4", "2018-05-10", 8)], name="more.csv")
    tick(town)
    town.load("relations", [{"child_ref": "c4", "person_ref": "f1", "relation": "father"}], name="kin2.csv")
    town.ingest([dead("f1")])
    assert ("c4", "orphan", "review") in {r[:3] for r in town.screen(str(TODAY))}
    assert {r["child_ref"] for r in alerts(town) if r["level"] == "high"} == set()


def test_another_edition_holds_back(town, tmp_path):
    """Nothing has happened to these children but a line of the law."""
    tick(town)
    town.ingest([record("serious_illness", "f1", start="2024-01-01")])
    assert alerts(town) == []
    folder = tmp_path / "policies"
    folder.mkdir()
    text = town.run("policy", "show").stdout
    changed = re.sub(r"\bfact low_income\b", "fact serious_illness", text)
    assert changed != text
    (folder / "all.policy").write_text(changed)
    tick(town, TODAY, "--policy", folder)
    assert brief(alerts(town)) == [("c1", "low", "held", ""), ("c2", "low", "held", "")]


def test_erased(town):
    tick(town)
    town.ingest([dead("f1"), dead("m1")])
    town.run("erase", "c1", "--for-ever")
    assert brief(alerts(town)) == [("c2", "high", "pushed", "d2")]
    gone = [r for r in alerts(town, "--all") if r["state"] == "closed"]
    assert [r["child_ref"] for r in gone] == [""]


def test_nobody_on_duty_anywhere(county):
    county.load("people", PEOPLE)
    county.load("relations", KIN)
    tick(county)
    county.ingest([dead("f1")])
    assert [(r["state"], r["owner"]) for r in alerts(county)] == [("new", ""), ("new", "")]
    rows = [{"account": "d1", "name": "甲", "role": "child_director", "division": VILLAGES[0]}]
    county.run("load", "accounts", county.file("accounts.csv", csv_text(ACCOUNTS, rows)))
    for _ in range(2):
        assert sorted((r["child_ref"], r["state"], r["owner"]) for r in alerts(county)) == [
            ("c1", "pushed", "d1"), ("c2", "new", "")]
        tick(county, TODAY + datetime.timedelta(days=1))


def test_carried_on_as_it_began(small):
    """A file begun as a baseline is one to its end."""
    small.load("people", PEOPLE)
    small.load("relations", KIN)
    tick(small)
    path = small.file("records.csv", csv_text(RECORDS, [dead("f1"), dead("m1"), dead("f3")]))
    small.run("ingest", path, "--baseline")
    assert {r["state"] for r in alerts(small)} == {"held"}
    assert len(alerts(small)) == 3


def test_open_work_follows_the_accounts_that_are_loaded(town):
    """A director who works in another village by now leaves the old one's alerts to who acts there."""
    def load(*rows):
        fields = ("account", "name", "role", "division")
        return town.run("load", "accounts", town.file("accounts.csv", csv_text(
            ACCOUNTS, [dict(zip(fields, row)) for row in rows]))).stdout

    tick(town)
    town.ingest([dead("f1")])
    assert brief(alerts(town)) == [("c1", "low", "pushed", "d1"), ("c2", "low", "pushed", "d2")]
    assert "changed 1" in load(("d1", "甲", "child_director", VILLAGES[1]))
    assert brief(alerts(town)) == [("c1", "low", "pushed", "s1"), ("c2", "low", "pushed", "d1")]
    # Somebody comes to the village that had nobody; the same file once more moves nothing.
    came = ("d3", "丁", "child_director", VILLAGES[0])
    assert "added 1" in load(came)
    rows = alerts(town)
    assert brief(rows) == [("c1", "low", "pushed", "d3"), ("c2", "low", "pushed", "d1")]
    assert "unchanged 1" in load(came)
    assert alerts(town) == rows
