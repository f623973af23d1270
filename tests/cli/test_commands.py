"""The commands one by one: what each promises beyond `screen`."""

import json
import re

import pytest

from harness import RECORDS, SCREEN, counts, csv_text, id_number

CHILD = {"ref": "c1", "id_no": id_number("2015-05-10", 1), "name": "单小荷", "sex": "M",
         "birth_date": "2015-05-10", "hukou_division": "330782001001",
         "residence_division": "330782001001", "address": "桂花弄三号", "phone": "13900000021"}
FATHER = {"ref": "f1", "id_no": id_number("1985-02-28", 2), "name": "单长乐", "sex": "M",
          "birth_date": "1985-02-28", "phone": "13900000022", "hukou_division": "330782001001",
          "residence_division": "330782001001"}
MOTHER = {"ref": "m1", "id_no": id_number("1986-02-28", 3, "F"), "name": "吕绿", "sex": "F",
          "birth_date": "1986-02-28", "phone": "13900000023", "hukou_division": "330782001001",
          "residence_division": "330782001001"}
KIN = [{"child_ref": "c1", "person_ref": "f1", "relation": "father"},
       {"child_ref": "c1", "person_ref": "m1", "relation": "mother"}]
DEAD = {"record_key": "d1", "department": "civil_affairs", "kind": "dead", "id_no": FATHER["id_no"],
        "from": "2020-03-01", "value": "natural"}
PRISON = {"record_key": "p1", "department": "justice", "kind": "imprisoned", "id_no": MOTHER["id_no"],
          "from": "2024-01-31", "value": "P6M"}
COMMANDS = ["init", "load", "ingest", "screen", "explain", "timeline", "tick", "synth"]


@pytest.fixture
def family(county):
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    county.ingest([DEAD, PRISON])
    return county


# Help

@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(bare, command):
    answer = bare.run(command, "--help")
    assert re.search(rf"humiao {command}\b", answer.stdout) and not answer.stderr
    assert len(answer.stdout.splitlines()) > 3


def test_help_lists_the_commands_by_task(bare):
    answer = bare.run("help")
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b", answer.stdout), command
    for words in (("--help",), ("help", "screen")):
        assert bare.run(*words).stdout


def test_help_is_spoken_in_chinese_too(bare):
    answer = bare.run("help", env={"HUMIAO_LANG": "zh"})
    assert re.search("[\u4e00-\u9fff]", answer.stdout)


def test_unknown_command_names_itself_and_help(bare):
    answer = bare.run("sceen", expect=2)
    assert "sceen" in answer.stderr and "help" in answer.stderr


# init

def test_init_twice_changes_nothing(family):
    before = family.screen("2024-06-30")
    family.init()
    assert family.screen("2024-06-30") == before


def test_option_wins_over_environment(family):
    other = family.sibling("other")
    other.init()
    family.env["HUMIAO_DB"] = other.url
    other.env.update(family.env)
    assert family.screen("2024-06-30", "--db", family.url)


# screen

ROWS = [("c1", "de_facto_unattended", "holds", "2024-01-31", "2024-07-31"),
        ("c1", "single_parent", "holds", "2020-03-01", "2033-05-10")]


def test_screen_in_three_forms(family):
    assert family.screen("2024-06-30") == ROWS
    told = json.loads(family.run("screen", "--as-of", "2024-06-30", "--format", "json").stdout)
    assert [tuple(r[c] for c in SCREEN) for r in told] == ROWS
    table = family.run("screen", "--as-of", "2024-06-30", "--format", "table").stdout
    for row in ROWS:
        assert any(all(cell in line for cell in row) for line in table.splitlines()), table


def test_screen_of_today(family):
    """Without --as-of the day is today's; a test may set the clock."""
    today = family.run("screen", "--format", "csv", env={"HUMIAO_TODAY": "2024-06-30"}).stdout
    assert today == family.run("screen", "--format", "csv", "--as-of", "2024-06-30").stdout


