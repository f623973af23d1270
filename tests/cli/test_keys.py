"""Keys change while the platform runs: new sealing keys, a new master key, and nothing else changes.

What is sealed is looked at from outside: by the first byte of every value in the database file, which is
the number of the key that sealed it.
"""

import json
import sqlite3
import subprocess
import time

import pytest

from families import District
from harness import RECORDS, counts, csv_text, psql, scaled, seeded

SEALED = {"delivery": ["sealed"], "delivery_piece": ["sealed"],
          "person_sealed": ["sealed"], "person_version": ["sealed"], "record": ["fact", "envelope"],
          "quarantine": ["sealed"], "verdict": ["sealed"], "verdict_change": ["sealed"],
          "roster": ["sealed"], "account": ["sealed", "totp"], "opening": ["reason"],
          "idempotency": ["answer"], "alert": ["sealed"], "alert_cause": ["sealed"],
          "visit_field": ["sealed"], "care_event": ["sealed"], "review": ["sealed"], "training": ["sealed"]}
AS_OF = "2024-06-30"


def numbers(program):
    """How many values stand under which key number, and under none of the columns that we know."""
    found = {}
    for table, columns in SEALED.items():
        for column in columns:
            if program.engine == "sqlite":
                with sqlite3.connect(f"file:{program.database_path()}?mode=ro", uri=True) as db:
                    rows = db.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
                db.close()
                firsts = [row[0][0] for row in rows]
            else:
                firsts = [int(n) for n in psql(
                    program.url, f"SELECT get_byte({column}, 0) FROM {table} WHERE {column} IS NOT NULL")]
            for n in firsts:
                found[n] = found.get(n, 0) + 1
    return found


def status(program):
    text = program.run("keys", "status", "--format", "json").stdout
    return json.loads(text)


def keys(program):
    """Number to suite, as `keys status` tells."""
    return {int(row["key"]): row["suite"] for row in status(program) if row["suite"]}


def settle(program, rng, people=150, district=None):
    district = district or District(rng, people)
    program.load("people", district.people)
    program.load("relations", district.relations, expect=(0, 1))
    # A second load that changes something, for rows of what the register said before.
    program.load("people", [{**row, "phone": ""} for row in district.people], name="again.csv")
    program.ingest(district.records, expect=(0, 1))
    program.run("tick", "--date", AS_OF)
    return district


def check(program):
    answer = program.run("keys", "check", "--format", "json")
    assert all(int(row["broken"]) == 0 for row in json.loads(answer.stdout))
    return sum(int(row["opened"]) for row in json.loads(answer.stdout))


def test_rotated_there_and_back(county):
    settle(county, seeded("keys rotate"))
    before, values, trail = county.screen(AS_OF), numbers(county), county.table_counts()
    assert set(values) == {1} and values[1] > 500
    for number, suite in ((2, "national"), (3, "international"), (4, "international")):
        args = ["--suite", suite] if number < 4 else []  # the last keeps the newest key's suite
        county.run("keys", "rotate", *args)
        assert keys(county) == {number: suite}
        assert numbers(county) == {number: values[1]}
        assert county.screen(AS_OF) == before
    assert check(county) == values[1]
    after = county.table_counts()
    assert {t: n for t, n in after.items() if not t.startswith("audit")} == \
           {t: n for t, n in trail.items() if not t.startswith("audit")}


def test_killed_while_rotating(county):
    rng = seeded("keys kill")
    settle(county, rng, 300)
    before, values = county.screen(AS_OF), numbers(county)
    begun = time.monotonic()
    county.run("keys", "rotate")
    length = time.monotonic() - begun
    kills = 0
    for _ in range(scaled(12)):
        process = county.popen("keys", "rotate", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=rng.uniform(0.02, 0.9) * length)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            assert county.screen(AS_OF) == before, "half-way between two keys everything opens"
    county.run("keys", "rotate")
    assert kills and len(keys(county)) == 1
    assert numbers(county) == {next(iter(keys(county))): values[1]}
    assert county.screen(AS_OF) == before
    check(county)


