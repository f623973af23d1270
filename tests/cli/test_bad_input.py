"""What may be thrown at the program, and what it must then say, do and not do."""

import os
import pathlib
import re
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import threading

import pytest

from harness import (DIVISIONS, PEOPLE, RECORDS, RELATIONS, Program, counts, csv_text, id_number,
                     new_program, psql, refused_lines)

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


# Files that are not what they should be

@pytest.mark.parametrize("command", [("load", "people"), ("load", "relations"), ("load", "divisions"),
                                     ("ingest",)])
def test_empty_file(family, command):
    for content in (b"", b"\xef\xbb\xbf", b"\n\n"):
        answer = family.run(*command, family.file("empty.csv", content), expect=2)
        assert "empty.csv" in answer.stderr
    assert state(family) == WIDOWED


def test_header_alone_is_no_error(family):
    family.run("load", "people", family.file("p.csv", csv_text(PEOPLE, [])))
    family.run("ingest", family.file("r.csv", csv_text(RECORDS, [])))
    assert state(family) == WIDOWED


def test_file_that_is_not_there(family):
    answer = family.run("ingest", family.home / "nowhere.csv", expect=3)
    assert "nowhere.csv" in answer.stderr
    family.run("load", "people", family.home / "nowhere.csv", expect=3)
    family.run("load", "people", family.home, expect=3)  # a directory
    assert state(family) == WIDOWED


def test_truncated_file(family_small):
    """Cut in a quoted cell, in a row and in a character: what stood before the cut is kept, once."""
    whole = csv_text(RECORDS, [LISTED, dict(DEAD, record_key="d2", note='在途,"未结"\n')]).encode()
    for cut in (len(whole) - 2, len(whole) - 30, whole.index("在".encode()) + 1):
        answer = family_small.run("ingest", family_small.file("cut.csv", whole[:cut]), expect=1)
        named_line = refused_lines(answer, "cut.csv")
        assert named_line == [3], answer.stderr
        silent(answer)
    assert ("c1", "low_income", "holds", "2020-01-01", "2033-05-10") in state(family_small)
    assert counts(family_small.run("ingest", family_small.file("whole.csv", whole)))["duplicate"] == 1


def test_wrong_encoding(family_small):
    text = csv_text(RECORDS, [LISTED, dict(DEAD, record_key="d2", note="骨灰寄存")])
    path = family_small.file("gb.csv", text.encode("gb18030"))
    answer = family_small.run("ingest", path, expect=(1, 2))
    assert "gb.csv" in answer.stderr
    silent(answer)
    answer = family_small.run("ingest", path, "--encoding", "gb18030")
    assert counts(answer)["accepted"] + counts(answer)["duplicate"] == 2
    assert ("c1", "low_income", "holds", "2020-01-01", "2033-05-10") in state(family_small)


def test_utf16_is_refused(family_small):
    text = csv_text(PEOPLE, [dict(CHILD, ref="c9", id_no="")])
    family_small.run("load", "people", family_small.file("u16.csv", text.encode("utf-16")), expect=2)
    assert state(family_small) == WIDOWED


def test_unknown_encoding(family_small):
    path = family_small.file("r.csv", csv_text(RECORDS, [LISTED]))
    family_small.run("ingest", path, "--encoding", "klingon", expect=2)
    assert state(family_small) == WIDOWED


def test_gb18030_with_four_byte_characters(small):
    person = dict(CHILD, name="𠮷龘")
    path = small.file("p.csv", csv_text(PEOPLE, [person]).encode("gb18030"))
    small.run("load", "people", path, "--encoding", "gb18030")
    assert "c1" in small.run("search", "𠮷龘", "--by", "name").stdout


def test_byte_order_mark_crlf_and_any_order_of_columns(county):
    county.run("load", "people", county.file("p.csv", csv_text(
        PEOPLE[::-1], [CHILD, FATHER, MOTHER], bom=True, end="\r\n")))
    county.run("load", "relations", county.file("k.csv", csv_text(
        ["to", "relation", "from", "person_ref", "child_ref"], KIN, end="\r\n")))
    county.run("ingest", county.file("r.csv", csv_text(sorted(RECORDS), [DEAD], bom=True, end="\r\n")))
    assert state(county) == WIDOWED
    # The same row with the other line end is the same content.
    assert counts(county.ingest([DEAD]))["duplicate"] == 1


