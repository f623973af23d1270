"""kill -9 at any moment of a delivery, whatever its channel: nothing lost, nothing doubled, and the next run
carries on. As in test_kill.py: once in peace, once besieged, and both must then hold the same."""

import os
import subprocess
import time
import urllib.parse
import uuid

import pytest

from families import District
from harness import ENGINES, SERVER, counts, csv_text, id_number, new_program, psql, seeded
from test_kill import ALERTING, alike, besiege, killed, undisturbed

COLUMNS = ["注销编号", "公民身份号码", "姓名", "死亡日期", "状态"]
ROWS = 1800


@pytest.fixture(params=ENGINES)
def pair(request, tmp_path):
    programs = [new_program(tmp_path / name, request.param) for name in ("peace", "war")]
    for program in programs:
        program.init()
    return programs


def rows(rng, district):
    """Deaths of fathers of the register, of strangers, and some that no mapping can read.

    How many rows a transaction takes depends on how long the last one took, and a child whose two parents die
    in two transactions has one change of verdict more than in one: so nobody dies twice, and no mother does."""
    fathers = {r["person_ref"] for r in district.relations if r["relation"] == "father"}
    known = [p["id_no"] for p in district.people if p["ref"] in fathers and p.get("id_no")]
    rng.shuffle(known)
    list_ = []
    for i in range(ROWS):
        number = known.pop() if known and rng.random() < 0.3 else id_number("1970-01-01", i % 499)
        day = "soon" if rng.random() < 0.02 else f"2024/{rng.randint(1, 12)}/{rng.randint(1, 28)}"
        list_.append({"注销编号": f"Z{i}", "公民身份号码": number, "姓名": "", "死亡日期": day, "状态": "有效"})
    return list_


def peopled(rng, *programs):
    district = District(rng, 150)
    for program in programs:
        program.load("people", district.people)
        program.load("relations", district.relations)
        program.run("tick", "--date", "2024-06-30")
    return district


def test_killed_while_a_delivery_runs(pair):
    rng = seeded("kill delivery")
    peace, war = pair
    list_ = rows(rng, peopled(rng, peace, war))
    paths = [p.file("deaths.csv", csv_text(COLUMNS, list_)) for p in (peace, war)]
    length, told = undisturbed(peace, "ingest", paths[0], "--mapping", "deaths", expect=(0, 1))
    seen = [war.table_counts()]

    def never_fewer():
        now = war.table_counts()
        fewer = {t: (seen[-1][t], n) for t, n in now.items() if n < seen[-1].get(t, 0)}
        assert not fewer, f"rows are gone: {fewer}"
        seen.append(now)

    besiege(rng, war, length, "ingest", paths[1], "--mapping", "deaths", reach=0.6, between=never_fewer)
    alike(peace, war)
    again = [counts(p.run("ingest", path, "--mapping", "deaths", expect=(0, 1)))
             for p, path in zip((peace, war), paths)]
    assert again[0] == again[1]
    assert again[0]["duplicate"] == counts(told)["accepted"] + counts(told)["unlinked"] + counts(told)["duplicate"]
    alike(peace, war)


def put(program, name, content):
    path = program.home / "watched" / "deaths" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (time.time() - 60,) * 2)


def test_killed_while_a_folder_is_read(pair):
    """Each file ends in done/ once, with its report; no row is in twice, no delivery is told of as two."""
    rng = seeded("kill folder")
    peace, war = pair
    list_ = rows(rng, peopled(rng, peace, war))
    for program in pair:
        for i in range(6):
            put(program, f"{i}.csv", csv_text(COLUMNS, list_[i * 300:(i + 1) * 300]))
    folders = [p.home / "watched" for p in pair]
    length, _ = undisturbed(peace, "ingest", "--folder", folders[0])
    besiege(rng, war, length, "ingest", "--folder", folders[1], reach=0.6)
    while any(p.is_file() for p in (folders[1] / "deaths").iterdir()):
        war.run("ingest", "--folder", folders[1])
    war.run("ingest", "--folder", folders[1])
    alike(peace, war)
    for folder in folders:
        done = sorted(p.name for p in (folder / "deaths" / "done").iterdir())
        assert done == sorted([f"{i}.csv" for i in range(6)] + [f"{i}.csv.txt" for i in range(6)])
    reports = [[(f / "deaths" / "done" / f"{i}.csv.txt").read_text().split("\n\n")[1].strip() for i in range(6)]
               for f in folders]
    assert reports[0] == reports[1]
    assert peace.all_table_counts()["delivery"] == war.all_table_counts()["delivery"]


MAPPING = """\
feed: exchanged
title: {zh: 前置库, en: Exchange}
department: public_security
columns:
  key: {named: [zxbh]}
  id_no: {named: [sfzh], form: id_number}
  died: {named: [swrq], form: date}
ignore: [gxsj, id]
exchange: {table: swry, cursor: [gxsj, id]}
records:
  - kind: dead
    record_key: "{key}"
    id_no: "{id_no}"
    from: "{died}"
    value: natural
"""


@pytest.fixture
def side():
    if not SERVER:
        pytest.skip("no PostgreSQL server")
    name = f"side_{uuid.uuid4().hex[:12]}"
    psql(SERVER, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    parts = urllib.parse.urlsplit(SERVER)
    yield f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
    psql(SERVER, f"DROP DATABASE {name} WITH (FORCE)")


def test_killed_while_a_table_is_read(pair, side):
    """The cursor moves with the rows: each is taken once."""
    rng = seeded("kill exchange")
    peace, war = pair
    list_ = rows(rng, peopled(rng, peace, war))
    values = ", ".join(f"({i}, now()::timestamp, '{r['注销编号']}', '{r['公民身份号码']}', '{r['死亡日期']}')"
                       for i, r in enumerate(list_))
    psql(side, "CREATE TABLE swry (id bigint, gxsj timestamp, zxbh text, sfzh text, swrq text)")
    psql(side, f"INSERT INTO swry VALUES {values}")
    mappings = [p.file("exchanged.yaml", MAPPING) for p in pair]
    length, told = undisturbed(peace, "ingest", "--exchange", side, "--mapping", mappings[0], expect=(0, 1))
    besiege(rng, war, length, "ingest", "--exchange", side, "--mapping", mappings[1], reach=0.6)
    left = counts(war.run("ingest", "--exchange", side, "--mapping", mappings[1], expect=(0, 1)))
    assert sum(left.values()) == 0
    alike(peace, war)
    assert f"rows {ROWS}" in told.stdout


def test_two_at_once_and_one_is_killed(pair):
    """The same file by two processes, of which one dies: the other brings it to its end."""
    rng = seeded("kill one of two")
    peace, war = pair
    list_ = rows(rng, peopled(rng, peace, war))
    paths = [p.file("deaths.csv", csv_text(COLUMNS, list_)) for p in (peace, war)]
    length, _ = undisturbed(peace, "ingest", paths[0], "--mapping", "deaths", expect=(0, 1))
    other = war.popen("ingest", paths[1], "--mapping", "deaths", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                      stderr=subprocess.DEVNULL)
    killed(war, rng.uniform(0.2, 0.6) * length, "ingest", paths[1], "--mapping", "deaths")
    out, _ = other.communicate(timeout=300)
    assert other.returncode in (0, 1) and f"rows {ROWS}" in out.decode()
    alike(peace, war)
    held = {child for child, category, status, *_ in war.screen("2024-06-30")
            if status == "holds" and category in ALERTING}
    assert held, "the test has lost its grip: nobody's death changes anything"
