"""What the program stands on gives way: database, key and disk, and others at work beside it."""

import os
import re
import shutil
import sqlite3
import subprocess
import threading

import pytest

from harness import PEOPLE, RECORDS, Program, counts, csv_text
from one_family import CHILD, DEAD, FATHER, KIN, LISTED, MOTHER, WIDOWED, silent, state


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
