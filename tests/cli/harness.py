"""What the suites share: a fresh database on each engine, and a way to run the program.

The program is met as a stranger meets it: by its command line, its exit status and its output. Nothing
in here reads the program's source or knows its tables.

  HUMIAO_BIN         the program (build/humiao beside this tree unless told)
  HUMIAO_TEST_PG     URL of a PostgreSQL server on which databases may be created; without it the suites
                     run on SQLite alone
  HUMIAO_TEST_SEED   the seed of every random test (a new one each run unless told; always printed)
  HUMIAO_TEST_SCALE  how much to try: 1 is what every change pays for, 10 is a night
"""

import csv
import io
import os
import pathlib
import random
import re
import subprocess
import urllib.parse
import uuid

import pytest

TREE = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = TREE / "tests" / "fixtures"
BIN = pathlib.Path(os.environ.get("HUMIAO_BIN", TREE / "build" / "humiao"))
SERVER = os.environ.get("HUMIAO_TEST_PG", "")
SCALE = float(os.environ.get("HUMIAO_TEST_SCALE", "1"))
ENGINES = ["sqlite"] + (["postgresql"] if SERVER else [])

PEOPLE = ["ref", "id_no", "name", "sex", "birth_date", "hukou_division", "residence_division",
          "residence_since", "address", "phone", "household"]
RELATIONS = ["child_ref", "person_ref", "relation", "from", "to"]
DIVISIONS = ["code", "name", "level", "parent"]
RECORDS = ["record_key", "department", "kind", "id_no", "name", "birth_date", "division", "from", "to",
           "value", "note"]
SCREEN = ["child_ref", "category", "status", "since", "until"]


def scaled(n, least=1):
    """n at scale 1, in proportion elsewhere."""
    return max(least, round(n * SCALE))


def seeded(label, salt=0):
    """A generator for a random test, and its seed printed, so that a failure can be seen again."""
    told = os.environ.get("HUMIAO_TEST_SEED")
    seed = int(told) if told else random.SystemRandom().randrange(1 << 32)
    print(f"{label}: HUMIAO_TEST_SEED={seed}")
    return random.Random(f"{label}/{salt}/{seed}")