def test_household_column_is_optional(small):
    columns = [c for c in PEOPLE if c != "household"]
    small.load("people", [CHILD, FATHER, MOTHER], columns=columns)
    small.load("relations", KIN)
    small.ingest([LISTED])
    assert ("c1", "low_income", "holds", "2020-01-01", "2033-05-10") in state(small)


@pytest.mark.parametrize("column", RECORDS)
def test_missing_column_of_records(family_small, column):
    path = family_small.file("r.csv", csv_text([c for c in RECORDS if c != column], [LISTED]))
    before = family_small.table_counts()
    answer = family_small.run("ingest", path, expect=2)
    assert re.search(rf"\b{column}\b", answer.stderr) and "r.csv" in answer.stderr
    assert family_small.table_counts() == before


@pytest.mark.parametrize("column", [c for c in PEOPLE if c != "household"])
def test_missing_column_of_people(family_small, column):
    path = family_small.file("p.csv", csv_text([c for c in PEOPLE if c != column],
                                               [dict(CHILD, ref="c2", id_no="")]))
    before = family_small.table_counts()
    answer = family_small.run("load", "people", path, expect=2)
    assert re.search(rf"\b{column}\b", answer.stderr)
    assert family_small.table_counts() == before


def test_unknown_column_is_a_warning(family_small):
    answer = family_small.ingest([dict(LISTED, shoe_size="36")], columns=RECORDS + ["shoe_size"])
    assert "shoe_size" in answer.stderr and "36" not in answer.stderr
    assert counts(answer)["accepted"] == 1


def test_a_column_twice_is_refused(family_small):
    family_small.ingest([LISTED], columns=RECORDS + ["value"], expect=2)
    assert state(family_small) == WIDOWED


def test_stray_quotes_cost_a_row(family_small):
    good = csv_text(RECORDS, [LISTED]).splitlines()
    bad = f'q1,civil_affairs,low_income_edge,{MOTHER["id_no"]},林"秋荷,,,2020-01-01,,,'
    after = f'q2,civil_affairs,destitute,{MOTHER["id_no"]},,,,2020-01-01,,,'
    path = family_small.file("q.csv", "\n".join([good[0], bad, good[1], after]) + "\n")
    answer = family_small.run("ingest", path, expect=1)
    assert refused_lines(answer, path) == [2]
    silent(answer)
    assert {r[1] for r in state(family_small)} == {"single_parent", "low_income", "destitute"}


def test_a_row_with_too_few_or_too_many_cells(family_small):
    good = csv_text(RECORDS, [LISTED]).splitlines()
    path = family_small.file("w.csv", "\n".join([good[0], "a,b", good[1], good[1] + ",x,y"]) + "\n")
    answer = family_small.run("ingest", path, expect=1)
    assert refused_lines(answer, path) == [2, 4]
    assert ("c1", "low_income", "holds", "2020-01-01", "2033-05-10") in state(family_small)


def test_nul_bytes_are_refused(family_small):
    text = csv_text(RECORDS, [dict(LISTED, note="a\0b"), dict(LISTED, record_key="l2")])
    answer = family_small.run("ingest", family_small.file("n.csv", text), expect=1)
    assert refused_lines(answer, "n.csv") == [2]


def test_two_gibibytes_of_nothing(family_small):
    """A sparse file of 2 GiB: refused at once and in bounded memory, not read into it."""
    path = family_small.home / "huge.csv"
    with open(path, "wb") as f:
        f.truncate(2 << 30)
    for command in (("load", "people"), ("ingest",)):
        answer, rss = measured(family_small, *command, path)
        assert answer.returncode == 2, answer.stderr[-2000:]
        assert rss < 200 << 20, f"{rss >> 20} MiB resident"
    assert state(family_small) == WIDOWED


