"""Rows that cannot be true: each is refused and named, and those around it are taken."""

import pytest

from harness import RECORDS, counts, refused_lines
from one_family import CHILD, FATHER, KIN, LISTED, MOTHER, WIDOWED, named, silent, state


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
