"""kill -9 at any moment: nothing acknowledged is lost, nothing is doubled, and a restart carries on.

Each test does a job once undisturbed, and again on a second database with the program killed at random
moments until it is let through. The two databases must then answer alike, and hold as many rows in every
table: a row lost or doubled anywhere shows as a count.
"""

import contextlib
import os
import signal
import subprocess
import time

import pytest

from families import District
from harness import (ENGINES, RECORDS, TREE, counts, csv_rows, csv_text, PEOPLE, RELATIONS, new_program, scaled,
                     seeded)

KILLS = scaled(7)
DATES = ("2012-02-29", "2020-03-01", "2024-06-30")


@pytest.fixture(params=ENGINES)
def pair(request, tmp_path):
    """Two databases on one engine: one is left in peace."""
    programs = [new_program(tmp_path / name, request.param) for name in ("peace", "war")]
    for program in programs:
        program.init()
    return programs


def files(program, district):
    return {"people": program.file("people.csv", csv_text(PEOPLE, district.people)),
            "relations": program.file("relations.csv", csv_text(RELATIONS, district.relations)),
            "records": program.file("records.csv", csv_text(RECORDS, district.records))}


def undisturbed(program, *args, expect=0):
    begun = time.monotonic()
    answer = program.run(*args, expect=expect)
    return time.monotonic() - begun, answer


def killed(program, delay, *args):
    """Starts a command and kills it after a delay; whether it was still at work. A run that has told its
    totals has done its work, killed or not: nobody would run it again."""
    process = program.popen(*args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL)
    try:
        told, _ = process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate()
    assert process.returncode in (-signal.SIGKILL, 0, 1), process.returncode
    return process.returncode == -signal.SIGKILL and not told.endswith(b"\n")


def besiege(rng, program, length, *args, reach=0.9, between=lambda: None):
    """Kills a command at random moments of its undisturbed length, up to `reach` of it, and lets it
    through in the end: once, since a file that has been taken wholly is a new file when it comes again.
    The moments come later and later, the first in the first third: a run that happens to be quicker than
    the undisturbed one ends the siege, and not before a kill has struck."""
    struck = 0
    moments = [rng.uniform(0.02, min(0.3, reach))] + [rng.uniform(0.02, reach) for _ in range(KILLS - 1)]
    for moment in sorted(moments):
        if not killed(program, moment * length, *args):
            break
        struck += 1
        between()
    else:
        program.run(*args, expect=(0, 1))
    assert struck, f"no kill struck in {length:.2f} s: the test has lost its grip"


def alike(peace, war):
    for as_of in DATES:
        assert war.screen(as_of) == peace.screen(as_of), f"as of {as_of}"
    assert war.table_counts() == peace.table_counts()
    for program in (peace, war):
        program.run("audit", "verify")


def test_killed_while_loading(pair):
    rng = seeded("kill load")
    peace, war = pair
    district = District(rng, 1200)
    calm, rough = files(peace, district), files(war, district)
    for kind in ("people", "relations"):
        length, _ = undisturbed(peace, "load", kind, calm[kind])
        besiege(rng, war, length, "load", kind, rough[kind], between=lambda: war.screen("2020-01-01"))
    alike(peace, war)


def test_load_is_whole_or_nothing(pair):
    """A killed load has changed nothing, or everything: 'Nothing half-done'."""
    rng = seeded("kill load whole")
    peace, war = pair
    district = District(rng, 600)
    calm, rough = files(peace, district), files(war, district)
    length, _ = undisturbed(peace, "load", "people", calm["people"])
    nothing, everything = war.table_counts(), peace.table_counts()
    for _ in range(KILLS):
        killed(war, rng.uniform(0.02, 0.98) * length, "load", "people", rough["people"])
        assert war.table_counts() in (nothing, everything)
        war.run("audit", "verify")