@pytest.mark.parametrize("command", [("load", "people"), ("ingest",)])
def test_a_row_without_end(family_small, command):
    """A row of 300 MiB through a pipe with good rows around it: bounded memory, the row is refused."""
    columns = PEOPLE if command[0] == "load" else RECORDS
    good = dict(CHILD, ref="c2", id_no="") if command[0] == "load" else LISTED
    head, row = csv_text(columns, [good]).encode().split(b"\n")[:2]
    path = family_small.home / "pipe.csv"
    os.mkfifo(path)

    def feed():
        try:
            with open(path, "wb") as f:
                f.write(head + b"\n")
                for _ in range(300):
                    f.write(b"x" * (1 << 20))
                f.write(b"\n" + row + b"\n")
        except BrokenPipeError:
            pass

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    answer, rss = measured(family_small, *command, path)
    assert answer.returncode in (1, 2), answer.stderr[-2000:]
    assert "pipe.csv" in answer.stderr
    assert rss < 200 << 20, f"{rss >> 20} MiB resident"
    if answer.returncode == 1 and command[0] == "ingest":
        assert ("c1", "low_income", "holds", "2020-01-01", "2033-05-10") in state(family_small)


def measured(program, *args):
    """Runs a command; returns its answer and the most memory it held, in bytes."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = program.popen(*args, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(args, process.returncode, out.read().decode(),
                                           err.read(1 << 22).decode(errors="replace")), \
            usage.ru_maxrss << 10


# Values that cannot be

def altered(number):
    """The same number with a wrong check digit."""
    return number[:17] + ("1" if number[17] != "1" else "2")


@pytest.mark.parametrize("change,column", [
    ({"id_no": altered(CHILD["id_no"])}, "id_no"),
    ({"id_no": CHILD["id_no"][:17]}, "id_no"),
    ({"id_no": "99990120150230001" + "X"}, "id_no"),
    ({"id_no": "", "birth_date": "2015-02-30"}, "birth_date"),
    ({"id_no": "", "birth_date": "2015-2-3"}, "birth_date"),
    ({"id_no": "", "birth_date": "03/02/2015"}, "birth_date"),
    ({"birth_date": "2015-05-11"}, "birth_date"),
    ({"sex": "F"}, "sex"),
    ({"id_no": "", "sex": "X"}, "sex"),
    ({"id_no": "", "residence_since": "2021-02-29"}, "residence_since"),
    ({"id_no": "", "hukou_division": "33078200100"}, "hukou_division"),
    ({"id_no": "", "residence_division": "33078200100A"}, "residence_division"),
    ({"id_no": "", "ref": ""}, "ref"),
])
def test_person_that_cannot_be(family, change, column):
    """The row is refused and named; the rows around it are taken."""
    rows = [dict(CHILD, ref="before", id_no=""), dict(CHILD, ref="wrong", **change) if "ref" not in change
            else dict(CHILD, **change), dict(CHILD, ref="behind", id_no="")]
    answer = family.load("people", rows, expect=1)
    named(answer, "people.csv", 3, column)
    assert refused_lines(answer, "people.csv") == [3]
    silent(answer, *[v for v in change.values() if len(v) > 8])
    assert {r[0] for r in state(family)} == {"before", "behind", "c1"}


def test_birth_date_may_come_from_the_number(small):
    small.load("people", [dict(CHILD, birth_date="", sex="")])
    assert {r[4] for r in state(small)} == {"2033-05-10"}


def test_two_persons_of_one_number(small):
    answer = small.load("people", [CHILD, dict(FATHER, ref="f2", id_no=CHILD["id_no"],
                                               birth_date=CHILD["birth_date"])], expect=1)
    assert refused_lines(answer, "people.csv") == [3]
    silent(answer)


@pytest.mark.parametrize("change,column", [
    ({"person_ref": "nobody"}, "person_ref"),
    ({"child_ref": "nobody"}, "child_ref"),
    ({"relation": "uncle"}, "relation"),
    ({"from": "2020-01-01", "to": "2019-12-31"}, "to"),
    ({"from": "2020-01-01", "to": "2020-01-01"}, "to"),
    ({"from": "2019-02-29"}, "from"),
    ({"to": "2019-13-01"}, "to"),
])
def test_kin_that_cannot_be(family, change, column):
    row = dict({"child_ref": "c1", "person_ref": "m1", "relation": "guardian"}, **change)
    good = {"child_ref": "c1", "person_ref": "m1", "relation": "relative"}
    answer = family.load("relations", [good, row, good], expect=1)
    named(answer, "relations.csv", 3, column)
    assert refused_lines(answer, "relations.csv") == [3]
    assert state(family) == WIDOWED


def test_child_without_a_birth_date(family):
    family.load("people", [{**CHILD, "ref": "c2", "id_no": "", "birth_date": ""}])
    answer = family.load("relations", [{"child_ref": "c2", "person_ref": "f1", "relation": "father"}],
                         expect=1)
    named(answer, "relations.csv", 2, "child_ref")


def test_cycle_of_kin(family):
    """Nobody is their own ancestor: neither in one row, nor across rows, nor across files."""
    grand = dict(FATHER, ref="g1", id_no="", birth_date="1955-01-01", name="程老")
    family.load("people", [grand])
    family.load("relations", [{"child_ref": "f1", "person_ref": "g1", "relation": "father"}])
    mother = {"relation": "mother"}
    cases = [[{"child_ref": "c1", "person_ref": "c1", **mother}],
             [{"child_ref": "g1", "person_ref": "c1", **mother}],
             [{"child_ref": "m1", "person_ref": "g1", "relation": "father"},
              {"child_ref": "g1", "person_ref": "c1", **mother}]]
    for rows in cases:
        answer = family.load("relations", rows, expect=1)
        assert refused_lines(answer, "relations.csv") == [len(rows) + 1]
        silent(answer, "程老")
    assert [r for r in state(family) if r[0] == "c1"] == WIDOWED


def test_division_that_does_not_exist(county):
    """Where a province's tree is loaded, its codes must be in it; other provinces are not judged."""
    tree = [{"code": "330000000000", "name": "浙江省", "level": "province", "parent": ""},
            {"code": "330700000000", "name": "金华市", "level": "city", "parent": "330000000000"},
            {"code": "330782000000", "name": "义乌市", "level": "county", "parent": "330700000000"},
            {"code": "330782001000", "name": "某街道", "level": "town", "parent": "330782000000"},
            {"code": "330782001001", "name": "某社区", "level": "village", "parent": "330782001000"}]
    county.load("divisions", tree)
    rows = [CHILD, dict(CHILD, ref="c2", id_no="", residence_division="330782001999"),
            dict(CHILD, ref="c3", id_no="", hukou_division="330799001001"),
            dict(CHILD, ref="c4", id_no="", hukou_division="520221001001")]
    answer = county.load("people", rows, expect=1)
    named(answer, "people.csv", 3, "residence_division")
    named(answer, "people.csv", 4, "hukou_division")
    assert {r[0] for r in state(county)} == {"c1", "c4"}


