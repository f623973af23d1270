#!/usr/bin/python3
"""Measures the ground on a synthetic district, and writes bench/results/ground.md.

Register in, names searched, records in, everybody screened, a month of nights caught up. Each
command of the product runs as a process of its own, as an operator would run it; time is wall-clock
from start to exit, memory the process's greatest resident set as the kernel counted it. Run by
script/bench, which builds first. Standard library only.
"""

import argparse
import csv
import datetime
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys

from common import HUMIAO, MIB, ROOT, Run, finish, machine_table, percentile, table

# What issue and README promise for 570,000 children on two cores: measure, bound, unit, direction.
TARGETS = {
    "load": (60, "s", "at most"),
    "load memory": (1024, "MiB", "at most"),
    "search ready": (10, "s", "at most"),
    "search exact": (5, "ms", "at most"),
    "search contains": (20, "ms", "at most"),
    "search pinyin": (20, "ms", "at most"),
    "ingest sqlite": (5000, "records/s", "at least"),
    "ingest postgresql": (1500, "records/s", "at least"),
    "screen": (5, "s", "at most"),
    "tick": (10, "s", "at most"),
}


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = ROOT / "build" / "bench" / f"ground-{options.children}"
        self.work.mkdir(parents=True, exist_ok=True)
        self.data = self.work / "district"
        self.rows = []          # (measure, target key or None, value, unit, remark)

    def note(self, measure, key, value, unit, remark=""):
        self.rows.append((measure, key, value, unit, remark))

    def humiao(self, database, *arguments, stdin=None, output=None, refused=False):
        """Runs a command; exit status 1, rows refused, is accepted only where it is expected."""
        environment = dict(os.environ, HUMIAO_DB=database, HUMIAO_LANG="en",
                           HUMIAO_TODAY=self.options.date.isoformat(),
                           HUMIAO_KEY_FILE=str(self.work / "master.key"))
        output = output or self.work / f"{arguments[0]}.out"
        run = Run([HUMIAO, *arguments], environment, stdin, output)
        if run.status not in ((0, 1) if refused else (0,)):
            message = pathlib.Path(f"{output}.stderr").read_text(encoding="utf-8", errors="replace")
            raise SystemExit(f"humiao {arguments[0]} ended with {run.status}:\n{message[-2000:]}")
        return run

    # -- the stages --------------------------------------------------------------------------

    def synthesise(self):
        """The district is made once a size; making it is no part of any target."""
        if (self.data / "records.csv").exists():
            return
        part = self.work / "district.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        run = self.humiao("", "synth", "--children", str(self.options.children), "--seed", "1",
                          "--out", part)
        self.note("make the synthetic district", None, run.seconds, "s")
        part.rename(self.data)

    def load(self, database, engine):
        for old in self.work.glob("ground.db*"):
            old.unlink()
        (self.work / "master.key").unlink(missing_ok=True)
        self.humiao(database, "init")
        self.humiao(database, "load", "divisions", ROOT / "build" / "divisions.csv")
        runs = [self.humiao(database, "load", kind, self.data / f"{kind}.csv", refused=True)
                for kind in ("people", "relations")]
        seconds = sum(run.seconds for run in runs)
        people = count_rows(self.data / "people.csv")
        kin = count_rows(self.data / "relations.csv")
        key = "load" if engine == "sqlite" else None
        self.note(f"load people and kin, {engine}", key, seconds, "s",
                  f"{people:,} people, {kin:,} relations; {sum(run.cpu for run in runs):.1f} s of processor")
        self.note(f"memory while loading, {engine}", "load memory" if key else None,
                  max(run.mebibytes for run in runs), "MiB")

    def search(self, database):
        queries = self.work / "queries.tsv"
        sorts = write_queries(self.data / "people.csv", queries, self.options.queries)
        answers = self.work / "search.out"
        with open(queries, "rb") as stdin:
            run = self.humiao(database, "search", "--timing", "-", stdin=stdin, output=answers)
        ready = ready_milliseconds(pathlib.Path(f"{answers}.stderr"))
        self.note("search ready after start", "search ready", ready / 1000, "s",
                  f"{run.mebibytes:.0f} MiB resident")
        answered = [line.split("\t") for line in answers.read_text(encoding="utf-8").splitlines()]
        for sort, (_, _, key) in SEARCHES.items():
            mine = [answer for asked, answer in zip(sorts, answered, strict=True) if asked == sort]
            taken = sorted(int(microseconds) / 1000 for _, microseconds, _ in mine)
            matches = statistics.median(int(found) for _, _, found in mine)
            self.note(f"search by name, {sort}, p95", key, percentile(taken, 95), "ms",
                      f"{len(taken):,} queries, median {percentile(taken, 50):.2f} ms, "
                      f"worst {taken[-1]:.2f} ms, median {matches:.0f} matches")

    def ingest(self, database, engine, limit):
        records = self.work / f"records-{engine}.csv"
        count = copy_rows(self.data / "records.csv", records, limit)
        run = self.humiao(database, "ingest", records, refused=True)
        self.note(f"ingest with re-evaluation, {engine}", f"ingest {engine}", count / run.seconds,
                  "records/s", f"{count:,} records in {run.seconds:.1f} s, {run.cpu:.1f} s of processor, "
                  f"{run.mebibytes:.0f} MiB")

    def screen(self, database, engine):
        run = self.humiao(database, "screen", "--as-of", self.options.date.isoformat(),
                          "--format", "csv", output=self.work / "screen.csv")
        rows = count_rows(self.work / "screen.csv")
        self.note(f"screen everybody, cold process, {engine}", "screen" if engine == "sqlite" else None,
                  run.seconds, "s", f"{rows:,} rows, {run.cpu:.1f} s of processor, {run.mebibytes:.0f} MiB")

    def tick(self, database, engine):
        first = self.options.date
        last = first + datetime.timedelta(days=31)
        run = self.humiao(database, "tick", "--date", first.isoformat())
        self.note(f"first tick, {engine}", None, run.seconds, "s", "judges everybody once")
        run = self.humiao(database, "tick", "--date", last.isoformat())
        self.note(f"tick over 31 missed days, {engine}", "tick" if engine == "sqlite" else None,
                  run.seconds, "s",
                  f"{run.cpu:.1f} s of processor, {run.mebibytes:.0f} MiB")

    def sqlite(self):
        path = self.work / "ground.db"
        database = f"sqlite:{path}"
        self.load(database, "sqlite")
        self.search(database)
        self.ingest(database, "sqlite", self.options.records)
        self.screen(database, "sqlite")
        self.tick(database, "sqlite")
        size = sum(f.stat().st_size for f in self.work.glob("ground.db*"))
        self.note("database file", None, size / MIB, "MiB")

    def postgresql(self):
        """On a server of its own, which is made durable: the tests' one is told not to wait for the disk."""
        server = [ROOT / "script" / "postgres-test"]
        place = f"/tmp/humiao-bench-{os.getuid()}"
        subprocess.run([*server, "start", place], check=True, stdout=sys.stderr)
        try:
            url = subprocess.run([*server, "url", place], check=True, stdout=subprocess.PIPE,
                                 text=True).stdout.strip()
            # Durable, and set up as docs/operators/postgresql.md advises.
            durable = ["fsync = on", "full_page_writes = on", "synchronous_commit = on",
                       "wal_compression = lz4", "max_wal_size = '8GB'", "checkpoint_timeout = '30min'"]
            subprocess.run(["psql", "-XqAt", "-d", url, "-v", "ON_ERROR_STOP=1",
                            *(f"-cALTER SYSTEM SET {setting}" for setting in durable),
                            "-cSELECT pg_reload_conf()"], check=True, stdout=subprocess.DEVNULL)
            self.load(url, "postgresql")
            self.ingest(url, "postgresql", self.options.records_postgresql)
            self.screen(url, "postgresql")
            self.tick(url, "postgresql")
        finally:
            subprocess.run([*server, "stop", place], check=False, stdout=sys.stderr)