def test_screen_sees_records_that_begin_later(family):
    """since and until are by all records now in force, those after the as-of date too."""
    family.ingest([dict(PRISON, record_key="p2", **{"from": "2024-07-31", "value": "P1Y"})])
    assert ROWS[0][:4] + ("2025-07-31",) in family.screen("2024-06-30")


# explain, timeline

def test_explain_names_clause_and_facts(family):
    answer = family.run("explain", "c1", "--as-of", "2024-06-30").stdout
    assert "de_facto_unattended" in answer
    assert re.search("民发|Civil Affairs|MCA|〔2019〕62", answer), "no clause is cited"
    assert "2024-01-31" in answer and "2020-03-01" in answer, "the facts are not told"
    assert re.search(r"justice", answer), "who said it is not told"
    assert "orphan" in answer, "why the child is not in a category is not told"
    assert "2024-07-31" in answer, "what is scheduled is not told"


def test_explain_of_what_is_not_known(county):
    county.load("people", [CHILD])
    answer = county.run("explain", "c1", "--as-of", "2024-06-30").stdout
    assert re.search("review|unknown|not registered|cannot be decided", answer)
    assert re.search("mother", answer) and re.search("father", answer)


def test_explain_of_the_unknown(family):
    for command in ("explain", "timeline"):
        answer = family.run(command, "nobody", expect=2)
        assert re.search("no person|nothing is known", answer.stderr) and not answer.stdout


def test_explain_follows_a_withdrawal(family):
    family.ingest([dict(PRISON, value="retracted")])
    answer = family.run("explain", "c1", "--as-of", "2024-06-30").stdout
    assert "2024-01-31" not in answer


def test_timeline_tells_every_stretch(family):
    answer = family.run("timeline", "c1").stdout
    for word in ("de_facto_unattended", "2024-01-31", "2024-07-31", "single_parent", "2020-03-01",
                 "2033-05-10"):
        assert word in answer, answer


# tick

def tick(program, date):
    answer = program.run("tick", "--date", date)
    return answer.stdout + answer.stderr


def numbers(text):
    return [int(n) for n in re.findall(r"(?<![\d-])\d+(?![\d-])", text)]


def test_tick_tells_each_boundary_once(family):
    tick(family, "2024-01-01")
    before = family.table_counts()
    first = tick(family, "2024-08-31")
    assert any(numbers(first)), f"nothing fell due between January and August: {first}"
    between = family.table_counts()
    again = tick(family, "2024-08-31")
    assert not any(numbers(again)), f"told twice: {again}"
    assert family.table_counts() == between != before or family.table_counts() == before


def test_tick_catches_up_missed_days(family):
    """Thirty days at once are the same as thirty days one by one."""
    other = family.sibling("daily")
    other.init()
    other.load("people", [CHILD, FATHER, MOTHER])
    other.load("relations", KIN)
    other.ingest([DEAD, PRISON])
    for program in (family, other):
        tick(program, "2024-07-15")
    tick(family, "2024-08-14")
    for n in range(31):
        tick(other, f"2024-0{7 if n < 16 else 8}-{16 + n if n < 16 else n - 15:02d}")
    assert family.table_counts() == other.table_counts()
    assert family.screen("2024-08-14") == other.screen("2024-08-14")


def test_tick_backwards_does_nothing(family):
    tick(family, "2024-08-31")
    before = family.table_counts()
    family.run("tick", "--date", "2024-02-01", expect=(0, 2))
    assert family.table_counts() == before


# search

@pytest.fixture
def named(county):
    county.load("people", [CHILD, FATHER, MOTHER, dict(
        CHILD, ref="c2", id_no="", name="曾乐乐", phone="13900000029")])
    return county


