"""Files that are not what they should be: what the program must then say, do and not do."""

import os
import re
import subprocess
import tempfile
import threading

import pytest

from harness import PEOPLE, RECORDS, counts, csv_text, refused_lines
from one_family import CHILD, DEAD, FATHER, KIN, LISTED, MOTHER, WIDOWED, silent, state


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