def test_division_whose_parent_is_missing(county):
    rows = [{"code": "330000000000", "name": "浙江省", "level": "province", "parent": ""},
            {"code": "330782000000", "name": "义乌市", "level": "county", "parent": "330700000000"},
            {"code": "33", "name": "浙江省", "level": "province", "parent": ""},
            {"code": "340000000000", "name": "安徽省", "level": "kingdom", "parent": ""}]
    answer = county.load("divisions", rows, expect=1)
    named(answer, "divisions.csv", 3, "parent")
    named(answer, "divisions.csv", 4, "code")
    named(answer, "divisions.csv", 5, "level")


@pytest.mark.parametrize("change,column", [
    ({"id_no": altered(MOTHER["id_no"])}, "id_no"),
    ({"from": "2023-02-29"}, "from"),
    ({"from": ""}, "from"),
    ({"from": "2023-01-01", "to": "2022-12-31"}, "to"),
    ({"from": "2023-01-01", "to": "2023-01-01"}, "to"),
    ({"kind": "dead", "value": "natural", "from": "2020-01-01", "to": "2021-01-01"}, "to"),
    ({"kind": "dead", "value": ""}, "value"),
    ({"kind": "disability", "value": "visual/5"}, "value"),
    ({"kind": "disability", "value": "visual"}, "value"),
    ({"kind": "lost_contact", "value": ""}, "value"),
    ({"kind": "imprisoned", "value": "6 months"}, "value"),
    ({"kind": "imprisoned", "value": "P"}, "value"),
    ({"kind": "residence", "value": "义乌"}, "value"),
    ({"kind": "divorced", "value": "某人"}, "value"),
    ({"value": "yes"}, "value"),
    ({"kind": "lottery"}, "kind"),
    ({"department": "tax"}, "department"),
    ({"value": "retracted", "record_key": "never-seen"}, "value"),
])
def test_record_that_cannot_be(family, change, column):
    bad = dict(LISTED, record_key="b1", note="骨灰寄存", name=MOTHER["name"])
    bad.update(change)
    rows = [dict(LISTED, record_key="l1"), bad, dict(LISTED, record_key="l3", kind="destitute")]
    answer = family.ingest(rows, expect=1)
    assert counts(answer) == {"accepted": 2, "duplicate": 0, "quarantined": 1, "unlinked": 0}
    named(answer, "records.csv", 3, column)
    silent(answer, *[v for v in change.values() if len(v) > 14])
    assert {r[1] for r in state(family)} == {"single_parent", "low_income", "destitute"}


