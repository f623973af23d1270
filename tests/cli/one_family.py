"""One child with both parents, the father dead: what the suites of bad input throw things at."""

import pathlib
import re

import pytest

from harness import id_number

CHILD = {"ref": "c1", "id_no": id_number("2015-05-10", 1), "name": "程小苗", "sex": "M",
         "birth_date": "2015-05-10", "hukou_division": "330782001001",
         "residence_division": "330782001001", "address": "翠竹里九弄", "phone": "13900000017"}
FATHER = {"ref": "f1", "id_no": id_number("1985-02-28", 2), "name": "程大树", "sex": "M",
          "birth_date": "1985-02-28", "hukou_division": "330782001001",
          "residence_division": "330782001001", "address": "翠竹里九弄", "phone": "13900000018"}
MOTHER = {"ref": "m1", "id_no": id_number("1986-02-28", 3, "F"), "name": "林秋荷", "sex": "F",
          "birth_date": "1986-02-28", "hukou_division": "330782001001",
          "residence_division": "330782001001", "address": "翠竹里九弄", "phone": "13900000019"}
KIN = [{"child_ref": "c1", "person_ref": "f1", "relation": "father"},
       {"child_ref": "c1", "person_ref": "m1", "relation": "mother"}]
DEAD = {"record_key": "d1", "department": "civil_affairs", "kind": "dead", "id_no": FATHER["id_no"],
        "from": "2020-03-01", "value": "natural", "note": "骨灰寄存"}
LISTED = {"record_key": "l1", "department": "civil_affairs", "kind": "low_income", "from": "2020-01-01",
          "id_no": MOTHER["id_no"]}

SECRETS = [p[c] for p in (CHILD, FATHER, MOTHER) for c in ("name", "id_no", "address", "phone")] + [
    "骨灰寄存"]


def silent(answer, *more):
    """No text that a person or a log sees holds what is sealed."""
    for secret in [*SECRETS, *more]:
        assert secret not in answer.stderr, "an error text holds a sealed value"
        assert secret not in answer.stdout


def named(answer, path, line, column):
    """One refused row is named: file, line, column, and a reason beside them."""
    lines = [t for t in answer.stderr.splitlines() if f"{pathlib.Path(path).name}:{line}" in t]
    assert lines, f"line {line} is not named in:\n{answer.stderr}"
    assert any(re.search(rf"\b{re.escape(column)}\b", t) for t in lines), \
        f"column {column} is not named in:\n{answer.stderr}"
    assert all(len(t.split(f":{line}", 1)[1]) > len(column) + 10 for t in lines), "no reason is given"


def state(program, as_of="2024-06-30"):
    return program.screen(as_of)


@pytest.fixture
def family(county):
    """One child with both parents, the father dead, on each engine."""
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    county.ingest([DEAD])
    return county


@pytest.fixture
def family_small(small):
    small.load("people", [CHILD, FATHER, MOTHER])
    small.load("relations", KIN)
    small.ingest([DEAD])
    return small


WIDOWED = [("c1", "single_parent", "holds", "2020-03-01", "2033-05-10")]