def csv_text(columns, rows, bom=False, end="\n"):
    """RFC 4180 text of rows (dicts); a column that a row lacks is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row.get(c, "") for c in columns] for row in rows)
    return ("\ufeff" if bom else "") + out.getvalue()


def csv_rows(text):
    """Rows of CSV text as dicts, read with the strictness of a program that relies on them."""
    assert "\r" not in text, "CSV is written with LF"
    return list(csv.DictReader(io.StringIO(text), strict=True))


def check_digit(first17):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(c) * w for c, w in zip(first17, weights)) % 11]


def id_number(birth, serial, sex="M", division="999901"):
    """A GB 11643 number of a division that does not exist. `birth` is YYYY-MM-DD, serial below 500."""
    order = serial * 2 + (1 if sex == "M" else 0)
    first = division + birth.replace("-", "") + f"{order:03d}"
    return first + check_digit(first)


class Program:
    """The program with a home of its own, and one database unless a call names another."""

    def __init__(self, home, url=None, engine="sqlite"):
        self.home = pathlib.Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.engine = engine
        self.env = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "HUMIAO_LANG": "en",
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self.home),
        }
        for name, value in os.environ.items():
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "PG")):
                self.env[name] = value
        if url:
            self.env["HUMIAO_DB"] = url

    def popen(self, *args, env=None, **more):
        if not BIN.exists():
            pytest.fail(f"no program at {BIN}: build it, or set HUMIAO_BIN")
        return subprocess.Popen([str(BIN), *map(str, args)], env={**self.env, **(env or {})},
                                cwd=self.home, **more)

    def run(self, *args, expect=0, stdin=b"", env=None, timeout=300):
        """Runs a command to its end. `expect` is the exit status, a collection of them, or None."""
        process = self.popen(*args, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        answer = subprocess.CompletedProcess(process.args, process.returncode, out.decode("utf-8"),
                                             err.decode("utf-8"))
        wanted = (expect,) if isinstance(expect, int) else expect
        if wanted is not None and answer.returncode not in wanted:
            pytest.fail(f"{' '.join(answer.args)}\nexit {answer.returncode}, expected {expect}\n"
                        f"--- stdout\n{answer.stdout[:3000]}\n--- stderr\n{answer.stderr[:3000]}",
                        pytrace=False)
        return answer

    def file(self, name, content):
        path = self.home / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def init(self):
        return self.run("init")

    def load(self, kind, rows, *args, columns=None, expect=0, name=None):
        columns = columns or {"people": PEOPLE, "relations": RELATIONS, "divisions": DIVISIONS}[kind]
        path = self.file(name or f"{kind}.csv", csv_text(columns, rows))
        return self.run("load", kind, path, *args, expect=expect)

    def ingest(self, rows, *args, columns=RECORDS, expect=0, name="records.csv"):
        return self.run("ingest", self.file(name, csv_text(columns, rows)), *args, expect=expect)

    def screen(self, as_of, *args):
        """The rows of `screen` as tuples."""
        text = self.run("screen", "--as-of", as_of, "--format", "csv", *args).stdout
        lines = text.split("\n")
        assert lines[0] == ",".join(SCREEN) and lines[-1] == ""
        rows = [tuple(r.values()) for r in csv_rows(text)]
        assert all(len(r) == len(SCREEN) for r in rows)
        return rows

    def database_path(self):
        assert self.engine == "sqlite"
        return pathlib.Path(self.url[len("sqlite:"):])

    def sibling(self, label):
        """A second, empty database on the same engine, with a home of its own."""
        return new_program(self.home.parent / f"{self.home.name}-{label}", self.engine)

    def table_counts(self):
        """Rows of every table: the program's tables are its own affair, their sizes are not.

        But for the journals of attempts, which tell what was tried, also in vain: `delivery`, and the
        audit trail, whose wholeness `audit verify` shows."""
        journals = ("delivery", "audit", "audit_segment")
        return {name: n for name, n in self.all_table_counts().items() if name not in journals}

    def all_table_counts(self):
        if self.engine == "sqlite":
            import sqlite3
            with sqlite3.connect(f"file:{self.database_path()}?mode=ro", uri=True) as db:
                names = [n for (n,) in db.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
                counts = {n: db.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}
            db.close()
            return counts
        names = psql(self.url, "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM "
                               "pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        return {n.split(".")[-1].strip('"'): int(psql(self.url, f"SELECT count(*) FROM {n}")[0])
                for n in names}


def psql(url, statement):
    """Lines of a statement's answer, from PostgreSQL's own client."""
    answer = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


CREATED = []


def new_program(home, engine):
    home = pathlib.Path(home)
    if engine == "sqlite":
        home.mkdir(parents=True, exist_ok=True)
        return Program(home, f"sqlite:{home / 'county.db'}")
    name = "humiao_test_" + uuid.uuid4().hex[:12]
    psql(SERVER, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    CREATED.append(name)
    parts = urllib.parse.urlsplit(SERVER)
    # urlunsplit drops the empty authority of postgresql:///db?host=/socket, so the parts are joined here.
    url = f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
    return Program(home, url, engine)


@pytest.fixture(scope="session", autouse=True)
def databases_dropped():
    yield
    for name in CREATED:
        psql(SERVER, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def bare(tmp_path):
    """The program without a database."""
    return Program(tmp_path / "home")


@pytest.fixture(params=ENGINES)
def blank(request, tmp_path):
    """A place for a database on each engine, not yet initialised."""
    return new_program(tmp_path / "home", request.param)


@pytest.fixture
def county(blank):
    """An initialised, empty database on each engine."""
    blank.init()
    return blank


@pytest.fixture
def small(tmp_path):
    """An initialised, empty database on SQLite, for what does not concern the engine."""
    program = new_program(tmp_path / "home", "sqlite")
    program.init()
    return program


COUNTS = ("accepted", "duplicate", "quarantined", "unlinked")


def counts(answer):
    """The counts that `ingest` tells, whichever side of its word the number stands on."""
    text = answer.stdout + answer.stderr
    found = {}
    for word in COUNTS:
        match = (re.search(rf"\b{word}s?\b[\s:=,]*(\d[\d,]*)", text)
                 or re.search(rf"(\d[\d,]*)\s+(?:records?\s+|rows?\s+)?{word}", text))
        assert match, f"no count of {word} in:\n{text}"
        found[word] = int(match.group(1).replace(",", ""))
    return found


def refused_lines(answer, path):
    """Line numbers of the rows that a command says it refused, from `FILE:LINE...` on stderr."""
    name = re.escape(pathlib.Path(path).name)
    return sorted({int(m.group(1)) for m in re.finditer(rf"{name}:(\d+)", answer.stderr)})