def test_withdrawal_with_a_revision_waits_for_its_record(county):
    """A withdrawal that arrives first is kept, and the older record it withdraws never holds."""
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    columns = RECORDS + ["revision"]
    county.ingest([dict(LISTED, value="retracted", revision="2")], columns=columns)
    county.ingest([dict(LISTED, revision="1")], columns=columns)
    assert state(county) == []
    county.ingest([dict(LISTED, revision="3")], columns=columns)
    assert [r[1] for r in state(county)] == ["low_income"]


def test_days_at_the_ends_of_the_calendar(family):
    """Year 1 and year 9999, and terms that run beyond it: no crash, no wrap, no refusal."""
    rows = [dict(LISTED, record_key="e1", **{"from": "0001-01-01", "to": "9999-12-31"}),
            dict(LISTED, record_key="e2", kind="imprisoned", value="P9999Y", **{"from": "2020-01-01"}),
            dict(LISTED, record_key="e3", kind="other_custody", **{"from": "9999-12-31"}),
            dict(LISTED, record_key="e4", kind="lost_contact", value="reported",
                 **{"from": "9999-12-31"})]
    assert counts(family.ingest(rows))["accepted"] == 4
    family.load("people", [dict(CHILD, ref="late", id_no="", birth_date="9990-02-28")])
    assert {r[1:] for r in state(family)} == {
        ("low_income", "holds", "2015-05-10", "2033-05-10"),
        ("de_facto_unattended", "holds", "2020-03-01", "2033-05-10"),
        ("single_parent", "holds", "2020-03-01", "2033-05-10")}
    assert state(family, "0001-01-01") == []
    # An 18th birthday beyond the calendar cannot be written: the end is open.
    assert {r[0] for r in state(family, "9999-12-31")} == {"late"}
    assert {r[3:] for r in state(family, "9999-12-31")} == {("9990-02-28", "")}


def test_refused_row_leaves_the_record_as_it_was(family):
    family.ingest([LISTED])
    before = state(family)
    family.ingest([dict(LISTED, **{"from": "2023-02-29"})], expect=1)
    assert state(family) == before
    assert counts(family.ingest([LISTED]))["duplicate"] == 1


def test_same_key_from_two_departments(family):
    """(department, kind, record_key) identifies a record: these are two, and one is withdrawn."""
    town = dict(LISTED, department="town", **{"from": "2019-01-01"})
    answer = family.ingest([LISTED, town])
    assert counts(answer)["accepted"] == 2 and counts(answer)["duplicate"] == 0
    assert ("c1", "low_income", "holds", "2019-01-01", "2033-05-10") in state(family)
    family.ingest([dict(town, value="retracted")])
    assert ("c1", "low_income", "holds", "2020-01-01", "2033-05-10") in state(family)


def test_formula_cells_do_not_come_out_alive(county):
    """A cell that a spreadsheet would run is refused, or comes out so that it is not run."""
    formula = "=HYPERLINK(\"http://example.org\")"
    rows = [dict(CHILD, ref=formula, id_no=""), dict(CHILD, ref="c2", id_no="", name="=1+1"),
            dict(CHILD, ref="@SUM(A1)", id_no=""), CHILD]
    answer = county.load("people", rows, expect=(0, 1))
    for row in state(county):
        assert row[0][:1] not in "=+-@", row
    assert "HYPERLINK" not in answer.stderr
    assert {r[0] for r in state(county)} >= {"c1"}


