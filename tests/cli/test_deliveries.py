"""What departments really send: lists in their own columns, codes and encodings, each taken in through its mapping, and
the same records in the contract's own form. Both must come to the same verdicts."""

import csv

import pytest

from harness import ENGINES, FIXTURES, SCALE, TREE, counts, id_number, new_program, scaled, seeded

CHILDREN = 3000 if SCALE >= 1 else scaled(3000, 400)


def divisions():
    path = TREE / "build" / "divisions.csv"
    return path if path.exists() else FIXTURES / "divisions.csv"


def synth(program, name, seed, *more, children=CHILDREN):
    out = program.home / name
    program.run("synth", "--children", children, "--seed", seed, "--misfortune", 6, "--out", out, "--divisions",
                divisions(), *more)
    return out


def district(home, engine, out):
    program = new_program(home, engine)
    program.init()
    program.run("load", "divisions", out / "divisions.csv")
    program.run("load", "people", out / "people.csv")
    program.run("load", "relations", out / "relations.csv")
    return program


def expected(out):
    with open(out / "deliveries" / "expected.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, strict=True))
    return [{k: v if k in ("feed", "file") else int(v) for k, v in row.items()} for row in rows]


def screened(program):
    return program.run("screen", "--as-of", "2026-06-30", "--format", "csv").stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_deliveries_come_to_the_same_verdicts(tmp_path, engine):
    seed = seeded("deliveries").randrange(1, 1 << 31)
    program = new_program(tmp_path / "maker", "sqlite")
    out = synth(program, "district", seed, "--deliveries")
    through = district(tmp_path / "through", engine, out)
    rows = quarantined = 0
    for list_ in expected(out):
        if list_["rows"] == 0:
            continue
        answer = through.run("ingest", out / "deliveries" / list_["file"], "--mapping", list_["feed"],
                             expect=1 if list_["quarantined"] else 0)
        assert counts(answer) == {k: list_[k] for k in ("accepted", "duplicate", "quarantined", "unlinked")}, \
            list_["feed"]
        rows += list_["rows"]
        quarantined += list_["quarantined"]
    assert rows > CHILDREN / 2 and 0 < quarantined < rows / 20, "a story without lists proves nothing"

    plain = district(tmp_path / "plain", engine, out)
    answer = plain.run("ingest", out / "deliveries" / "records.csv")
    told = counts(answer)
    assert told["quarantined"] == 0
    for name in ("accepted", "duplicate", "unlinked"):
        assert told[name] == sum(list_[name] for list_ in expected(out)), name
    verdicts = screened(plain)
    assert len(verdicts.splitlines()) > 30
    difference = set(verdicts.splitlines()) ^ set(screened(through).splitlines())
    assert not difference, sorted(difference)[:10]


def test_a_correction_to_an_earlier_day_replaces(tmp_path):
    """Of the same list and number the last word counts, whichever day it names; a release counts before every admission."""
    program = new_program(tmp_path, "sqlite")
    program.init()
    program.run("load", "divisions", FIXTURES / "divisions.csv")
    with open(FIXTURES / "divisions.csv", encoding="utf-8", newline="") as f:
        village = next(row["code"] for row in csv.DictReader(f) if row["level"] == "village")
    number, child = id_number("1985-02-28", 3, "M"), id_number("2018-02-28", 5, "M")
    program.run("load", "people", program.file("people.csv", (
        "ref,id_no,name,sex,birth_date,hukou_division,residence_division,residence_since,address,phone\n"
        f"f1,{number},某甲,M,1985-02-28,{village},{village},,,\nc1,{child},某乙,M,2018-02-28,{village},{village},,,\n")))
    program.run("load", "relations", program.file(
        "relations.csv", "child_ref,person_ref,relation,from,to\nc1,f1,adoptive_father,2018-02-28,\n"))

    def since(mapping, header, row):
        program.run("ingest", program.file("list.csv", f"{header}\nK1,{number},{row}\n"), "--mapping", mapping)
        found = [line.split(",") for line in program.run(
            "screen", "--as-of", "2024-10-30", "--format", "csv").stdout.splitlines()]
        return [(line[3], line[4]) for line in found if line[:3] == ["c1", "de_facto_unattended", "holds"]]

    admitted, released = "入监编号,身份证号,入监日期,刑期,刑期止日", "入监编号,身份证号,入监日期,释放日期"
    assert since("prison-admissions", admitted, "2024-03-15,3年,2027-03-14") == [("2024-03-15", "2027-03-15")]
    assert since("prison-admissions", admitted, "2024-03-05,3年,2027-03-04") == [("2024-03-05", "2027-03-05")]
    assert since("prison-releases", released, "2024-03-05,2025-06-10") == [("2024-03-05", "2025-06-10")]
    assert since("prison-releases", released, "2024-03-05,2025-06-01") == [("2024-03-05", "2025-06-01")]
    assert since("prison-admissions", admitted, "2024-03-06,3年,2027-03-05") == [("2024-03-05", "2025-06-01")]


def test_every_mapping_has_a_list(bare):
    out = synth(bare, "district", 5, "--deliveries", children=400)
    assert {p.stem for p in (TREE / "feeds").glob("*.yaml")} == {list_["feed"] for list_ in expected(out)}


def test_one_seed_is_one_set_of_lists(bare):
    one, two, other, without = (synth(bare, name, seed, *more, children=600) for name, seed, more in (
        ("one", 11, ["--deliveries"]), ("two", 11, ["--deliveries"]), ("other", 12, ["--deliveries"]),
        ("without", 11, [])))
    lists = sorted(p.name for p in (one / "deliveries").iterdir())
    assert lists == sorted(p.name for p in (two / "deliveries").iterdir())
    assert not [name for name in lists if name.endswith(".part")]
    for name in lists:
        assert (one / "deliveries" / name).read_bytes() == (two / "deliveries" / name).read_bytes(), name
    assert (one / "deliveries" / "records.csv").read_bytes() != (other / "deliveries" / "records.csv").read_bytes()
    plain = sorted(p.name for p in without.iterdir())
    assert "deliveries" not in plain
    for name in plain:
        assert (one / name).read_bytes() == (without / name).read_bytes(), name


def test_lists_are_as_departments_write_them(bare):
    """Encodings, title lines, days in several hands: what the mappings are for is really there."""
    out = synth(bare, "district", 7, "--deliveries") / "deliveries"
    files = {p.name: p.read_bytes() for p in out.iterdir()}
    books = [b for name, b in files.items() if name.endswith(".xlsx")]
    assert len(books) >= 6 and all(b.startswith(b"PK") for b in books)
    texts = {name: b for name, b in files.items() if name.endswith(".csv") and name not in ("records.csv", "expected.csv")}
    utf8 = {name for name, b in texts.items() if b.startswith(b"\xef\xbb\xbf")}
    gb = set(texts) - utf8
    assert len(utf8) >= 3 and len(gb) >= 3
    deaths = files["deaths.csv"].decode("gb18030")
    assert deaths.rstrip().splitlines()[-1].startswith("合计")
    for mark in ("年", "/", ".", "二〇", "２０"):
        assert mark in deaths, mark
    low = files["low-income-edge.csv"].decode("gb18030").splitlines()
    assert "名册" in low[0] and ("身份证号" in low[1] or "公民身份号码" in low[1])
    assert "录入批次" in low[1], "a column that no mapping knows"


def suggested(program, path, *more):
    """The mapping that the assistant suggests, as a file, and what it says of its reasons."""
    answer = program.run("feed", "suggest", path, *more)
    mapping = program.home / (path.stem + "-suggested.yaml")
    mapping.write_text(answer.stdout, encoding="utf-8")
    return mapping, answer.stderr


def test_a_suggested_mapping_takes_the_list_in(tmp_path):
    """What the assistant makes of a list that it is shown does with its rows what the mapping of experts does."""
    seed = seeded("suggested").randrange(1, 1 << 31)
    out = synth(new_program(tmp_path / "maker", "sqlite"), "district", seed, "--deliveries")
    program = district(tmp_path / "home", "sqlite", out)
    for list_ in expected(out):
        if list_["feed"] not in ("low-income", "low-income-edge", "lost-contact", "school-suspensions"):
            continue
        mapping, why = suggested(program, out / "deliveries" / list_["file"], "--name", "by-hand-" + list_["feed"])
        assert "id_no" in why and "name" in why
        program.run("feed", "check", mapping)
        answer = program.run("ingest", out / "deliveries" / list_["file"], "--mapping", mapping, expect=(0, 1))
        assert counts(answer) == {k: list_[k] for k in ("accepted", "duplicate", "quarantined", "unlinked")}, \
            list_["feed"] + "\n" + mapping.read_text(encoding="utf-8")


def test_a_sensitive_column_that_nobody_decided_stops_the_list(tmp_path):
    out = synth(new_program(tmp_path / "maker", "sqlite"), "district", 7, "--deliveries")
    program = district(tmp_path / "home", "sqlite", out)
    path = out / "deliveries" / "disability-certificates.xlsx"
    mapping, why = suggested(program, path)
    text = mapping.read_text(encoding="utf-8")
    assert "联系电话" in why and "联系电话" not in text
    answer = program.run("ingest", path, "--mapping", mapping, expect=4)
    assert "联系电话" in answer.stderr
    mapping.write_text(text.replace("ignore: [", "ignore: [联系电话, "), encoding="utf-8")
    program.run("ingest", path, "--mapping", mapping, expect=(0, 1))


def test_preview_shows_records_and_errors_in_place(bare):
    out = synth(bare, "district", 7, "--deliveries")
    answer = bare.run("feed", "suggest", out / "deliveries" / "deaths.csv", "--preview", 100)
    rows = list(csv.DictReader(answer.stdout.splitlines(), strict=True))
    assert 50 < len(rows) <= 100
    good = [r for r in rows if not r["error"]]
    assert len(good) > 0.9 * len(rows)
    assert all(r["kind"] == "dead" and r["value"] == "natural" and r["from"][4] == "-" for r in good)


def test_two_rows_of_names_are_told(bare):
    path = bare.home
    path.mkdir(parents=True, exist_ok=True)
    book = path / "two.csv"
    book.write_text("登记编号,男方,,登记日期\n,姓名,身份证号,\nA1,王明,999999198001010015,2024-06-30\n", encoding="utf-8")
    answer = bare.run("feed", "suggest", book, expect=2)
    assert "two rows, 1 and 2" in answer.stderr and not answer.stdout
