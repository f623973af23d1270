"""A department's own file by its mapping, a watched folder, a table on the exchange side: the channels of the
command line, and what each does with bad input."""

import hashlib
import os
import pathlib
import subprocess
import time
import urllib.parse
import uuid
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

import pytest

from harness import ENGINES, SERVER, counts, csv_text, id_number, new_program, psql

DEATHS = ["注销编号", "公民身份号码", "姓名", "死亡日期", "状态"]


@pytest.fixture(params=ENGINES)
def program(request, tmp_path):
    program = new_program(tmp_path / "home", request.param)
    program.init()
    return program


def deaths(n, first=0, date="2024/6/{day}"):
    """Rows of the built-in mapping `deaths`, about people whom nobody knows."""
    return [{"注销编号": f"Z{i}", "公民身份号码": id_number("1970-01-01", i), "姓名": f"甲{i}",
             "死亡日期": date.format(day=1 + i % 28), "状态": "有效"} for i in range(first, first + n)]


def text(rows, columns=DEATHS):
    return csv_text(columns, rows)


def workbook(rows, columns=DEATHS):
    """A workbook of one sheet, every cell a text, by hand."""
    lines = [columns] + [[row.get(c, "") for c in columns] for row in rows]
    cells = "".join("<row r=\"%d\">%s</row>" % (r + 1, "".join(
        '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>' % (chr(65 + c), r + 1, escape(cell))
        for c, cell in enumerate(line))) for r, line in enumerate(lines))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml",
                   f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
                   'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
                   '"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxml'
                   'formats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1'
                   '.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
                   '</Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}'
                                  '/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="名单" '
                                      'sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels",
                   f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
                   'Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>')
    return out.getvalue()


def take(program, name, content, *args, expect=0):
    return program.run("ingest", program.file(name, content), "--mapping", "deaths", *args, expect=expect)


def rows_told(answer):
    return int(answer.stdout.split("rows ")[1].split()[0])


# ---- one file, by its mapping ----------------------------------------------------------------------------

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(program, encoding):
    answer = take(program, "a.csv", text(deaths(40)).encode(encoding))
    assert rows_told(answer) == 40 and counts(answer)["unlinked"] == 40


def test_workbook(program):
    answer = take(program, "a.xlsx", workbook(deaths(40)))
    assert rows_told(answer) == 40 and counts(answer)["unlinked"] == 40
    again = take(program, "b.csv", text(deaths(40)))
    assert counts(again)["duplicate"] == 40, "a workbook and a text of the same rows are the same records"


def test_refused_rows_are_named(program):
    rows = deaths(20)
    rows[3]["死亡日期"] = "24/6/3"
    rows[7]["公民身份号码"] = rows[7]["公民身份号码"][:-1] + ("1" if rows[7]["公民身份号码"][-1] != "1" else "2")
    answer = take(program, "a.csv", text(rows), expect=1)
    told = counts(answer)
    assert told["quarantined"] == 2 and told["unlinked"] == 18
    assert "a.csv:5:" in answer.stderr and "死亡日期" in answer.stderr
    assert "a.csv:9:" in answer.stderr
    for row in rows:
        assert row["公民身份号码"] not in answer.stderr and row["姓名"] not in answer.stderr


def test_title_above_and_total_below(program):
    content = "死亡人员名单,,,,\n" + text(deaths(10)) + "合计,10,,,\n制表人：某某,,,,\n"
    answer = take(program, "a.csv", content)
    assert rows_told(answer) == 10 and counts(answer)["unlinked"] == 10


def nothing_changed(program, name, content, *args, expect):
    before = program.all_table_counts()
    answer = take(program, name, content, *args, expect=expect)
    assert program.all_table_counts() == before
    assert not answer.stdout
    return answer


def test_renamed_columns_are_held(program):
    answer = nothing_changed(program, "a.csv", text(deaths(5)).replace("死亡日期", "亡故日"), expect=4)
    assert "HM-4005" in answer.stderr and "死亡日期" in answer.stderr
    nothing_changed(program, "a.csv", text(deaths(5)).replace("死亡日期", "亡故日"), "--allow", "shrunk", expect=4)


