"""`humiao access`: the table and the roles as they are in force, and why an account sees a field or not."""

import csv
import io
import re

import pytest

from harness import TREE

VILLAGE, TOWN, COUNTY, OTHER = "999901001001", "999901001000", "999901000000", "999902000000"
TODAY = {"HUMIAO_TODAY": "2026-11-23"}
# What no explanation may hold: it speaks of a child by the reference that was typed.
SECRETS = ["单小荷", "13900000021", "桂花弄三号", "单长乐", "13900000022"]
PEOPLE = [
    {"ref": "c1", "name": "单小荷", "sex": "F", "birth_date": "2015-05-10", "hukou_division": VILLAGE,
     "residence_division": VILLAGE, "address": "桂花弄三号", "phone": "13900000021"},
    {"ref": "f1", "name": "单长乐", "sex": "M", "birth_date": "1985-05-10", "hukou_division": VILLAGE,
     "residence_division": VILLAGE, "phone": "13900000022", "id_no": "99990119850510003X"},
    {"ref": "s1", "name": "继父", "birth_date": "1985-05-10"},
]


@pytest.fixture
def village(county):
    county.load("people", [dict(p, id_no="") for p in PEOPLE])
    county.load("relations", [{"child_ref": "c1", "person_ref": "f1", "relation": "father"},
                              {"child_ref": "c1", "person_ref": "s1", "relation": "step_father"}])

    def account(name, role, *options):
        county.run("account", "add", name, "--role", role, "--display", "某某", *options)
    account("director", "child_director", "--division", VILLAGE)
    account("supervisor", "supervisor", "--division", TOWN)
    account("stranger", "centre_worker", "--division", OTHER)
    account("father", "guardian", "--person-ref", "f1")
    account("stepfather", "guardian", "--person-ref", "s1")
    account("security", "security_administrator")
    return county


def explain(program, *words, **more):
    answer = program.run("access", "explain", *words, env={**TODAY, **more.pop("env", {})}, **more)
    for secret in SECRETS:
        assert secret not in answer.stdout + answer.stderr
    return answer.stdout


def test_the_table_is_the_file(bare):
    assert bare.run("access", "table").stdout == (TREE / "masks" / "clearance.table").read_text("utf-8")


def test_roles_are_thirteen_and_administrators_apart(bare):
    rows = list(csv.DictReader(io.StringIO(bare.run("access", "roles", "--format", "csv").stdout)))
    assert len(rows) == 13
    may = {row["role"]: set(row["permissions"].split()) for row in rows}
    everybody = set.intersection(*may.values())
    administrators = [row["role"] for row in rows if row["administrator"] == "yes"]
    assert len(administrators) == 3
    for role in administrators:
        assert not any(p.startswith(("child:", "opening:", "trace:")) for p in may[role])
        for other in administrators:
            assert role == other or may[role] & may[other] == everybody
        assert all(row["second_factor"] == "yes" for row in rows if row["role"] == role)
    assert all(row["role"] not in row["approved_by"].split() for row in rows)


def test_who_lives_in_the_division(village):
    text = explain(village, "director", "c1", "name")
    assert f"child_director in division {VILLAGE}" in text
    assert "the relation is area" in text
    assert re.search(r"For routine, name is masked, by line \d+ of the table", text)
    assert "No opening of this field is in force" in text
    assert text.endswith("So at this moment name is masked.\n")


def test_every_line_that_is_named_stands_in_the_table(village):
    table = village.run("access", "table").stdout.split("\n")
    named = 0
    for account in ("director", "supervisor", "father", "security"):
        for field in ("name", "address", "kin_phone", "category", "fact_health", "staff", "trail"):
            lines = explain(village, account, "c1", field).split("\n")
            for i, line in enumerate(lines):
                number = re.search(r"by line (\d+) of the table", line)
                if number:
                    named += 1
                    assert lines[i + 1].strip() == table[int(number[1]) - 1].strip()
    assert named > 10


def test_one_purpose_alone(village):
    text = explain(village, "supervisor", "c1", "id_number", "--purpose", "casework")
    assert "after a second person has agreed, for 60 minutes" in text
    assert "For routine" not in text and "emergency" not in text


@pytest.mark.parametrize("account, why", [
    ("stranger", "lives outside the account's division"),
    ("stepfather", "neither legal parent nor guardian"),
    ("security", "An administrator has no tie to any child"),
])
def test_who_has_no_tie_sees_nothing(village, account, why):
    text = explain(village, account, "c1", "name")
    assert why in text and "the relation is none" in text
    assert text.endswith("So at this moment name is absent.\n")


def test_a_father_until_the_court_says_otherwise(village):
    text = explain(village, "father", "c1", "name")
    assert "Its person is father of the child: the relation is guardian" in text
    assert "name is shown" in text
    # The same question on the day after the child has grown up.
    text = explain(village, "father", "c1", "name", env={"HUMIAO_TODAY": "2033-05-10"})
    assert "no child under 18" in text and "absent" in text


def test_a_parent_is_no_child(village):
    assert "no child under 18" in explain(village, "director", "f1", "name")


def test_a_disabled_account_sees_nothing(village):
    village.run("account", "disable", "director")
    text = explain(village, "director", "c1", "name")
    assert "disabled" in text and text.endswith("So at this moment name is absent.\n")


@pytest.mark.parametrize("words, status, said", [
    (("explain", "director", "c1", "nickname"), 2, "nickname"),
    (("explain", "director", "c1", "name", "--purpose", "curiosity"), 2, "curiosity"),
    (("explain", "nobody", "c1", "name"), 2, "account"),
    (("explain", "director", "c9", "name"), 2, "ref"),
    (("explain", "director", "c1"), 2, "explained"),
    (("table", "director"), 2, "explained"),
    (("open",), 2, "explained"),
    ((), 2, "argument"),
])
def test_what_is_not_understood(village, words, status, said):
    answer = village.run("access", *words, expect=status)
    assert said in answer.stderr and answer.stdout == ""


def test_it_speaks_chinese(village):
    text = explain(village, "director", "c1", "name", env={"HUMIAO_LANG": "zh"})
    assert len(re.findall("[\u4e00-\u9fff]", text)) > 20


def test_a_tick_passes_where_nothing_was_opened(village):
    village.run("tick", "--date", "2026-11-23")
    village.run("tick", "--date", "2026-11-23")
