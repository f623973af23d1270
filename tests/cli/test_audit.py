"""The audit trail by the command line: every command that changes something leaves its row, and tampering
by somebody who has the whole database, and not the key, is found and its place named."""

import pathlib
import sqlite3
import subprocess

import pytest

from harness import csv_rows, id_number

PERSON = {"ref": "p1", "name": "张三", "birth_date": "2015-03-04", "id_no": id_number("2015-03-04", 11)}


def events(program):
    """Names of the events, the oldest first."""
    rows = csv_rows(program.run("audit", "show", "--format", "csv", "--limit", "1000").stdout)
    return [r["event"] for r in reversed(rows)]


def busy(program):
    """A trail of several rows: what a county does in its first days."""
    program.init()
    program.load("people", [PERSON])
    program.load("relations", [])
    program.ingest([])
    program.run("tick")
    return program


def heads_file(program):
    return next((program.home / "config" / "humiao").glob("*.heads"))


def tamper(program, *statements):
    with sqlite3.connect(program.database_path()) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def found(program):
    """What verifying says, a list of words a line."""
    answer = program.run("audit", "verify", expect=4)
    assert "HM-4003" in answer.stderr
    return [line.split() for line in answer.stdout.splitlines()]


def today(program):
    rows = csv_rows(program.run("audit", "heads", "--format", "csv").stdout)
    return rows[-1]["day"]


def test_each_command_leaves_its_row(blank):
    busy(blank)
    blank.run("erase", "p1", "--for-ever")
    assert events(blank) == ["heads.linked", "database.created", "register.loaded", "register.loaded",
                             "records.ingested", "records.ingested", "clock.ticked", "person.erased"]
    rows = csv_rows(blank.run("audit", "show", "--format", "csv").stdout)
    loaded = [r for r in rows if r["event"] == "register.loaded"]
    assert loaded[-1]["detail"] == "people added 1 changed 0 unchanged 0 ended 0 refused 0"
    assert rows[0]["child_id"], "the row of an erasure says who"
    blank.run("audit", "verify")


def test_verify_tells_how_much_it_saw(blank):
    answer = busy(blank).run("audit", "verify")
    assert answer.stdout == ""
    assert "1 segments, 7 rows" in answer.stderr


def test_commands_that_read_leave_nothing(blank):
    busy(blank)
    before = events(blank)
    blank.screen("2024-06-30")
    blank.run("timeline", "p1")
    blank.run("audit", "verify")
    assert events(blank) == before


def test_rows_about_one_child(blank):
    busy(blank)
    blank.load("people", [PERSON, {**PERSON, "ref": "p2", "id_no": id_number("2015-03-04", 12)}])
    blank.run("erase", "p1", "--for-ever")
    assert csv_rows(blank.run("audit", "show", "--child", "p2", "--format", "csv").stdout) == []
    assert len(csv_rows(blank.run("audit", "show", "--limit", "2", "--format", "csv").stdout)) == 2
    assert csv_rows(blank.run("audit", "show", "--account", "5", "--format", "csv").stdout) == []


def test_a_refused_command_leaves_no_row(blank):
    busy(blank)
    before = events(blank)
    blank.run("load", "people", blank.file("bad.csv", "ref\nx\n"), expect=2)
    assert events(blank) == before
    blank.run("audit", "verify")


def test_a_trail_holds_nothing_personal(small):
    busy(small)
    with sqlite3.connect(small.database_path()) as db:
        text = "\n".join(d for (d,) in db.execute("SELECT detail FROM audit"))
    db.close()
    text += heads_file(small).read_text()
    for secret in (PERSON["name"], PERSON["id_no"], "p1"):
        assert secret not in text


def test_verify_while_others_write(blank):
    """What comes in while it verifies is no fault."""
    busy(blank)
    for _ in range(3):
        writers = [blank.popen("tick", env={"HUMIAO_TODAY": f"2030-01-0{day}"}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL) for day in (1, 1, 2, 3)]
        while any(w.poll() is None for w in writers):
            blank.run("audit", "verify")
        assert [w.returncode for w in writers] == [0] * 4
    blank.run("audit", "verify")


# ---- tampering ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("change", [
    "at = at + 1", "event = 41", "account_id = 1", "child_id = 1", "object_id = 1",
    "detail = 'people added 0 changed 0 unchanged 0 ended 0 refused 0'", "id = id + 1",
    "mac = zeroblob(32)", "mac = x''"])
def test_an_altered_row(small, change):
    day = today(busy(small))
    tamper(small, f"UPDATE audit SET {change} WHERE seq = 3")
    assert found(small) == [["altered", "cli", day, "3"]]


def test_a_value_of_another_type(small):
    day = today(busy(small))
    tamper(small, "UPDATE audit SET account_id = 'nobody' WHERE seq = 3")
    assert found(small)[0] == ["altered", "cli", day, "3"]


def test_removed_rows(small):
    day = today(busy(small))
    tamper(small, "DELETE FROM audit WHERE seq IN (3, 4)")
    assert found(small) == [["removed", "cli", day, "3", "missing", "2"]]


