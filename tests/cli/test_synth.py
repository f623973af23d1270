"""The synthetic district: the generator's own story against the policies, and the same seed twice."""

import csv
import json

import pytest

from harness import ENGINES, FIXTURES, SCALE, TREE, new_program, scaled, seeded

CHILDREN = 20000 if SCALE >= 1 else scaled(20000, 500)


def divisions():
    """The tree of divisions: the real one where it has been fetched, else the small one beside us."""
    for path in (TREE / "build" / "divisions.csv", FIXTURES / "divisions.csv"):
        if path.exists():
            return path
    pytest.fail("no tree of divisions to build a district on")


def synth(program, children, seed, name):
    out = program.home / name
    program.run("synth", "--children", children, "--seed", seed, "--out", out, "--divisions", divisions())
    return out


def manifest_date(out):
    found = [p for p in out.iterdir() if p.name.startswith("manifest")]
    assert len(found) == 1, sorted(p.name for p in out.iterdir())
    told = json.loads(found[0].read_text())
    return told["options"]["as_of"]


def screened(program, out):
    program.init()
    program.run("load", "divisions", divisions())
    program.run("load", "people", out / "people.csv")
    program.run("load", "relations", out / "relations.csv")
    program.run("ingest", out / "records.csv", expect=(0, 1))
    return program.run("screen", "--as-of", manifest_date(out), "--format", "csv").stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_screen_tells_the_truth(tmp_path, engine):
    program = new_program(tmp_path / "home", engine)
    out = synth(program, CHILDREN, 7, "district")
    truth = (out / "truth.csv").read_text(encoding="utf-8")
    got = screened(program, out)
    rows = list(csv.DictReader(truth.splitlines()))
    assert len({r["category"] for r in rows}) >= 6 and len({r["status"] for r in rows}) == 2, \
        "a truth in which nothing happens proves nothing"
    difference = set(got.splitlines()) ^ set(truth.splitlines())
    assert not difference, sorted(difference)[:10]
    assert got == truth


def test_another_seed_tells_the_truth_too(tmp_path):
    rng = seeded("synth")
    program = new_program(tmp_path / "home", "sqlite")
    out = synth(program, CHILDREN // 4, rng.randrange(1, 1 << 31), "district")
    got, truth = screened(program, out), (out / "truth.csv").read_text(encoding="utf-8")
    difference = set(got.splitlines()) ^ set(truth.splitlines())
    assert not difference, sorted(difference)[:10]


def test_one_seed_is_one_district(bare):
    same = [synth(bare, 400, 11, name) for name in ("one", "two")]
    other = synth(bare, 400, 12, "three")
    names = sorted(p.name for p in same[0].iterdir())
    assert names == sorted(p.name for p in same[1].iterdir())
    for name in names:
        assert (same[0] / name).read_bytes() == (same[1] / name).read_bytes(), name
    assert (other / "people.csv").read_bytes() != (same[0] / "people.csv").read_bytes()


def test_district_is_made_of_nobody(bare):
    """Numbers of the synthetic district are of divisions that do not exist: no real person has one."""
    out = synth(bare, 400, 11, "one")
    with open(out / "people.csv", encoding="utf-8", newline="") as f:
        numbers = [r["id_no"] for r in csv.DictReader(f) if r["id_no"]]
    assert len(numbers) == len(set(numbers)) > 400
    assert {n[:4] for n in numbers} == {"9999"}
