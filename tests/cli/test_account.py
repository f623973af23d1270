"""Accounts: by hand, and from accounts.csv."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
import urllib.parse

import pytest

from harness import csv_rows, csv_text, id_number

ACCOUNTS = ["account", "name", "role", "division", "department", "team", "phone"]
TEAMS = ["team_id", "name", "uscc", "division", "services", "from", "to"]
DIRECTOR = {"account": "li.hua", "name": "单小满", "role": "child_director", "division": "330782001001",
            "phone": "13900000031"}
SUPERVISOR = {"account": "wu.mei", "name": "单小雪", "role": "supervisor", "division": "330782001000"}
GUARDIAN = {"account": "parent", "name": "单长乐", "role": "guardian", "person_ref": "f1"}
FATHER = {"ref": "f1", "id_no": id_number("1985-02-28", 2), "name": "单长乐", "sex": "M",
          "birth_date": "1985-02-28", "hukou_division": "330782001001",
          "residence_division": "330782001001"}
QUICK = {"HUMIAO_ARGON2": "interactive"}
ACTIONS = ["post", "password", "disable", "enable", "totp", "sessions", "revoke"]


def load(program, rows, *args, expect=0, columns=ACCOUNTS):
    return program.run("load", "accounts", program.file("accounts.csv", csv_text(columns, rows)), *args,
                       expect=expect)


def accounts(program):
    rows = csv_rows(program.run("account", "list", "--format", "csv").stdout)
    return {r["account"]: r for r in rows}


def states(program):
    return {name: (r["role"], r["division"], r["state"]) for name, r in accounts(program).items()}


def password(program, name, text, **more):
    return program.run("account", "password", name, stdin=text.encode() + b"\n", env=QUICK, **more)


# By hand

def test_an_account_is_added_posted_and_listed(county):
    assert accounts(county) == {}
    county.run("account", "add", "li.hua", "--display", "单小满")
    assert states(county) == {"li.hua": ("none", "", "no_password")}
    county.run("account", "post", "LI.HUA", "--role", "department_liaison", "--division", "330782000000",
               "--department", "health")
    row = accounts(county)["li.hua"]
    assert (row["role"], row["division"], row["department"]) == (
        "department_liaison", "330782000000", "health")
    county.run("account", "post", "li.hua", "--role", "none", "--division", "", "--department", "")
    assert states(county) == {"li.hua": ("none", "", "no_password")}


def test_the_list_shows_no_name_and_no_telephone(county):
    load(county, [DIRECTOR])
    for form in ("csv", "json", "table"):
        text = county.run("account", "list", "--format", form).stdout
        assert "li.hua" in text and "单小满" not in text and "139000" not in text
    assert json.loads(county.run("account", "list", "--format", "json").stdout)[0]["account"] == "li.hua"


def test_many_accounts_are_listed_once_each(small):
    rows = [dict(DIRECTOR, account=f"a{i}", phone="") for i in range(450)]
    load(small, rows)
    assert len(small.run("account", "list", "--format", "csv").stdout.splitlines()) == 451
    assert len(accounts(small)) == 450


@pytest.mark.parametrize("args, code", [
    (["add", "li.hua"], "HM-3108"),
    (["add", "LI.HUA"], "HM-3108"),
    (["add", "with blank"], "HM-3101"),
    (["add", "单"], "HM-3101"),
    (["add", "x" * 65], "HM-3101"),
    (["add", "new", "--role", "king"], "HM-1001"),
    (["add", "new", "--division", "12345"], "HM-3104"),
    (["add", "new", "--department", "circus"], "HM-3101"),
    (["add", "new", "--team", "t1"], "HM-3105"),
    (["add", "new", "--role", "guardian"], "HM-3101"),
    (["add", "new", "--role", "guardian", "--person-ref", "nobody"], "HM-1003"),
    (["add", "new", "--role", "helper", "--person-ref", "f1"], "HM-3101"),
    (["totp", "li.hua", "--code", "000000"], "HM-1207"),
    (["revoke", "li.hua", "17"], "HM-1003"),
    (["revoke", "li.hua", "seventeen"], "HM-1001"),
    (["list", "li.hua"], "HM-1001"),
    (["add"], "HM-1001"),
    (["dance", "li.hua"], "HM-1001"),
])
def test_what_cannot_be_done_changes_nothing(small, args, code):
    small.load("people", [FATHER])
    small.run("account", "add", "li.hua")
    before = small.all_table_counts(), accounts(small)
    answer = small.run("account", *args, expect=(1, 2))
    assert code in answer.stderr and not answer.stdout
    assert (small.all_table_counts(), accounts(small)) == before


@pytest.mark.parametrize("action", ACTIONS)
def test_an_account_that_is_not_there_is_told(small, action):
    answer = small.run("account", action, "nobody", expect=2, stdin=b"long enough a password\n", env=QUICK)
    assert "HM-1003" in answer.stderr


def test_a_guardian_is_somebody_of_the_register(county):
    county.load("people", [FATHER])
    county.run("account", "add", "parent", "--role", "guardian", "--person-ref", "f1")
    assert states(county)["parent"][0] == "guardian"
    # Another post leaves the person behind.
    county.run("account", "post", "parent", "--role", "helper")
    county.run("account", "post", "parent", "--role", "guardian", expect=1)


def test_an_account_is_disabled_and_enabled(county):
    county.run("account", "add", "li.hua")
    county.run("account", "disable", "li.hua")
    assert states(county)["li.hua"][2] == "disabled"
    county.run("account", "enable", "li.hua")
    assert states(county)["li.hua"][2] == "no_password"


# Passwords and the second factor

def test_a_password_is_read_from_standard_input(county):
    county.run("account", "add", "li.hua")
    answer = password(county, "li.hua", "correct horse battery")
    assert answer.stdout == "" and answer.stderr == ""
    assert states(county)["li.hua"][2] == "active"


@pytest.mark.parametrize("text", ["", "qqwwee", "aaaaaaaaaaaaaa", "my li.hua password", "x" * 127 + "yz"])
def test_a_bad_password_is_refused(small, text):
    small.run("account", "add", "li.hua")
    answer = password(small, "li.hua", text, expect=(1, 2))
    assert "HM-1206" in answer.stderr and (len(text) < 3 or text not in answer.stderr)
    assert states(small)["li.hua"][2] == "no_password"


def test_no_password_at_all_is_refused(small):
    small.run("account", "add", "li.hua")
    assert "HM-1001" in small.run("account", "password", "li.hua", expect=2).stderr


def test_a_generated_password_must_be_changed(small):
    small.run("account", "add", "li.hua")
    made = {small.run("account", "password", "li.hua", "--generate", env=QUICK).stdout for _ in range(3)}
    assert len(made) == 3
    for text in made:
        assert re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}\n", text)
    assert states(small)["li.hua"][2] == "must_change"


def code_now(secret):
    """RFC 6238, of its own."""
    mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 1000000:06d}"


def test_a_second_factor_is_given_confirmed_and_cleared(county):
    county.run("account", "add", "li.hua")
    uri = urllib.parse.urlsplit(county.run("account", "totp", "li.hua").stdout.strip())
    query = urllib.parse.parse_qs(uri.query)
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp") and uri.path.endswith(":li.hua")
    secret = base64.b32decode(query["secret"][0])
    assert len(secret) == 20
    assert accounts(county)["li.hua"]["second_factor"] == "no"
    wrong = f"{(int(code_now(secret)) + 500000) % 1000000:06d}"
    assert "HM-1202" in county.run("account", "totp", "li.hua", "--code", wrong, expect=2).stderr
    county.run("account", "totp", "li.hua", "--code", code_now(secret))
    assert accounts(county)["li.hua"]["second_factor"] == "yes"
    assert "HM-1207" in county.run("account", "totp", "li.hua", expect=2).stderr
    if county.engine == "sqlite":
        assert secret not in county.database_path().read_bytes()
    county.run("account", "totp", "li.hua", "--clear")
    assert accounts(county)["li.hua"]["second_factor"] == "no"


def test_sessions_of_nobody_are_an_empty_list(county):
    county.run("account", "add", "li.hua")
    assert county.run("account", "sessions", "li.hua", "--format", "csv").stdout == (
        "session,device,began,seen,ends,second_factor\n")
    county.run("account", "revoke", "li.hua")


# From accounts.csv

def test_a_row_makes_changes_and_disables_its_account(county):
    answer = load(county, [DIRECTOR, SUPERVISOR])
    assert "added 2" in answer.stdout
    assert states(county) == {"li.hua": ("child_director", "330782001001", "no_password"),
                              "wu.mei": ("supervisor", "330782001000", "no_password")}
    assert "unchanged 2" in load(county, [DIRECTOR, SUPERVISOR]).stdout
    load(county, [dict(DIRECTOR, division="330782001002")])
    assert states(county)["li.hua"][1] == "330782001002"
    assert "ended 1" in load(county, [dict(DIRECTOR, division="330782001002")], "--full").stdout
    assert states(county)["wu.mei"][2] == "disabled"
    assert states(county)["li.hua"][2] == "no_password"
    load(county, [SUPERVISOR])
    assert states(county)["wu.mei"][2] == "no_password"


def test_a_row_that_says_nothing_new_leaves_the_account_as_it_was_made_since(county):
    load(county, [DIRECTOR])
    password(county, "li.hua", "correct horse battery")
    county.run("account", "disable", "li.hua")
    load(county, [DIRECTOR])
    assert states(county)["li.hua"][2] == "disabled"
    load(county, [dict(DIRECTOR, phone="13900000032")])
    assert states(county)["li.hua"][2] == "disabled", "a new telephone number lifts no ban"
    county.run("account", "enable", "li.hua")
    assert states(county)["li.hua"][2] == "active"


def test_case_tells_no_two_accounts_apart(county):
    load(county, [DIRECTOR])
    answer = load(county, [dict(DIRECTOR, account="LI.HUA")], "--full")
    assert "changed 1" in answer.stdout and "ended 0" in answer.stdout
    assert states(county) == {"LI.HUA": ("child_director", "330782001001", "no_password")}


def test_an_account_made_by_hand_is_taken_over_by_its_row(county):
    county.run("account", "add", "li.hua")
    county.run("account", "add", "root", "--role", "system_administrator")
    load(county, [DIRECTOR], "--full")
    assert states(county)["li.hua"][0] == "child_director"
    assert states(county)["root"] == ("system_administrator", "", "no_password")


def test_the_column_of_persons_may_be_missing_or_empty(county):
    load(county, [DIRECTOR])
    columns = ACCOUNTS + ["person_ref"]
    assert "unchanged 1" in load(county, [DIRECTOR], columns=columns).stdout
    county.load("people", [FATHER])
    assert "added 1" in load(county, [DIRECTOR, GUARDIAN], columns=columns).stdout
    assert states(county)["parent"] == ("guardian", "", "no_password")


@pytest.mark.parametrize("change, column", [
    ({"account": "with blank"}, "account"), ({"account": ""}, "account"), ({"account": "单"}, "account"),
    ({"account": "=li"}, "account"),
    ({"role": ""}, "role"), ({"role": "king"}, "role"), ({"division": "12345"}, "division"),
    ({"department": "circus"}, "department"), ({"team": "t1"}, "team"), ({"phone": "12"}, "phone"),
    ({"role": "guardian"}, "person_ref"), ({"role": "guardian", "person_ref": "nobody"}, "person_ref"),
    ({"person_ref": "f1"}, "person_ref"),
])
def test_a_bad_row_is_refused_and_makes_no_account(small, change, column):
    small.load("people", [FATHER])
    answer = load(small, [dict(DIRECTOR, **change), SUPERVISOR], columns=ACCOUNTS + ["person_ref"],
                  expect=1)
    assert re.search(rf"accounts\.csv:2: .*\b{column}\b", answer.stderr), answer.stderr
    assert list(states(small)) == ["wu.mei"]


def test_a_team_is_known_before_its_people(county):
    path = county.file("teams.csv", csv_text(TEAMS, [{"team_id": "t1", "name": "单氏社工"}]))
    county.run("load", "teams", path)
    load(county, [{"account": "zhou", "name": "单小暑", "role": "organisation_manager", "team": "t1"}])
    county.run("account", "add", "qin", "--role", "helper", "--team", "t1")
    assert {n: s[0] for n, s in states(county).items()} == {"zhou": "organisation_manager", "qin": "helper"}


def test_a_trail_is_left(county):
    load(county, [DIRECTOR])
    county.run("account", "add", "wu.mei")
    password(county, "wu.mei", "correct horse battery")
    before = county.all_table_counts()["audit"]
    county.run("account", "disable", "wu.mei")
    assert county.all_table_counts()["audit"] > before
    county.run("audit", "verify")