def test_shrunk_is_held(program):
    take(program, "a.csv", text(deaths(60)))
    answer = nothing_changed(program, "b.csv", text(deaths(6)), expect=4)
    assert "HM-4005" in answer.stderr
    assert rows_told(take(program, "b.csv", text(deaths(6)), "--allow", "shrunk")) == 6


def test_sensitive_column_is_held(program):
    rows = [dict(row, 联系方式="13800001111") for row in deaths(12)]
    answer = nothing_changed(program, "a.csv", text(rows, DEATHS + ["联系方式"]), expect=4)
    assert "联系方式" in answer.stderr and "13800001111" not in answer.stderr
    take(program, "a.csv", text(rows, DEATHS + ["联系方式"]), "--allow", "sensitive_column")


def test_cut_off_and_not_a_sheet(program):
    book = workbook(deaths(300))
    for part in (0.3, 0.8, 0.99):
        nothing_changed(program, "a.xlsx", book[:int(len(book) * part)], expect=2)
    nothing_changed(program, "a.csv", b"", expect=2)
    program.run("ingest", program.home / "no-such.csv", "--mapping", "deaths", expect=3)
    program.run("ingest", program.home, "--mapping", "deaths", expect=3)


def test_mixed_encodings_in_one_file(program):
    lines = text(deaths(30)).splitlines(keepends=True)
    content = b"".join(line.encode("gb18030" if i == 17 else "utf-8") for i, line in enumerate(lines))
    answer = take(program, "a.csv", content, "--encoding", "utf-8", expect=1)
    told = counts(answer)
    assert told["quarantined"] == 1 and told["unlinked"] == 29


def test_standard_input(program):
    answer = program.run("ingest", "-", "--mapping", "deaths", stdin=text(deaths(15)).encode())
    assert rows_told(answer) == 15


def test_mapping_from_a_file(program):
    """A mapping is tried from its file before it is saved."""
    mapping = (pathlib.Path(__file__).parents[2] / "feeds" / "deaths.yaml").read_text()
    path = program.file("mine.yaml", mapping.replace("feed: deaths", "feed: mine"))
    answer = program.run("ingest", program.file("a.csv", text(deaths(5))), "--mapping", path)
    assert rows_told(answer) == 5
    bad = program.file("bad.yaml", mapping.replace("form: date", "form: dates"))
    answer = program.run("ingest", program.home / "a.csv", "--mapping", bad, expect=2)
    assert "bad.yaml:" in answer.stderr


def test_usage(program):
    path = program.file("a.csv", text(deaths(3)))
    for args in (["ingest"], ["ingest", path, "--folder", program.home], ["ingest", "--exchange", "postgresql:///x"],
                 ["ingest", path, "--mapping", "death"], ["ingest", path, "--mapping", "deaths", "--allow", "all"],
                 ["ingest", path, "--allow", "shrunk"],
                 ["ingest", "--folder", program.home, "--mapping", "deaths"]):
        program.run(*args, expect=2)
    assert "deaths" in program.run("ingest", path, "--mapping", "death", expect=2).stderr