def test_overlong_cells_are_refused(family_small):
    answer = family_small.load("people", [dict(CHILD, ref="c2", id_no="", name="长" * 20000),
                                          dict(CHILD, ref="c3", id_no="")], expect=1)
    named(answer, "people.csv", 2, "name")
    assert {r[0] for r in state(family_small)} == {"c1", "c3"}


# The environment

def test_no_database(bare):
    for url in (f"sqlite:{bare.home}/none.db", f"sqlite:{bare.home}/no/such/folder/x.db"):
        answer = bare.run("screen", "--db", url, expect=3)
        assert answer.stderr and not answer.stdout
    assert not (bare.home / "none.db").exists(), "asking made a database"
    bare.run("screen", "--db", "postgresql://nobody@127.0.0.1:9/none", expect=3, timeout=60)


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite", "/tmp/x.db", "sqlite:"])
def test_url_that_cannot_be_used(bare, url):
    bare.run("init", "--db", url, expect=2)


def test_no_database_named(bare):
    answer = bare.run("screen", expect=2)
    assert "--db" in answer.stderr


def test_not_a_database(bare):
    path = bare.file("letter.txt", "Dear county,\n" * 1000)
    bare.run("screen", "--db", f"sqlite:{path}", expect=3)
    bare.run("init", "--db", f"sqlite:{path}", expect=3)
    assert path.read_text().startswith("Dear county")


def test_not_initialised(blank):
    if blank.engine == "postgresql":
        answer = blank.run("screen", expect=3)
        assert "init" in answer.stderr


@pytest.mark.parametrize("args", [
    ["frobnicate"], [], ["screen", "--frobnicate"], ["screen", "--as-of"],
    ["screen", "--as-of", "2023-02-29"], ["screen", "--as-of", "tomorrow"], ["screen", "--format", "xml"],
    ["load"], ["load", "people"], ["load", "dragons", "x.csv"], ["ingest"], ["ingest", "a.csv", "b.csv"],
    ["tick", "--date", "2023-99-01"], ["explain"], ["screen", "surplus"], ["explain", "nobody"],
    ["timeline", "nobody"]])
def test_usage(family_small, args):
    before = family_small.table_counts()
    answer = family_small.run(*args, expect=2)
    assert answer.stderr and not answer.stdout
    assert family_small.table_counts() == before