@pytest.mark.parametrize("query,by,found", [
    ("单小荷", "name", {"c1"}), ("小荷", "name", {"c1"}), ("单", "name", {"c1", "f1"}),
    ("吕绿", "name", {"m1"}), ("赵", "name", set()),
    # Every reading of a polyphone, as a surname (shan, zeng, yue) and as a common word (dan, ceng, le).
    ("shanxiaohe", "pinyin", {"c1"}), ("danxiaohe", "pinyin", {"c1"}), ("sxh", "pinyin", {"c1"}),
    ("zenglele", "pinyin", {"c2"}), ("cenglele", "pinyin", {"c2"}), ("zengyueyue", "pinyin", {"c2"}),
    ("zll", "pinyin", {"c2"}), ("danchangle", "pinyin", {"f1"}), ("shanzhangyue", "pinyin", {"f1"}),
    ("wangwei", "pinyin", set()),
    (CHILD["id_no"], "id", {"c1"}), (id_number("1950-01-01", 9), "id", set()),
    ("13900000023", "phone", {"m1"}), ("13911111111", "phone", set()),
])
def test_search(named, query, by, found):
    answer = named.run("search", query, "--by", by)
    refs = {r for r in ("c1", "c2", "f1", "m1") if re.search(rf"(?m)(^|[\s,]){r}($|[\s,])", answer.stdout)}
    assert refs == found, answer.stdout


def test_search_by_umlaut(named):
    """吕绿 is typed lvlv, or lülü."""
    for query in ("lvlv", "lülü"):
        assert "m1" in named.run("search", query, "--by", "pinyin").stdout, query


def test_search_without_by(named):
    for query in ("单小荷", "sxh", CHILD["id_no"], "13900000021"):
        assert "c1" in named.run("search", query).stdout, query


# load: upsert with history

def test_load_twice_is_load_once(family):
    before = family.table_counts(), family.screen("2024-06-30")
    family.load("people", [CHILD, FATHER, MOTHER])
    family.load("relations", KIN)
    assert (family.table_counts(), family.screen("2024-06-30")) == before


def test_load_changes_what_changed(family):
    """A birth date that was entered wrongly is corrected by a later load of the same ref."""
    family.load("people", [dict(CHILD, ref="c3", id_no="", birth_date="2006-01-01")])
    assert not [r for r in family.screen("2024-06-30") if r[0] == "c3"]
    family.load("people", [dict(CHILD, ref="c3", id_no="", birth_date="2016-01-01", name="单小改")])
    assert {r[4] for r in family.screen("2024-06-30") if r[0] == "c3"} == {"2034-01-01"}
    assert "c3" in family.run("search", "单小改", "--by", "name").stdout
    assert ROWS == [r for r in family.screen("2024-06-30") if r[0] == "c1"]


def test_load_changes_the_number_that_records_are_found_by(family):
    """Records follow the number: the mother's belongs to another person after a correction."""
    new = id_number("1986-02-28", 44, "F")
    family.load("people", [dict(MOTHER, id_no=new)])
    assert [r[1] for r in family.screen("2024-06-30")] == ["single_parent"]
    family.load("people", [MOTHER])
    assert family.screen("2024-06-30") == ROWS


def test_load_changes_the_household(family):
    family.ingest([{"record_key": "l1", "department": "civil_affairs", "kind": "destitute",
                    "id_no": MOTHER["id_no"], "from": "2023-01-01"}])
    assert "destitute" in [r[1] for r in family.screen("2024-06-30")]
    family.load("people", [dict(MOTHER, household="h9")])
    assert "destitute" not in [r[1] for r in family.screen("2024-06-30")]
    family.load("people", [dict(CHILD, household="h9")])
    assert "destitute" in [r[1] for r in family.screen("2024-06-30")]


def test_partial_load_ends_nothing(family):
    family.load("people", [dict(CHILD, ref="c2", id_no="")])
    assert {r[0] for r in family.screen("2024-06-30")} == {"c1", "c2"}