# What is asked: `humiao search`'s mode, how a query is made of a name and its syllables, and the target.
SEARCHES = {
    "exact": ("exact", lambda name, syllables: name, "search exact"),
    "contains": ("name", lambda name, syllables: name[1:] or name, "search contains"),
    "pinyin": ("pinyin", lambda name, syllables: "".join(syllables), "search pinyin"),
    "initials": ("pinyin", lambda name, syllables: "".join(s[0] for s in syllables), "search pinyin"),
}


def write_queries(people, path, count):
    """`count` queries of each sort, from names drawn evenly over the register; always the same ones.
    Returns the sort of each line."""
    names = column(people, "name")
    chooser = random.Random(1)
    drawn = [chooser.choice(names) for _ in range(count)]
    readings = subprocess.run(
        ["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Han-Latin/Names; Latin-ASCII; Lower"],
        input="\n".join(drawn) + "\n", stdout=subprocess.PIPE, check=True,
        encoding="utf-8").stdout.splitlines()
    sorts = []
    with open(path, "w", encoding="utf-8") as out:
        for name, reading in zip(drawn, readings, strict=True):
            for sort, (mode, make, _) in SEARCHES.items():
                out.write(f"{mode}\t{make(name, reading.split())}\n")
                sorts.append(sort)
    return sorts


def column(path, name):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file) if row[name]]


def count_rows(path):
    """Lines below the header; the synthetic files have no line break inside a cell."""
    with open(path, "rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(MIB), b"")) - 1


def copy_rows(source, target, limit):
    """The header and the first `limit` rows (all where it is None); returns how many rows."""
    count = -1
    with open(source, "rb") as rows, open(target, "wb") as out:
        for line in rows:
            if limit is not None and count >= limit:
                break
            out.write(line)
            count += 1
    return count


def ready_milliseconds(path):
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if "ready" in words and "ms" in words:
            return float(words[words.index("ms") - 1])
    raise SystemExit(f"{path}: no 'ready in N ms'")


def page(bench, options):
    lines = ["# Ground", "",
             f"{options.children:,} children, judged on {options.date}. Targets hold for 570,000 children on two cores.",
             "", f"    {options.command}", "", *table(bench.rows, TARGETS), "", *machine_table(), "",
             "Time is wall-clock of the whole process; memory its greatest resident set. Search runs over",
             "one process's standard input; its times are the process's own, per query. Files are",
             "read from the page cache, as they are after having just been written.", ""]
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--children", type=int, default=570_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--records", type=int, help="records to ingest on SQLite (default: all)")
    parser.add_argument("--records-postgresql", type=int, default=50_000,
                        help="records to ingest on PostgreSQL (default: 50,000)")
    parser.add_argument("--queries", type=int, default=1_000, help="search queries a mode")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date(2026, 6, 30),
                        help="the day that is judged (default: that of the district)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "bench" / "results" / "ground.md")
    parser.add_argument("--command", default="script/bench ground", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    bench = Bench(options)
    bench.synthesise()
    if options.engine in ("sqlite", "both"):
        bench.sqlite()
    if options.engine in ("postgresql", "both"):
        bench.postgresql()
    return finish(bench.rows, TARGETS, page(bench, options), options)


if __name__ == "__main__":
    sys.exit(main())
