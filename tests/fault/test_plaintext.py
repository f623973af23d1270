"""What is sealed is not to be found on the disk: the files are read as bytes and searched.

Sealed are name, identity number, phone, address, narrative, and each fact's kind, value and record key.
Canaries stand for each; they are looked for as text, as UTF-16, as hexadecimal and as base64, in the
database, its write-ahead log and whatever else lies in the folder, also after corrections, withdrawals,
a row in quarantine and a kill.
"""

import base64
import os
import sqlite3
import subprocess

from harness import csv_text, id_number

CHILD_ID, FATHER_ID, LOST_ID = (id_number(b, n) for b, n in (
    ("2015-05-10", 101), ("1985-02-28", 102), ("1977-07-07", 103)))

CANARIES = [
    "欧阳金丝雀", "ouyangjinsique", "oyjsq", "欧阳知更", CHILD_ID, FATHER_ID, LOST_ID, CHILD_ID[6:],
    "翡翠街七号", "13912345671", "13912345672", "叙事金丝雀", "姓名金丝雀", "改正金丝雀", "隔离金丝雀",
    "canary-key-1", "canary-key-2", "canary-key-3", "canary-key-4", "canarydiagnosis",
    # Kinds and values that no policy names, so that they can stand nowhere but in a record.
    "psychiatric_diagnosis", "school_dropout", "P7Y7M7D",
    # Of accounts: what is typed, the person's name, telephone, password, and a team's id.
    "canary.account", "canary.other", "账户金丝雀", "显示金丝雀", "13912345673", "canary password",
    "canary-team-1",
]