def test_the_same_file_at_once(program):
    """Two processes hand in the same file: each row is in once."""
    path = program.file("a.csv", text(deaths(480)))
    both = [program.popen("ingest", path, "--mapping", "deaths", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert program.table_counts()["record"] == 480
    assert counts(take(program, "a.csv", text(deaths(480))))["duplicate"] == 480


# ---- a watched folder ---------------------------------------------------------------------------------------

def put(program, name, content, age=60):
    path = program.home / "watched" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (time.time() - age,) * 2)
    return path


def watch(program, **more):
    return program.run("ingest", "--folder", program.home / "watched", **more)


def test_folder(program):
    put(program, "deaths/a.csv", text(deaths(30)))
    put(program, "deaths/b.xlsx", workbook(deaths(30, first=30)))
    cut = put(program, "deaths/c.xlsx", workbook(deaths(300))[:3000])
    small = put(program, "deaths/d.csv", text(deaths(2)))
    on_its_way = put(program, "deaths/e.csv.part", text(deaths(2)))
    stranger = put(program, "unheard-of/f.csv", text(deaths(2)))
    answer = watch(program)
    assert "files 4" in answer.stdout
    folder = program.home / "watched" / "deaths"
    assert (folder / "done" / "a.csv").exists() and (folder / "done" / "b.xlsx").exists()
    assert "unlinked 30" in (folder / "done" / "b.xlsx.txt").read_text()
    assert (folder / "rejected" / "c.xlsx").exists() and not cut.exists()
    assert "HM-" not in (folder / "rejected" / "c.xlsx.txt").read_text()
    assert (folder / "held" / "d.csv").exists() and not small.exists()
    assert on_its_way.exists() and stranger.exists()
    assert "unheard-of" in (program.home / "watched" / "unheard-of.txt").read_text()
    assert program.table_counts()["record"] == 60
    assert "files 0" in watch(program).stdout


def test_folder_with_a_digest(program):
    """A file that the network has cut off waits until it is whole."""
    content = text(deaths(30)).encode()
    put(program, "deaths/a.csv.sha256", hashlib.sha256(content).hexdigest() + "  a.csv\n")
    put(program, "deaths/a.csv", content[:len(content) // 2])
    assert "files 0" in watch(program).stdout
    put(program, "deaths/a.csv", content)
    assert "files 1" in watch(program).stdout
    assert program.table_counts()["record"] == 30


def test_folder_follows_no_link(program):
    secret = program.file("secret.csv", text(deaths(5)))
    put(program, "deaths/a.csv", text(deaths(5, first=100)))
    os.symlink(secret, program.home / "watched" / "deaths" / "link.csv")
    os.symlink(program.home, program.home / "watched" / "divorces")
    os.mkfifo(program.home / "watched" / "deaths" / "pipe.csv")
    assert "files 1" in watch(program, timeout=30).stdout
    assert secret.exists() and program.table_counts()["record"] == 5


# ---- a table on the exchange side ---------------------------------------------------------------------------

EXCHANGE = """\
feed: exchanged
title: {zh: 前置库死亡名单, en: Deaths on the exchange side}
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
    """A department's PostgreSQL database with an empty table in it."""
    if not SERVER:
        pytest.skip("no PostgreSQL server")
    name = f"side_{uuid.uuid4().hex[:12]}"
    psql(SERVER, f'CREATE DATABASE "{name}"')
    parts = urllib.parse.urlsplit(SERVER)
    url = f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
    psql(url, "CREATE TABLE swry (id bigint, gxsj timestamp, zxbh text, sfzh text, swrq date)")
    yield url
    psql(SERVER, f'DROP DATABASE "{name}" WITH (FORCE)')


def fill(side, first, count):
    values = ", ".join(f"({i}, now()::timestamp, 'Z{i}', '{id_number('1970-01-01', i)}', '2024-06-01')"
                       for i in range(first, first + count))
    psql(side, f"INSERT INTO swry VALUES {values}")


def test_exchange(program, side):
    mapping = program.file("exchanged.yaml", EXCHANGE)

    def exchange(expect=0):
        return program.run("ingest", "--exchange", side, "--mapping", mapping, expect=expect)

    assert rows_told(exchange()) == 0
    fill(side, 0, 130)
    assert rows_told(exchange()) == 130
    assert rows_told(exchange()) == 0
    fill(side, 200, 7)
    assert rows_told(exchange()) == 7
    assert program.table_counts()["record"] == 137
    assert psql(side, "SELECT count(*) FROM swry") == ["137"], "nothing is written there"
    psql(side, "ALTER TABLE swry ADD COLUMN lxdh text DEFAULT '13800001111'")
    fill_more = "INSERT INTO swry SELECT 300 + g, now()::timestamp, 'Y' || g, NULL, '2024-06-01' FROM generate_series(1, 20) g"
    psql(side, fill_more)
    before = program.all_table_counts()
    answer = exchange(expect=4)
    assert "lxdh" in answer.stderr and "13800001111" not in answer.stderr
    assert program.all_table_counts() == before


def test_exchange_that_is_not_there(program):
    mapping = program.file("exchanged.yaml", EXCHANGE)
    url = "postgresql://somebody:secretword@127.0.0.1:9/nothing"
    answer = program.run("ingest", "--exchange", url, "--mapping", mapping, expect=3)
    assert "secretword" not in answer.stderr and "127.0.0.1" not in answer.stderr
    program.run("ingest", "--exchange", url, "--mapping", "deaths", expect=2)