def test_database_locked(family_small):
    """Another program holds the write lock for ever: a clear message, exit 3, nothing done."""
    holder = sqlite3.connect(family_small.database_path(), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    people = family_small.file("p.csv", csv_text(PEOPLE, [dict(CHILD, ref="c2", id_no="")]))
    records = family_small.file("r.csv", csv_text(RECORDS, [LISTED]))
    answers = {}

    def blocked(*args):
        answers[args] = family_small.run(*args, expect=None)

    try:
        waiting = [threading.Thread(target=blocked, args=args) for args in (
            ("ingest", records), ("load", "people", people), ("tick", "--date", "2024-06-30"))]
        for thread in waiting:
            thread.start()
        assert state(family_small) == WIDOWED  # readers are not held up
        for thread in waiting:
            thread.join()
        for answer in answers.values():
            assert answer.returncode == 3, answer
            assert re.search("in use|locked|busy", answer.stderr)
            silent(answer)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert state(family_small) == WIDOWED
    assert counts(family_small.ingest([LISTED]))["accepted"] == 1


def batch(start, many):
    """Records of many keys about one mother."""
    return [dict(LISTED, record_key=f"n{i}") for i in range(start, start + many)]


def together(program, *paths):
    """Ingests of several files at once; those that are told the database is in use try again."""
    answers = {}

    def one(at, path):
        for _ in range(100):
            answer = program.run("ingest", path, expect=(0, 3))
            if answer.returncode == 0:
                break
        answers[at] = answer

    threads = [threading.Thread(target=one, args=(at, path)) for at, path in enumerate(paths)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(len(paths)))
    return [answers[at] for at in sorted(answers)]


def test_two_ingests_at_once(family):
    one = family.file("one.csv", csv_text(RECORDS, batch(0, 1500)))
    two = family.file("two.csv", csv_text(RECORDS, batch(1500, 1500)))
    for answer in together(family, one, two):
        assert answer.returncode == 0, answer.stderr
    for path in (one, two):
        told = counts(family.run("ingest", path))
        assert told["duplicate"] == 1500 and told["accepted"] == 0


def test_the_same_file_twice_at_once(family):
    """Whichever of the two takes a record, it is taken once."""
    path = family.file("one.csv", csv_text(RECORDS, batch(0, 1500)))
    for answer in together(family, path, path):
        assert answer.returncode == 0, answer.stderr
    lone = family.sibling("alone")
    lone.init()
    lone.load("people", [CHILD, FATHER, MOTHER])
    lone.load("relations", KIN)
    lone.ingest([DEAD])
    lone.run("ingest", path)
    assert state(family) == state(lone)
    told = counts(family.run("ingest", path))
    assert told["duplicate"] == 1500 and told["accepted"] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system can be mounted by root alone")
def test_disk_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "humiao-test", disk],
                             stderr=subprocess.PIPE, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        program = Program(tmp_path / "home", f"sqlite:{disk / 'county.db'}")
        program.init()
        program.load("people", [CHILD, FATHER, MOTHER])
        program.load("relations", KIN)
        program.ingest([DEAD])
        path = program.file("many.csv", csv_text(RECORDS, [
            dict(r, note="记" * 400) for r in batch(0, 8000)]))
        answer = program.run("ingest", path, expect=3)
        assert "full" in answer.stderr
        silent(answer)
        people = program.file("people.csv", csv_text(PEOPLE, [
            dict(CHILD, ref=f"x{i}", id_no="", address="路" * 300) for i in range(8000)]))
        program.run("load", "people", people, expect=3)
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        seen = {r[0] for r in state(program)}
        assert seen == {"c1"}, "a load that failed has changed something"
        told = counts(program.run("ingest", path))
        assert told["accepted"] + told["duplicate"] == 8000, "a killed file carries on"
        told = counts(program.run("ingest", path))
        assert told["duplicate"] == 8000
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_master_key_missing_wrong_or_exposed(family):
    """The database is nothing without the key that it was made with."""
    key = family.home / "other-key"
    other = family.sibling("other")
    other.env["HUMIAO_KEY_FILE"] = str(key)
    other.init()
    assert key.exists(), "init makes the key where HUMIAO_KEY_FILE says"
    assert key.stat().st_mode & 0o077 == 0
    for path, word in ((family.home / "no-such-key", "missing|no such"), (key, "not the one|wrong")):
        for args in (("screen", "--as-of", "2024-06-30"), ("explain", "c1"),
                     ("ingest", family.file("r.csv", csv_text(RECORDS, [LISTED])))):
            answer = family.run(*args, env={"HUMIAO_KEY_FILE": str(path)}, expect=3)
            assert not answer.stdout
            assert re.search(word, answer.stderr, re.I), answer.stderr
            silent(answer)
    assert not (family.home / "no-such-key").exists(), "a missing key was replaced by a new one"
    os.chmod(key, 0o644)
    answer = other.run("screen", expect=3)
    assert str(key) in answer.stderr
    assert state(family) == WIDOWED


def test_lost_key_is_not_made_anew(family_small):
    """The key of a database with people in it is gone: nothing may silently make another."""
    shutil.rmtree(family_small.home / "config", ignore_errors=True)
    shutil.rmtree(family_small.home / "data", ignore_errors=True)
    for args in (("screen",), ("init",)):
        answer = family_small.run(*args, expect=3)
        assert "key" in answer.stderr


def test_no_permission(family_small):
    if os.geteuid() == 0:
        path = family_small.home / "dir-instead-of-file"
        path.mkdir()
        family_small.run("screen", "--db", f"sqlite:{path}", expect=(2, 3))
        return
    os.chmod(family_small.database_path(), 0)
    family_small.run("screen", expect=3)


def test_output_that_cannot_be_written(family_small):
    """A full disk behind stdout is an error of the environment, not a short answer with exit 0."""
    with open("/dev/full", "wb") as full:
        process = family_small.popen("screen", "--as-of", "2024-06-30", "--format", "csv", stdout=full,
                                     stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