def spellings(canary):
    raw = canary.encode()
    yield raw
    yield canary.encode("utf-16-le")
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for shift in range(3):  # base64 of the canary wherever it stands in a longer text
        text = base64.b64encode(b"\0" * shift + raw)
        inner = text[4:len(text) // 4 * 4 - 4] if shift else text[:len(text) // 4 * 4 - 4]
        if len(inner) >= 8:
            yield inner


def fill(program, before_last=lambda: None):
    """Everything that is sealed, through every door; `before_last` is called before the last writes."""
    people = [
        {"ref": "c1", "id_no": CHILD_ID, "name": "欧阳金丝雀", "sex": "M", "birth_date": "2015-05-10",
         "hukou_division": "330782001001", "residence_division": "330782001001",
         "address": "翡翠街七号", "phone": "13912345671"},
        {"ref": "f1", "id_no": FATHER_ID, "name": "欧阳知更", "sex": "M", "birth_date": "1985-02-28",
         "hukou_division": "330782001001", "residence_division": "330782001001",
         "address": "翡翠街七号", "phone": "13912345672"}]
    records = [
        {"record_key": "canary-key-1", "department": "health", "kind": "psychiatric_diagnosis",
         "id_no": FATHER_ID, "name": "姓名金丝雀", "from": "2020-01-01", "value": "canarydiagnosis",
         "note": "叙事金丝雀"},
        {"record_key": "canary-key-2", "department": "justice", "kind": "imprisoned", "id_no": FATHER_ID,
         "from": "2020-01-01", "value": "P7Y7M7D", "note": "叙事金丝雀"},
        {"record_key": "canary-key-3", "department": "education", "kind": "school_dropout",
         "id_no": LOST_ID, "name": "姓名金丝雀", "from": "2020-01-01", "note": "叙事金丝雀"},
        {"record_key": "canary-key-4", "department": "education", "kind": "school_dropout",
         "id_no": CHILD_ID, "name": "隔离金丝雀", "from": "2020-02-30", "note": "隔离金丝雀"}]
    program.load("people", people)
    program.load("relations", [{"child_ref": "c1", "person_ref": "f1", "relation": "father"}])
    program.ingest(records, expect=1)
    program.load("people", [dict(people[0], address="翡翠街七号之二", name="欧阳知更")])
    fill_accounts(program)
    program.run("tick", "--date", "2024-06-30")
    before_last()
    program.ingest([dict(records[1], note="改正金丝雀"), dict(records[0], value="retracted"),
                    dict(records[3], record_key="canary-key-5")], expect=1)
    assert [r[1] for r in program.screen("2024-06-30")], "nothing was stored at all"
    for file in ("people.csv", "relations.csv", "records.csv", "teams.csv", "accounts.csv"):
        (program.home / file).unlink()  # the inputs are not the database


def fill_accounts(program):
    teams = program.file("teams.csv", csv_text(
        ["team_id", "name", "uscc", "division", "services", "from", "to"],
        [{"team_id": "canary-team-1", "name": "姓名金丝雀"}]))
    accounts = program.file("accounts.csv", csv_text(
        ["account", "name", "role", "division", "department", "team", "phone"],
        [{"account": "canary.account", "name": "账户金丝雀", "role": "helper", "team": "canary-team-1",
          "phone": "13912345673"}]))
    program.run("load", "teams", teams)
    program.run("load", "accounts", accounts)
    program.run("account", "add", "canary.other", "--display", "显示金丝雀")
    program.run("account", "password", "canary.other", stdin=b"canary password\n",
                env={"HUMIAO_ARGON2": "interactive"})
    program.run("account", "totp", "canary.other")
    program.run("account", "post", "canary.other", "--display", "账户金丝雀")


def bytes_of(program):
    """Everything that the program left behind, by name."""
    found = {}
    for folder, _, names in os.walk(program.home):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                found[name] = f.read()
    if program.engine == "postgresql":
        dump = subprocess.run(["pg_dump", "--inserts", "-d", program.url], stdout=subprocess.PIPE,
                              check=True)
        found["dump"] = dump.stdout
    return found


def test_no_sealed_plaintext_on_the_disk(county):
    fill(county)
    found = bytes_of(county)
    assert sum(map(len, found.values())) > 4096
    leaks = [(name, canary) for name, content in found.items() for canary in CANARIES
             for spelling in spellings(canary) if spelling in content]
    assert not leaks


def test_no_sealed_plaintext_while_the_log_is_open(small):
    """A reader keeps the write-ahead log from being folded in; it is searched as it lies."""
    reader = sqlite3.connect(small.database_path())

    def read():
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    fill(small, before_last=read)
    found = bytes_of(small)
    assert len(found.get("county.db-wal", b"")) > 0, "there is no log to be searched"
    leaks = [(name, canary) for name, content in found.items() for canary in CANARIES
             for spelling in spellings(canary) if spelling in content]
    reader.close()
    assert not leaks


def test_the_search_finds_what_is_there():
    """The instrument itself: a canary that is planted in clear is found in every spelling."""
    for canary in CANARIES:
        raw = canary.encode()
        plantings = [raw, canary.encode("utf-16-le"), raw.hex().encode()]
        if len(raw) >= 12:  # fewer letters of base64 would be found by chance
            plantings += [base64.b64encode(b"abc"[:n] + raw + b"tail") for n in range(3)]
        for planted in plantings:
            content = b"\0\1" + planted + b"\2"
            assert any(s in content for s in spellings(canary)), (canary, planted)


def test_equal_values_do_not_look_equal(small):
    """Two persons of one name and address share no sealed bytes: a sealed value tells nothing."""
    rows = [{"ref": f"p{i}", "name": "欧阳金丝雀", "birth_date": "2015-05-10", "address": "翡翠街七号",
             "phone": "13912345671", "hukou_division": "330782001001",
             "residence_division": "330782001001"} for i in range(2)]
    small.load("people", rows)
    db = sqlite3.connect(f"file:{small.database_path()}?mode=ro", uri=True)
    tables = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    blobs = [v for t in tables for row in db.execute(f'SELECT * FROM "{t}"') for v in row
             if isinstance(v, bytes) and len(v) >= 28]
    db.close()
    assert blobs, "nothing is sealed"
    sealed = [b for b in blobs if len(b) > 64]
    assert len(set(sealed)) == len(sealed), "two sealed values are the same"
