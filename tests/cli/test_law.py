"""Cases that a clerk can check by hand, one family each.

Every expectation below was worked out from the contract with a calendar, not with a program. The oracle
of the property tests is held to them too, so that it is not merely the same mistake made twice.
"""

import pytest

from harness import RECORDS, id_number, new_program
from oracle import Oracle

# name: (birth, relations, records, {as_of: expected})
#   relation: "ROLE[:PERSON][ FROM[ TO]]", the person F, M or another letter, by default F and M
#   record:   "PERSON KIND FROM[ TO][ =VALUE]", person C is the child; a VALUE of @M is M's number
#   expected: "category status since until" lines

CASES = {
    "both-dead": ("2015-05-10", ["father", "mother"],
                  ["F dead 2020-03-01 =natural", "M dead 2021-07-15 =natural"],
                  {"2024-06-30": ["orphan holds 2021-07-15 2033-05-10"],
                   "2021-07-14": ["single_parent holds 2020-03-01 2021-07-15"],
                   "2020-02-29": [],
                   "2015-05-09": [],
                   "2033-05-09": ["orphan holds 2021-07-15 2033-05-10"],
                   "2033-05-10": []}),
    "leap-child": ("2008-02-29", ["father", "mother"],
                   ["F dead 2010-01-01 =natural", "M missing_declared 2012-02-29"],
                   {"2026-02-27": ["orphan holds 2012-02-29 2026-02-28"], "2026-02-28": []}),
    "nobody-registered": ("2015-05-10", [], [],
                          {"2024-06-30": ["de_facto_unattended review 2015-05-10 2033-05-10",
                                          "orphan review 2015-05-10 2033-05-10",
                                          "single_parent review 2015-05-10 2033-05-10"]}),
    "mother-unknown-father-able": ("2015-05-10", ["father"], [],
                                   {"2024-06-30": ["single_parent review 2015-05-10 2033-05-10"]}),
    "mother-unknown-father-dead": ("2015-05-10", ["father"], ["F dead 2020-03-01 =natural"],
                                   {"2024-06-30": ["de_facto_unattended review 2020-03-01 2033-05-10",
                                                   "orphan review 2020-03-01 2033-05-10",
                                                   "single_parent review 2015-05-10 2033-05-10"]}),
    "mother-unknown-father-ill": ("2015-05-10", ["father"], ["F serious_illness 2020-03-01"],
                                  {"2024-06-30": ["de_facto_unattended review 2020-03-01 2033-05-10",
                                                  "single_parent review 2015-05-10 2033-05-10"]}),
    "term-of-six-months": ("2015-05-10", ["father", "mother"],
                           ["F dead 2020-03-01 =natural", "M imprisoned 2024-01-31 =P6M"],
                           {"2024-01-30": ["single_parent holds 2020-03-01 2033-05-10"],
                            "2024-07-30": ["de_facto_unattended holds 2024-01-31 2024-07-31",
                                           "single_parent holds 2020-03-01 2033-05-10"],
                            "2024-07-31": ["single_parent holds 2020-03-01 2033-05-10"]}),
    "one-day-short": ("2015-05-10", ["father", "mother"],
                      ["F deported 2020-03-01", "M imprisoned 2024-01-31 2024-07-30"],
                      {"2024-03-01": []}),
    "month-end-is-enough": ("2015-05-10", ["father", "mother"],
                            ["F deported 2020-03-01", "M imprisoned 2023-08-31 2024-02-29"],
                            {"2024-02-28": ["de_facto_unattended holds 2023-08-31 2024-02-29"],
                             "2024-02-29": []}),
    "weeks-enough": ("2015-05-10", ["father", "mother"],
                     ["F deported 2020-03-01", "M compulsory_rehab 2024-01-01 =P26W"],
                     {"2024-03-01": ["de_facto_unattended holds 2024-01-01 2024-07-01"]}),
    "weeks-not-enough": ("2015-05-10", ["father", "mother"],
                         ["F deported 2020-03-01", "M compulsory_rehab 2023-07-01 =P26W"],
                         {"2023-08-01": []}),
    "released-early": ("2015-05-10", ["father", "mother"],
                       ["F guardianship_revoked 2020-03-01", "M imprisoned 2024-01-31 2024-04-30 =P1Y"],
                       {"2024-04-29": ["de_facto_unattended holds 2024-01-31 2024-04-30"],
                        "2024-04-30": []}),
    "custody-of-unknown-term": ("2015-05-10", ["father", "mother"],
                                ["F deported 2020-03-01", "M other_custody 2024-08-31"],
                                {"2024-08-30": [],
                                 "2025-02-27": ["de_facto_unattended review 2024-08-31 2025-02-28"],
                                 "2025-02-28": ["de_facto_unattended holds 2025-02-28 2033-05-10"]}),
    "two-short-terms-do-not-add": ("2015-05-10", ["father", "mother"],
                                   ["F deported 2020-03-01", "M imprisoned 2024-01-01 2024-05-01",
                                    "M imprisoned 2024-05-01 2024-09-01"],
                                   {"2024-04-30": [], "2024-05-01": []}),
    "contact-lost-reported": ("2015-05-10", ["father", "mother"],
                              ["F deported 2020-03-01", "M lost_contact 2023-12-31 =reported"],
                              {"2024-06-30": [],
                               "2024-07-01": ["de_facto_unattended holds 2024-07-01 2033-05-10"]}),
    "contact-lost-determined": ("2015-05-10", ["father", "mother"],
                                ["F deported 2020-03-01", "M lost_contact 2023-12-31 2024-02-01 =determined"],
                                {"2023-12-30": [],
                                 "2023-12-31": ["de_facto_unattended holds 2023-12-31 2024-02-01"],
                                 "2024-02-01": []}),
    "level-3-mental": ("2015-05-10", ["father", "mother"],
                       ["F disability 2019-01-01 =mental/3", "M disability 2020-01-01 =physical/2"],
                       {"2024-06-30": ["de_facto_unattended holds 2020-01-01 2033-05-10"]}),
    "level-3-multiple": ("2015-05-10", ["father", "mother"],
                         ["F disability 2019-01-01 =multiple/3", "M disability 2020-01-01 =physical/2"],
                         {"2024-06-30": []}),
    "dead-and-disabled": ("2015-05-10", ["father", "mother"],
                          ["F disability 2019-01-01 =visual/1", "F dead 2020-01-01 =natural",
                           "M dead 2021-01-01 =natural"],
                          {"2020-06-01": ["single_parent holds 2020-01-01 2021-01-01"],
                           "2024-06-30": ["orphan holds 2021-01-01 2033-05-10"]}),
    "declaration-revoked": ("2015-05-10", ["father", "mother"],
                            ["F dead 2019-01-01 2023-01-01 =declared", "M dead 2020-01-01 =natural"],
                            {"2022-12-31": ["orphan holds 2020-01-01 2023-01-01"],
                             "2023-01-01": ["single_parent holds 2023-01-01 2033-05-10"]}),
    "foundling-adopted-for-a-time": ("2015-05-10", ["adoptive_father:A 2020-05-01 2022-05-01"],
                                     ["C parents_not_found 2015-06-01"],
                                     {"2015-05-31": ["de_facto_unattended review 2015-05-10 2015-06-01",
                                                     "orphan review 2015-05-10 2015-06-01",
                                                     "single_parent review 2015-05-10 2020-05-01"],
                                      "2020-04-30": ["orphan holds 2015-06-01 2020-05-01",
                                                     "single_parent review 2015-05-10 2020-05-01"],
                                      "2020-05-01": [],
                                      "2022-05-01": ["orphan holds 2022-05-01 2033-05-10",
                                                     "single_parent review 2022-05-01 2033-05-10"]}),
    "single-adoptive-parent-ill": ("2015-05-10", ["father", "mother", "adoptive_mother:A 2020-01-01"],
                                   ["A serious_illness 2021-01-01 =uraemia"],
                                   {"2024-06-30": ["de_facto_unattended holds 2021-01-01 2033-05-10"]}),
    "single-adoptive-parent-dead": ("2015-05-10", ["father", "mother", "adoptive_mother:A 2020-01-01"],
                                    ["A dead 2021-01-01 =natural"],
                                    {"2024-06-30": ["orphan holds 2021-01-01 2033-05-10",
                                                    "single_parent holds 2021-01-01 2033-05-10"]}),
    "birth-parents-dead-adopted": ("2015-05-10", ["father", "mother", "adoptive_mother:A 2020-01-01",
                                                  "adoptive_father:B 2020-01-01 2024-01-01"],
                                   ["F dead 2016-01-01 =natural", "M dead 2017-01-01 =natural"],
                                   {"2019-12-31": ["orphan holds 2017-01-01 2020-01-01"],
                                    "2020-01-01": [], "2024-06-30": []}),
    "step-parent-does-not-count": ("2015-05-10", ["father", "mother", "step_father:S 2019-01-01"],
                                   ["M dead 2018-01-01 =natural", "S dead 2020-01-01 =natural"],
                                   {"2024-06-30": ["single_parent holds 2018-01-01 2033-05-10"]}),
    "father-row-ends": ("2015-05-10", ["father:F 2015-05-10 2020-01-01", "mother"],
                        ["M deported 2018-01-01"],
                        {"2019-12-31": [],
                         "2020-01-01": ["de_facto_unattended review 2020-01-01 2033-05-10",
                                        "single_parent review 2020-01-01 2033-05-10"]}),
    "later-row-counts": ("2015-05-10", ["father:F", "father:G 2018-01-01 2021-01-01", "mother"],
                         ["F serious_illness 2016-01-01", "M serious_illness 2016-01-01"],
                         {"2017-12-31": ["de_facto_unattended holds 2016-01-01 2018-01-01"],
                          "2020-12-31": [],
                          "2021-01-01": ["de_facto_unattended holds 2021-01-01 2033-05-10"]}),
    "child-conditions": ("2015-05-10", ["father", "mother"],
                         ["C disability 2016-02-29 2024-02-29 =hearing/4", "C hiv 2020-01-01"],
                         {"2024-02-28": ["disabled_child holds 2016-02-29 2024-02-29",
                                         "hiv_child holds 2020-01-01 2033-05-10"],
                          "2024-02-29": ["hiv_child holds 2020-01-01 2033-05-10"]}),
    "before-birth": ("2015-05-10", ["father", "mother"],
                     ["F dead 2015-01-01 =natural", "M low_income 2010-01-01 2016-01-01"],
                     {"2015-05-10": ["low_income holds 2015-05-10 2016-01-01",
                                     "single_parent holds 2015-05-10 2033-05-10"]}),
    "grandmother-is-guardian": ("2015-05-10", ["father", "mother", "grandparent:G",
                                               "guardian:G 2020-01-01 2021-01-01"],
                                ["G destitute 2010-01-01"],
                                {"2019-12-31": [],
                                 "2020-12-31": ["destitute holds 2020-01-01 2021-01-01"],
                                 "2021-01-01": []}),
    "lists-meet": ("2015-05-10", ["father", "mother"],
                   ["F low_income 2020-01-01 2021-01-01", "M low_income 2021-01-01 2022-01-01",
                    "C low_income_edge 2021-06-01 2021-07-01"],
                   {"2021-06-30": ["low_income holds 2020-01-01 2022-01-01",
                                   "low_income_edge holds 2021-06-01 2021-07-01"]}),
    "divorced": ("2015-05-10", ["father", "mother"], ["M divorced 2019-02-28 =@F"],
                 {"2019-02-27": [], "2024-06-30": ["single_parent holds 2019-02-28 2033-05-10"]}),
    "divorced-and-remarried": ("2015-05-10", ["father", "mother"],
                               ["M divorced 2019-02-28 =@F", "F married 2021-03-01 =@M"],
                               {"2021-02-28": ["single_parent holds 2019-02-28 2021-03-01"],
                                "2021-03-01": []}),
    "remarried-to-another": ("2015-05-10", ["father", "mother", "step_mother:S 2021-03-01"],
                             ["F divorced 2019-02-28 =@M", "F married 2021-03-01 =@S"],
                             {"2024-06-30": ["single_parent holds 2019-02-28 2033-05-10"]}),
    "divorced-then-widowed": ("2015-05-10", ["father", "mother"],
                              ["F divorced 2019-02-28 =@M", "F dead 2020-01-01 =natural",
                               "M missing_declared 2022-01-01"],
                              {"2024-06-30": ["orphan holds 2022-01-01 2033-05-10",
                                              "single_parent holds 2019-02-28 2033-05-10"]}),
}