def test_killed_while_ingesting(pair):
    """Whole records only, and never fewer than before: each is in once, whatever was cut short."""
    rng = seeded("kill ingest")
    peace, war = pair
    district = District(rng, 1200)
    calm, rough = files(peace, district), files(war, district)
    for program, paths in ((peace, calm), (war, rough)):
        program.run("load", "people", paths["people"])
        program.run("load", "relations", paths["relations"])
    length, _ = undisturbed(peace, "ingest", calm["records"], expect=(0, 1))
    seen = [war.table_counts()]

    def never_fewer():
        now = war.table_counts()
        fewer = {t: (seen[-1][t], n) for t, n in now.items() if n < seen[-1].get(t, 0)}
        assert not fewer, f"rows are gone: {fewer}"
        seen.append(now)

    # Each run carries on where the last was killed, so that together they come to the end of the file and
    # past it: to the moment between the last commit and the exit.
    besiege(rng, war, length, "ingest", rough["records"], reach=0.4, between=never_fewer)
    assert len({tuple(s.items()) for s in seen}) > 1, "a killed run leaves nothing behind: it is not resumed"
    alike(peace, war)
    # The whole file once more, on both: every record is known to both alike.
    again = [counts(p.run("ingest", f["records"], expect=(0, 1))) for p, f in ((peace, calm), (war, rough))]
    assert again[0] == again[1]
    alike(peace, war)


ALERTING = {line.split()[0] for line in (TREE / "policies" / "alerts.table").read_text().splitlines()
            if line.strip() and not line.startswith("#")}


def test_no_change_without_its_alert(pair):
    """After the first tick each change goes with what it sets in motion: at whatever moment ingest is killed,
    the children in a category that raises alerts are those who have one, and nobody else."""
    rng = seeded("kill alerts")
    peace, war = pair
    district = District(rng, 1200)
    calm, rough = files(peace, district), files(war, district)
    for program, paths in ((peace, calm), (war, rough)):
        program.run("load", "people", paths["people"])
        program.run("load", "relations", paths["relations"])
        program.run("tick", "--date", DATES[1])
    length, _ = undisturbed(peace, "ingest", calm["records"], expect=(0, 1))

    def each_has_one(program=war):
        held = {child for child, category, status, *_ in program.screen(DATES[1])
                if status == "holds" and category in ALERTING}
        rows = csv_rows(program.run("alerts", "--format", "csv").stdout)
        assert len(rows) == len({r["child_ref"] for r in rows}), "a child has two threads"
        assert {r["child_ref"] for r in rows} == held

    each_has_one(peace)
    besiege(rng, war, length, "ingest", rough["records"], reach=0.4, between=each_has_one)
    each_has_one()
    alike(peace, war)


def test_killed_before_its_totals_are_told(pair):
    """All rows are stored, and nobody was told: the next run tells the same totals and adds nothing."""
    rng = seeded("kill totals")
    peace, war = pair
    district = District(rng, 60)
    calm, rough = files(peace, district), files(war, district)
    for program, paths in ((peace, calm), (war, rough)):
        program.run("load", "people", paths["people"])
        program.run("load", "relations", paths["relations"])
    told = counts(peace.run("ingest", calm["records"], expect=(0, 1)))
    # Standard output is a pipe that is full, so that telling blocks after the last commit.
    read, write = os.pipe()
    os.set_blocking(write, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(write, b"x" * 512)
    os.set_blocking(write, True)
    process = war.popen("ingest", rough["records"], stdin=subprocess.DEVNULL, stdout=write,
                        stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while war.table_counts() != peace.table_counts() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.poll() is None, "the command ended although its totals cannot be told"
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(read)
    os.close(write)
    alike(peace, war)
    assert counts(war.run("ingest", rough["records"], expect=(0, 1))) == told
    alike(peace, war)


def test_killed_while_ticking(pair):
    rng = seeded("kill tick")
    peace, war = pair
    district = District(rng, 1200)
    calm, rough = files(peace, district), files(war, district)
    for program, paths in ((peace, calm), (war, rough)):
        for kind in ("people", "relations"):
            program.run("load", kind, paths[kind])
        program.run("ingest", paths["records"], expect=(0, 1))
        program.run("tick", "--date", "2012-01-01")
    length, _ = undisturbed(peace, "tick", "--date", "2027-06-30")
    besiege(rng, war, length, "tick", "--date", "2027-06-30")
    alike(peace, war)
    before = war.table_counts()
    again = war.run("tick", "--date", "2027-06-30")
    assert war.table_counts() == before, again.stdout + again.stderr


def test_killed_while_initialising(tmp_path, request):
    for engine in ENGINES:
        rng = seeded(f"kill init {engine}")
        calm = new_program(tmp_path / f"calm-{engine}", engine)
        length, _ = undisturbed(calm, "init")
        for turn in range(KILLS):
            program = new_program(tmp_path / f"{engine}{turn}", engine)
            killed(program, rng.uniform(0.02, 0.98) * length, "init")
            program.init()
            assert program.table_counts() == calm.table_counts()
            program.run("audit", "verify")
            program.load("people", District(rng, 2).people)