def test_ingest_goes_on_meanwhile(county):
    """Beside a database whose keys stay as they are: both answer alike in the end."""
    rng = seeded("keys ingest")
    district = settle(county, rng, 300)
    peace = county.sibling("peace")
    peace.init()
    settle(peace, rng, district=district)
    late = [{**row, "record_key": f"late-{i}-{row['record_key']}"}
            for i in range(4) for row in district.records]
    peace.ingest(late, name="late.csv", expect=(0, 1))
    path = county.file("late.csv", csv_text(RECORDS, late))
    writer = county.popen("ingest", path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rotations = 0
    while writer.poll() is None or rotations < 2:
        county.run("keys", "rotate", "--suite", ("national", "international")[rotations % 2])
        rotations += 1
    assert writer.returncode in (0, 1)
    newest = keys(county)
    assert len(newest) == 1
    assert set(numbers(county)) == set(newest), "nothing was sealed under a key on its way out"
    check(county)
    # Duplicates are known as before: hashes are of the one hashing key, whatever seals.
    again = [p.ingest(district.records, name="again.csv", expect=(0, 1)) for p in (county, peace)]
    assert counts(again[0]) == counts(again[1]) and counts(again[0])["duplicate"] > 0
    assert county.screen(AS_OF) == peace.screen(AS_OF)


def test_two_at_once(county):
    """Two who rotate together share the work, and both have done it."""
    settle(county, seeded("keys two"), 300)
    before = county.screen(AS_OF)
    for _ in range(3):
        pair = [county.popen("keys", "rotate", stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
        told = [process.communicate(timeout=120)[0].decode() for process in pair]
        assert [process.returncode for process in pair] == [0, 0], told
        assert len(keys(county)) == 1
    assert set(numbers(county)) == set(keys(county))
    check(county)
    assert county.screen(AS_OF) == before


def test_what_an_erased_person_left(county):
    district = settle(county, seeded("keys erase"), 40)
    ref = district.people[0]["ref"]
    county.run("erase", ref, "--for-ever")
    before = county.screen(AS_OF)
    county.run("keys", "rotate")
    assert keys(county) == {2: "international"}, "a key under which nothing opens is dropped"
    left = [row for row in status(county) if int(row["key"]) == 1]
    assert left and all(row["values"] == row["erased"] for row in left)
    assert county.screen(AS_OF) == before
    check(county)


def test_another_suite_waits_for_a_rotation_that_is_not_finished(small):
    settle(small, seeded("keys unfinished"), 300)
    for _ in range(50):
        process = small.popen("keys", "rotate", "--suite", "national", stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        time.sleep(0.03)
        process.kill()
        if process.wait() != 0 and len(keys(small)) == 2:
            break
        small.run("keys", "rotate", expect=0)
    else:
        pytest.skip("no kill struck between the first transaction and the last")
    newest = max(keys(small))
    if keys(small)[newest] == "national":
        answer = small.run("keys", "rotate", "--suite", "international", expect=2)
        assert "HM-" in answer.stderr
    small.run("keys", "rotate")
    assert len(keys(small)) == 1


def test_another_master_key(county):
    settle(county, seeded("keys master"), 40)
    before = county.screen(AS_OF)
    old = next((county.home / "config" / "humiao").glob("*[!t].key"))
    new = old.parent / "new.key"  # beside the audit key, which is looked for there
    county.run("keys", "master", expect=2)
    county.run("keys", "master", "--new-file", old, expect=2)
    county.run("keys", "master", "--new-file", new)
    assert new.stat().st_mode & 0o777 == 0o600 and old.exists()
    answer = county.run("screen", expect=3)
    assert "HM-2202" in answer.stderr, "the old master key opens nothing any more"
    county.env["HUMIAO_KEY_FILE"] = str(new)
    assert county.screen(AS_OF) == before
    county.run("keys", "rotate", "--suite", "national")
    assert county.screen(AS_OF) == before


def test_a_key_server(county):
    settle(county, seeded("keys server"), 40)
    before = county.screen(AS_OF)
    key = next((county.home / "config" / "humiao").glob("*[!t].key"))
    program = county.file("fetch", f"#!/bin/sh\nexec /bin/cat '{key}'\n")
    program.chmod(0o700)
    county.home.chmod(0o700)
    county.env["HUMIAO_KEY_COMMAND"] = str(program)
    assert county.screen(AS_OF) == before
    county.run("keys", "rotate")
    program.chmod(0o722)
    assert "HM-2203" in county.run("screen", expect=3).stderr
    program.chmod(0o700)
    county.file("fetch", "#!/bin/sh\nexit 1\n")
    assert "HM-2201" in county.run("screen", expect=3).stderr


def test_an_altered_key_number_is_seen(small):
    settle(small, seeded("keys altered"), 40)
    with sqlite3.connect(small.database_path()) as db:
        db.execute("UPDATE record SET fact = CAST(X'09' || substr(fact, 2) AS BLOB) WHERE id = "
                   "(SELECT min(id) FROM record WHERE known_to IS NULL)")
    db.close()
    assert "HM-" in small.run("keys", "check", expect=4).stderr
    answer = small.run("keys", "rotate")
    assert "do not open" in answer.stderr
    assert any(int(row["key"]) == 9 for row in status(small))