def family(serial, name, case):
    """Rows of one case: people, relations, records."""
    birth, relations, records, _ = case
    child = {"ref": name, "name": "甲", "sex": "M", "birth_date": birth,
             "id_no": id_number(birth, serial)}
    people, links = {"C": child}, []

    def person(letter):
        if letter not in people:
            born = f"19{60 + ord(letter) - 65}-01-31"
            people[letter] = {"ref": f"{name}-{letter}", "name": "乙", "birth_date": born,
                              "id_no": id_number(born, serial)}
        return people[letter]

    for text in relations:
        role, *span = text.split()
        role, _, letter = role.partition(":")
        links.append({"child_ref": name, "relation": role,
                      "person_ref": person(letter or {"father": "F", "mother": "M"}[role])["ref"],
                      "from": span[0] if span else "", "to": span[1] if len(span) > 1 else ""})
    facts = []
    for at, text in enumerate(records):
        letter, kind, *span = text.split()
        value = span.pop()[1:] if span[-1].startswith("=") else ""
        facts.append({"record_key": f"{name}/{at}", "department": "civil_affairs", "kind": kind,
                      "id_no": person(letter)["id_no"], "from": span[0],
                      "to": span[1] if len(span) > 1 else "",
                      "value": person(value[1])["id_no"] if value.startswith("@") else value})
    return list(people.values()), links, facts