def test_removed_rows_and_the_rest_renumbered(small):
    day = today(busy(small))
    tamper(small, "DELETE FROM audit WHERE seq IN (3, 4)",
           "UPDATE audit SET seq = -(seq - 2) WHERE seq > 4", "UPDATE audit SET seq = -seq WHERE seq < 0",
           "UPDATE audit_segment SET rows = rows - 2")
    # The heads told before know of two more.
    assert found(small)[0] == ["removed", "cli", day, "3", "missing", "2"]


def test_an_inserted_row(small):
    day = today(busy(small))
    tamper(small, "UPDATE audit SET seq = -(seq + 1) WHERE seq >= 3",
           "UPDATE audit SET seq = -seq WHERE seq < 0",
           "INSERT INTO audit SELECT max(id) + 1, segment_id, 3, at, event, 1, NULL, NULL, '', mac FROM audit",
           "UPDATE audit_segment SET rows = rows + 1")
    assert found(small)[0] == ["inserted", "cli", day, "3", "rows", "1"]


def test_swapped_rows(small):
    day = today(busy(small))
    tamper(small, "UPDATE audit SET seq = -1 WHERE seq = 2", "UPDATE audit SET seq = 2 WHERE seq = 5",
           "UPDATE audit SET seq = 5 WHERE seq = -1")
    assert found(small) == [["swapped", "cli", day, "2", "with", "5"]]


def test_a_missing_tail(small):
    day = today(busy(small))
    tamper(small, "DELETE FROM audit WHERE seq > 5",
           "UPDATE audit_segment SET rows = 5, head = (SELECT mac FROM audit WHERE seq = 5)")
    assert found(small) == [["tail", "cli", day, "6", "missing", "2"]]


def test_an_empty_trail(small):
    day = today(busy(small))
    tamper(small, "DELETE FROM audit", "DELETE FROM audit_segment")
    assert found(small) == [["segment", "cli", day, "1", "missing", "7"]]


def test_a_trail_that_was_begun_anew(small):
    day = today(busy(small))
    tamper(small, "DELETE FROM audit", "DELETE FROM audit_segment")
    small.run("tick")
    assert found(small)[0][:3] in (["heads", "cli", day], ["tail", "cli", day])


def test_a_database_set_back(small):
    """An old copy of the file is whole in itself; the heads know better."""
    day = today(busy(small))
    path = small.database_path()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    old = path.read_bytes()
    small.load("people", [PERSON])
    for side in path.parent.glob(path.name + "-*"):
        side.unlink()
    path.write_bytes(old)
    assert found(small) == [["tail", "cli", day, "8", "missing", "1"]]


# ---- the key and the heads ---------------------------------------------------------------------------------

def audit_key(program):
    return next((program.home / "config" / "humiao").glob("*.audit.key"))


def test_without_the_audit_key_nothing_is_changed(blank):
    busy(blank)
    before = blank.all_table_counts()
    key = audit_key(blank)
    assert (key.stat().st_mode & 0o777) == 0o600
    aside = key.rename(key.with_suffix(".aside"))
    for args in (("tick",), ("load", "people", blank.home / "people.csv"), ("audit", "verify"), ("init",)):
        answer = blank.run(*args, expect=3)
        assert "HM-2201" in answer.stderr and str(key) in answer.stderr
    assert blank.all_table_counts() == before
    aside.rename(key)
    key.chmod(0o644)
    assert "HM-2203" in blank.run("tick", expect=3).stderr
    key.chmod(0o600)
    blank.run("tick")
    blank.run("audit", "verify")


def test_a_key_of_another_does_not_verify(small):
    day = today(busy(small))
    key = audit_key(small)
    other = small.sibling("other")
    other.init()
    key.write_text(audit_key(other).read_text())
    rows = found(small)
    assert ["altered", "cli", day, "1"] in rows and any(r[0] == "heads" for r in rows)


def test_a_new_key(blank):
    busy(blank)
    blank.run("audit", "rotate-key")
    assert events(blank)[-1] == "key.added"
    assert len([line for line in audit_key(blank).read_text().splitlines() if line[0] != "#"]) == 2
    blank.run("tick", env={"HUMIAO_TODAY": "2099-01-01"})
    blank.run("audit", "verify")


def test_places_named_by_the_environment(blank):
    places = {"HUMIAO_AUDIT_KEY_FILE": str(blank.home / "far" / "k"),
              "HUMIAO_AUDIT_HEADS": str(blank.home / "farther" / "h")}
    blank.env.update(places)
    busy(blank)
    for place in places.values():
        assert pathlib.Path(place).is_file()
    blank.run("audit", "verify")


def test_the_file_of_heads_is_gone(blank):
    busy(blank)
    path = heads_file(blank)
    aside = path.rename(path.with_suffix(".aside"))
    assert found(blank) == [["heads", "-", "-", "0"]]
    before = blank.all_table_counts()
    blank.run("tick", expect=3)
    assert blank.all_table_counts() == before
    aside.rename(path)
    blank.run("audit", "verify")


def test_a_forged_line_of_heads(small):
    busy(small)
    path = heads_file(small)
    lines = path.read_text().splitlines()
    words = lines[-1].split(" ")
    words[4] = str(int(words[4]) - 1)
    path.write_text("\n".join(lines[:-1] + [" ".join(words)]) + "\n")
    assert found(small)[0][0] == "heads"


def test_usage(small):
    small.run("audit", "mend", expect=2)
    small.run("audit", "show", "--limit", "0", expect=2)
    small.run("audit", "show", "--account", "x", expect=2)
