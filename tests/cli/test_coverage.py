"""How far knowledge reaches: whom a feed speaks of, when it is silent, and records that wait for their person."""

import datetime
import json
import re

from harness import counts, csv_rows, id_number

COUNTY, VILLAGE = "330782000000", "330782001001"
FAR = "340102001001"  # the mother is registered in another province
CHILD = {"ref": "c1", "id_no": id_number("2015-05-10", 1), "name": "程小苗", "birth_date": "2015-05-10",
         "hukou_division": VILLAGE, "residence_division": VILLAGE}
FATHER = {"ref": "f1", "id_no": id_number("1985-02-28", 2), "name": "程大树", "birth_date": "1985-02-28",
          "hukou_division": VILLAGE, "residence_division": VILLAGE}
MOTHER = {"ref": "m1", "id_no": id_number("1986-02-28", 3, "F"), "name": "林秋荷", "birth_date": "1986-02-28",
          "hukou_division": FAR}
KIN = [{"child_ref": "c1", "person_ref": "f1", "relation": "father"},
       {"child_ref": "c1", "person_ref": "m1", "relation": "mother"}]


def record(key, kind, person, start, value="", department="justice"):
    return {"record_key": key, "department": department, "kind": kind, "id_no": person["id_no"], "from": start,
            "value": value}


DEAD = record("d1", "dead", FATHER, "2020-03-01", "natural", "civil_affairs")
IMPRISONED = record("p1", "imprisoned", MOTHER, "2023-02-01", "P9Y")


def cover(program, *args, **more):
    return program.run("feed", "cover", *args, **more)


def listed(program, *args):
    return csv_rows(program.run("feed", *args, "--format", "csv").stdout)


def test_said_listed_and_taken_back(county):
    number = cover(county, "prison-admissions", COUNTY, "--from", "2020-01-01").stdout.strip()
    assert number == cover(county, "prison-admissions", COUNTY, "--from", "2020-01-01").stdout.strip()
    cover(county, "deaths", COUNTY, "--from", "2020-01-01", "--to", "2021-01-01")
    rows = listed(county, "cover")
    assert [(r["feed"], r["division"], r["from"], r["to"]) for r in rows] == [
        ("deaths", COUNTY, "2020-01-01", "2021-01-01"), ("prison-admissions", COUNTY, "2020-01-01", "")]
    cover(county, "--end", number)
    assert [r["feed"] for r in listed(county, "cover")] == ["deaths"]


def test_what_is_no_coverage(county):
    for args in (("prison-admission", COUNTY), ("deaths", "3307"), ("deaths",), ("deaths", COUNTY, "--end", "1"),
                 ("deaths", COUNTY, "--from", "2024-01-01", "--to", "2024-01-01"), ("--end", "x"),
                 ("--end", "99")):
        answer = cover(county, *args, expect=(1, 2))
        assert re.search(r"HM-\d{4}", answer.stderr), args
    assert "prison-admissions" in cover(county, "prison-admission", COUNTY, expect=(1, 2)).stderr
    assert listed(county, "cover") == []


def test_an_explanation_says_where_nobody_would_have_told_us(county):
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    county.ingest([DEAD])
    before = county.run("explain", "c1", "--as-of", "2024-06-30").stdout
    assert "NOT COVERED" not in before
    cover(county, "prison-admissions", COUNTY, "--from", "2020-01-01")
    text = county.run("explain", "c1", "--as-of", "2024-06-30").stdout
    assert text.startswith(before)
    block = text[len(before):]
    line = next(t for t in block.splitlines() if t.strip().startswith("imprisoned"))
    assert "father: never told yet (prison-admissions)" in line
    assert "mother: NOT COVERED (registered in 340000)" in line
    assert FAR not in text
    # On a day before it was said to begin, it covers nobody.
    early = county.run("explain", "c1", "--as-of", "2019-06-30").stdout
    assert "father: NOT COVERED (registered in 330000)" in early
    chinese = county.run("explain", "c1", env={"HUMIAO_LANG": "zh"}).stdout
    assert "服刑在押" in chinese


def test_a_parent_who_is_not_registered(county):
    county.load("people", [CHILD, FATHER])
    county.load("relations", KIN[:1])
    cover(county, "prison-admissions", COUNTY, "--from", "2020-01-01")
    text = county.run("explain", "c1", "--as-of", "2024-06-30").stdout
    assert "mother: not registered" in text


def test_a_silent_feed_is_told_by_the_tick(county):
    cover(county, "prison-admissions", COUNTY, "--from", "2020-01-01")
    today = datetime.date.today() + datetime.timedelta(days=1)  # Shanghai may be a day ahead
    county.run("tick", "--date", str(today + datetime.timedelta(days=10)))
    assert {r["feed"]: r["silent"] for r in listed(county, "sources")}["prison-admissions"] == ""
    late = today + datetime.timedelta(days=60)
    county.run("tick", "--date", str(late))
    rows = {r["feed"]: r for r in listed(county, "sources")}
    assert rows["prison-admissions"]["silent"] == str(late) or rows["prison-admissions"]["silent"] != ""
    assert rows["deaths"]["silent"] == ""
    county.run("tick", "--date", str(late + datetime.timedelta(days=1)))  # told once


def test_tokens(county):
    answer = county.run("feed", "token", "prison-admissions")
    token = answer.stdout.strip()
    assert re.fullmatch(r"hmf_[A-Za-z0-9_-]{43}", token)
    assert token not in answer.stderr
    rows = listed(county, "token")
    assert [(r["feed"], r["department"], r["ended"]) for r in rows] == [("prison-admissions", "justice", "")]
    county.run("feed", "token", "--end", rows[0]["id"])
    assert listed(county, "token")[0]["ended"] != ""
    county.run("feed", "token", "nobody", expect=(1, 2))
    assert token not in json.dumps(listed(county, "token"))


def test_records_wait_for_their_person(county):
    """Learnt before anybody knew the family; in force at the time they say once the family is loaded."""
    county.run("tick", "--date", "2024-03-01")
    assert counts(county.ingest([DEAD, IMPRISONED]))["unlinked"] == 2
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    rows = {r[1]: r for r in county.screen("2024-06-30")}
    assert rows["de_facto_unattended"][2:4] == ("holds", "2023-02-01")
    told = csv_rows(county.run("tick", "--date", "2024-03-02", "--format", "csv").stdout)
    assert ("c1", "de_facto_unattended", "holds") in [(r["child_ref"], r["category"], r["after"]) for r in told]
    assert counts(county.ingest([DEAD, IMPRISONED]))["duplicate"] == 2


def test_withdrawn_and_corrected_while_waiting(county):
    columns = ["record_key", "department", "kind", "id_no", "from", "to", "value", "revision", "name",
               "birth_date", "division", "note"]
    county.run("tick", "--date", "2024-03-01")
    county.ingest([dict(DEAD, revision="1"), dict(IMPRISONED, revision="1")], columns=columns)
    county.ingest([dict(DEAD, value="retracted", revision="2"), dict(IMPRISONED, **{"from": "2023-05-01"}, revision="2")],
                  columns=columns, name="later.csv")
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    rows = {r[1]: r for r in county.screen("2024-06-30")}
    assert "de_facto_unattended" not in rows
    county.ingest([dict(DEAD, revision="3")], columns=columns, name="again.csv")
    rows = {r[1]: r for r in county.screen("2024-06-30")}
    assert rows["de_facto_unattended"][2:4] == ("holds", "2023-05-01")