def register():
    """All cases as one register."""
    people, relations, records = [], [], []
    for serial, (name, case) in enumerate(CASES.items()):
        p, r, f = family(serial, name, case)
        people += p
        relations += r
        records += f
    return people, relations, records


def complete(rows, columns):
    return [{c: row.get(c, "") for c in columns} for row in rows]


def expected(name, as_of):
    return [tuple([name] + line.split()) for line in CASES[name][3][as_of]]


DATES = sorted({d for case in CASES.values() for d in case[3]})


@pytest.fixture(scope="module")
def by_oracle():
    people, relations, records = register()
    oracle = Oracle()
    columns = ["ref", "id_no", "name", "sex", "birth_date", "household"]
    oracle.load_people(complete(people, columns))
    oracle.load_relations(complete(relations, ["child_ref", "person_ref", "relation", "from", "to"]))
    outcome = oracle.ingest(complete(records, RECORDS))
    assert set(outcome) == {"accepted"}
    oracle.settle()
    return {d: oracle.screen(d) for d in DATES}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def by_program(request, tmp_path_factory):
    from harness import ENGINES
    if request.param not in ENGINES:
        pytest.skip("no PostgreSQL server: HUMIAO_TEST_PG is not set")
    program = new_program(tmp_path_factory.mktemp("law") / "home", request.param)
    people, relations, records = register()
    program.init()
    program.load("people", people)
    program.load("relations", relations)
    program.ingest(records)
    return {d: program.screen(d) for d in DATES}


WANTED = [(name, d) for name, case in CASES.items() for d in case[3]]


@pytest.mark.parametrize("name,as_of", WANTED)
def test_oracle_agrees_with_the_clerk(by_oracle, name, as_of):
    assert [r for r in by_oracle[as_of] if r[0] == name] == expected(name, as_of)


@pytest.mark.parametrize("name,as_of", WANTED)
def test_program_agrees_with_the_clerk(by_program, name, as_of):
    assert [r for r in by_program[as_of] if r[0] == name] == expected(name, as_of)


def test_program_screens_the_same_children(by_program, by_oracle):
    assert by_program == by_oracle