def test_full_load_ends_what_is_absent(family):
    family.load("people", [dict(CHILD, ref="c2", id_no="")])
    family.load("relations", [{"child_ref": "c2", "person_ref": "f1", "relation": "father"}])
    family.load("relations", KIN, "--full")
    told = [r for r in family.screen("2024-06-30") if r[0] == "c2"]
    assert {r[1:3] for r in told} == {("orphan", "review"), ("de_facto_unattended", "review"),
                                      ("single_parent", "review")}
    family.load("people", [CHILD, FATHER, MOTHER], "--full")
    assert {r[0] for r in family.screen("2024-06-30")} == {"c1"}
    assert family.screen("2024-06-30") == ROWS


def test_full_load_with_a_refused_row_is_careful(family):
    """A row that is refused is not absent: its person is not ended by a slip of the pen."""
    answer = family.load("people", [dict(CHILD, birth_date="2015-02-30"), FATHER, MOTHER], "--full",
                         expect=(1, 2))
    assert answer.stderr
    assert "c1" in {r[0] for r in family.screen("2024-06-30")}


# ingest

def test_counts_of_every_outcome(county):
    county.load("people", [CHILD, FATHER, MOTHER])
    rows = [DEAD, dict(DEAD), dict(DEAD, record_key="d2", **{"from": "2023-02-29"}),
            dict(PRISON, id_no=id_number("1950-01-01", 9)), dict(PRISON, record_key="p2", id_no=""), PRISON]
    told = counts(county.ingest(rows, expect=1))
    assert told["duplicate"] == 1 and told["quarantined"] == 1 and told["unlinked"] == 2
    assert sum(told.values()) == len(rows), "the counts do not add up to the rows"


def test_unlinked_is_not_a_failure_and_takes_effect_later(county):
    answer = county.ingest([DEAD, PRISON])
    assert counts(answer)["unlinked"] == 2
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    assert county.screen("2024-06-30") == ROWS
    assert counts(county.ingest([DEAD, PRISON]))["duplicate"] == 2


def test_correction_withdrawal_and_revival(county):
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)

    def after(**change):
        county.ingest([dict(DEAD, **change)])
        return [r[1:4] for r in county.screen("2024-06-30")]

    holds = ("single_parent", "holds", "2020-03-01")
    assert after() == [holds]
    assert after(**{"from": "2021-05-31"}) == [("single_parent", "holds", "2021-05-31")]
    assert after(value="retracted") == []
    assert after() == [holds]
    assert after(id_no=MOTHER["id_no"]) == [holds]
    county.ingest([dict(DEAD, record_key="d2")])
    assert [r[1] for r in county.screen("2024-06-30")] == ["orphan"]


def test_one_file_may_be_read_from_a_pipe(county):
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    answer = county.run("ingest", "-", stdin=csv_text(RECORDS, [DEAD, PRISON]).encode())
    assert counts(answer)["accepted"] == 2
    assert county.screen("2024-06-30") == ROWS


def test_changed_file_under_the_same_name_is_read_from_its_start(county):
    """The cursor that carries a killed file on must not skip the rows of another file."""
    county.load("people", [CHILD, FATHER, MOTHER])
    county.load("relations", KIN)
    county.ingest([dict(PRISON, record_key=f"z{i}", id_no="") for i in range(300)], name="daily.csv")
    answer = county.ingest([DEAD] + [PRISON], name="daily.csv")
    assert counts(answer)["accepted"] == 2
    assert county.screen("2024-06-30") == ROWS
    # The same first rows, another tail.
    longer = [dict(DEAD, record_key=f"y{i}", id_no="") for i in range(200)]
    county.ingest(longer, name="daily.csv")
    county.ingest(longer[:-1] + [dict(DEAD, value="retracted")], name="daily.csv")
    assert county.screen("2024-06-30") == []


def test_data_on_stdout_is_nothing_but_data(family):
    """Messages go to stderr, so that a pipe is safe."""
    answer = family.run("screen", "--as-of", "2024-06-30", "--format", "csv")
    assert answer.stdout.splitlines() == [",".join(SCREEN)] + [",".join(r) for r in ROWS]
    json.loads(family.run("screen", "--as-of", "1990-01-01", "--format", "json").stdout)
