#!/usr/bin/python3
"""Measures the loop on a synthetic district, and writes bench/results/loop.md.

How long a department waits for the answer to a record, pushed singly by the clock, when the answer means that the
child's alert is in the director's inbox, on disk; how soon the director's own request shows it; how soon thousands of
phones that listen hear of a change; and how long the publishing of a policy that changes every verdict takes, while
others write. Run by script/bench, which builds first.
"""

import argparse
import csv
import datetime
import http.client
import json
import pathlib
import selectors
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

from common import HUMIAO, ROOT, ServedDistrict, finish, free_port, machine_table, percentile, table

PROGRAMS = ROOT / "build" / "bench"
PASSWORD = "stride-Lantern-417"
PHONES_OF_ACCOUNT = 10  # the server lets one account listen 16 times
RATE = 500
CHILDREN = 50_000  # the targets hold from here on
TARGETS = {
    "push p99": (100, "ms", "at most"),
    "inbox p99": (100, "ms", "at most"),
    "first page": (2, "s", "at most"),
    "first bytes": (150, "KiB", "at most"),
    "inbox page": (2, "s", "at most"),
    "inbox bytes": (150, "KiB", "at most"),
    "phones": (2, "s", "at most"),
    "publish": (60, "s", "at most"),
    "write while publishing": (150, "ms", "at most"),
}


class Client:
    """One signed-in account on one connection that stays open."""

    phones = 0

    def __init__(self, port, account):
        self.port, self.account = port, account
        # Each phone has an address of its own: sign-ins are rationed by address.
        Client.phones += 1
        source = f"127.1.{Client.phones // 250}.{Client.phones % 250 + 1}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
        status, body, headers = self.send("POST", "/api/v1/session", {"account": account, "password": PASSWORD})
        if status != 200:
            raise SystemExit(f"{account} cannot sign in: {status} {body}")
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = body["csrf"]

    def send(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if hasattr(self, "cookie"):
            headers |= {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Sec-Fetch-Site": "same-origin"}
        try:
            self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, OSError):
            # An idle connection is closed by the server after a while.
            self.connection.close()
            self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None, answer.headers

    def raw(self, method, path, body):
        """A whole request as bytes, for the open loop."""
        body = json.dumps(body).encode()
        return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
                f"X-CSRF-Token: {self.csrf}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def record(key, child, day, kind="disability", value="physical/3"):
    return {"records": [{"record_key": key, "kind": kind, "id_no": child["id_no"], "name": child["name"],
                         "birth_date": child["birth_date"], "from": day.isoformat(), "value": value}]}


class Bench(ServedDistrict):
    def __init__(self, options):
        super().__init__("loop", options, HUMIAO_ARGON2="interactive")
        self.master = self.work / "made.db"

    # ---- the district -------------------------------------------------------------------------

    def make(self):
        """A register with a director a village, ticked once; made once a size, and copied for each run."""
        part = self.work / "district"
        if not self.master.exists():
            if not (part / "people.csv").exists():
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir()
                self.humiao("synth", "--children", self.options.children, "--seed", 1, "--out", part)
            for left in [*self.work.glob("loop.db*"), *(self.work / n for n in ("master.key", "audit.key", "heads"))]:
                left.unlink(missing_ok=True)
            self.humiao("init")
            self.humiao("load", "divisions", ROOT / "build" / "divisions.csv")
            for kind in ("people", "relations", "accounts"):
                self.humiao("load", kind, part / f"{kind}.csv", accepted=(0, 1))
            self.humiao("tick", "--date", self.options.date.isoformat())
            self.humiao("account", "add", "bench_liaison", "--role", "department_liaison", "--division",
                        "330782000000", "--department", "disabled_federation")
            for account in ["bench_liaison", *(d["account"] for d in self.directors())]:
                self.humiao("account", "password", account, stdin=PASSWORD + "\n")
            with sqlite3.connect(self.database) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(self.database, self.master)
        for left in self.work.glob("loop.db*"):
            left.unlink()
        shutil.copy(self.master, self.database)

    def read(self, name):
        with open(self.work / "district" / name, encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def directors(self):
        return [a for a in self.read("accounts.csv") if a["role"] == "child_director"]

    def children(self):
        """Minors with an identity number, by village."""
        born_after = self.options.date.replace(year=self.options.date.year - 17).isoformat()
        villages = {}
        for person in self.read("people.csv"):
            if person["id_no"] and person["birth_date"] > born_after:
                villages.setdefault(person["residence_division"], []).append(person)
        return villages

    # ---- the server ---------------------------------------------------------------------------

    def start(self):
        self.port, self.live = free_port(), free_port()
        self.log = open(self.work / "serve.log", "wb")
        self.server = subprocess.Popen([HUMIAO, "serve", "--listen", f"127.0.0.1:{self.port}", "--live",
                                        f"127.0.0.1:{self.live}"], env=self.environment, stdout=self.log,
                                       stderr=self.log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit(f"the server does not get ready:\n{(self.work / 'serve.log').read_text()[-1000:]}")

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)
        self.log.close()

    # ---- what is measured ---------------------------------------------------------------------

    def floor(self):
        """What the disk gives: durable commits of one small row, one after the other."""
        path = self.work / "floor.db"
        path.unlink(missing_ok=True)
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)")
        times = []
        for _ in range(500):
            began = time.perf_counter()
            db.execute("INSERT INTO t (b) VALUES (randomblob(200))")
            times.append(time.perf_counter() - began)
        times.sort()
        self.note("a bare durable SQLite commit of one row: p99", None, percentile(times, 99) * 1e3, "ms",
                  f"median {percentile(times, 50) * 1e3:.2f} ms; the floor of what follows")

    def push(self):
        """Singly, by the clock, at RATE a second; each record raises an alert. Beside it one in ten records more, each
        followed by its director's own request for work, until the alert is there."""
        o = self.options
        liaison = Client(self.port, "bench_liaison")
        by_village = self.children()
        directors = [d for d in self.directors() if len(by_village.get(d["division"], [])) > 8][:20]
        inboxes = [Client(self.port, d["account"]) for d in directors]
        sampled = [(inbox, by_village[d["division"]].pop()) for _ in range(8)
                   for inbox, d in zip(inboxes, directors)]
        crowd = [c for d, children in by_village.items() for c in children][: RATE * (o.seconds + 2)]
        if len(crowd) < RATE * o.seconds:
            raise SystemExit(f"{o.children} children are too few for {o.seconds} s")
        folder = self.work / "push"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        files = []
        for n, child in enumerate(crowd):
            files.append(f"{n}")
            (folder / files[-1]).write_bytes(liaison.raw("POST", "/api/v1/records", record(f"P{n}", child, o.date)))
        load = subprocess.Popen([PROGRAMS / "openloop", "127.0.0.1", str(self.port), str(RATE), str(o.seconds), "32",
                                 *files], cwd=folder, stdout=subprocess.PIPE, text=True)
        time.sleep(1.5)
        seen = []
        sender = Client(self.port, "bench_liaison")
        for n, (director, child) in enumerate(sampled):
            if load.poll() is not None:
                break
            before = len(director.send("GET", "/api/v1/work")[1]["items"])
            began = time.perf_counter()
            status, body, _ = sender.send("POST", "/api/v1/records", record(f"S{n}", child, o.date))
            if status != 200 or body["accepted"] != 1:
                raise SystemExit(f"a record was not taken: {status} {body}")
            while len(director.send("GET", "/api/v1/work")[1]["items"]) <= before:
                if time.perf_counter() - began > 10:
                    raise SystemExit("an alert does not come")
            seen.append(time.perf_counter() - began)
        output = load.communicate()[0]
        words = output.split()
        figures = {words[i]: float(words[i + 1]) for i in range(0, len(words) - 1, 2)}
        if figures["failed"]:
            raise SystemExit(f"records failed: {output}")
        self.note(f"a record pushed, {RATE}/s: p99 until it is answered", "push p99", figures["p99"] / 1000, "ms",
                  f"median {figures['p50'] / 1000:.2f} ms, worst {figures['max'] / 1000:.1f} ms, "
                  f"{figures['sent']:,.0f} records, each with its alert in the same commit")
        seen.sort()
        self.note("and until the director's own request shows the alert: p99", "inbox p99",
                  percentile(seen, 99) * 1e3, "ms",
                  f"median {percentile(seen, 50) * 1e3:.2f} ms, {len(seen)} alerts in between, at the same load")

    def first_page(self):
        """A director's phone on a slow processor: see first_page.mjs. There are alerts in the inbox already."""
        by_village = self.children()
        director = next(d for d in self.directors() if len(by_village.get(d["division"], [])) > 8)
        run = subprocess.run(["node", ROOT / "bench" / "first_page.mjs", f"http://127.0.0.1:{self.port}",
                              director["account"]], cwd=ROOT, input=PASSWORD, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode != 0:
            raise SystemExit(f"first_page.mjs ended with {run.returncode}:\n{run.stderr[-2000:]}")
        told = json.loads(run.stdout)
        for key, what in (("first", "first page on a phone, processor slowed fourfold: the form can be used after"),
                          ("inbox", "signed in, nothing cached: the first card can be touched after")):
            page = told[key]
            self.note(what, f"{key} page", page["ms"] / 1000, "s",
                      f"median of {told['times']}, worst {page['worst'] / 1000:.2f} s")
            self.note("and has loaded, compressed", f"{key} bytes", page["bytes"] / 1024, "KiB")

    def phones(self):
        """Pages that listen, ten an account; a record for a child of each village; when has each heard?"""
        o = self.options
        by_village = self.children()
        directors = [d for d in self.directors() if by_village.get(d["division"])]
        directors = directors[: -(-o.phones // PHONES_OF_ACCOUNT)]
        selector = selectors.DefaultSelector()
        heard, total = {}, 0
        for d in directors:
            client = Client(self.port, d["account"])
            for _ in range(PHONES_OF_ACCOUNT):
                if total == o.phones:
                    break
                s = socket.create_connection(("127.0.0.1", self.live))
                s.sendall(f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{self.live}\r\n"
                          f"Cookie: {client.cookie}\r\n\r\n".encode())
                selector.register(s, selectors.EVENT_READ, d["division"])
                total += 1
        opened = set()
        deadline = time.monotonic() + 30
        while len(opened) < total and time.monotonic() < deadline:
            for key, _ in selector.select(1):
                if key.fileobj.recv(4096).startswith(b"HTTP/1.1 200"):
                    opened.add(key.fileobj)
        if len(opened) < total:
            raise SystemExit(f"only {len(opened)} of {total} pages were let in")
        time.sleep(2)  # signs of life of the beginning are over
        for key, _ in selector.select(0):
            key.fileobj.recv(65536)
        liaison = Client(self.port, "bench_liaison")
        sent, done = {}, threading.Event()

        def push():
            for n, d in enumerate(directors):
                sent[d["division"]] = None
                status, body, _ = liaison.send("POST", "/api/v1/records",
                                               record(f"L{n}", by_village[d["division"]][0], o.date, value="visual/4"))
                if status != 200 or body["accepted"] != 1:
                    raise SystemExit(f"a record was not taken: {status} {body}")
                sent[d["division"]] = time.monotonic()
            done.set()

        threading.Thread(target=push, daemon=True).start()
        deadline = time.monotonic() + 60
        while len(heard) < total and time.monotonic() < deadline:
            for key, _ in selector.select(0.5):
                now, text = time.monotonic(), key.fileobj.recv(65536)
                if b"data:" in text and key.fileobj not in heard and key.data in sent:
                    heard[key.fileobj] = (now, key.data)
        if len(heard) < total or not done.is_set():
            raise SystemExit(f"only {len(heard)} of {total} phones heard")
        waits = sorted(max(0.0, now - sent[village]) for now, village in heard.values())
        self.note(f"{total:,} phones that listen: the last hears after", "phones", waits[-1], "s",
                  f"median {percentile(waits, 50):.2f} s, p99 {percentile(waits, 99):.2f} s; a record for each of "
                  f"{len(directors)} villages, from its answer on")
        for key in list(selector.get_map().values()):
            key.fileobj.close()

    def publish(self):
        """Another edition, under which every minor has one category more, beside the server; and writes meanwhile."""
        folder = self.work / "policies"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "policies", folder)
        (folder / "bench.policy").write_text('category bench_minor "未成年人" "minor"\n    cites "bench"\n'
                                             '    department civil_affairs\n    holds while minor\n', encoding="utf-8")
        by_village = self.children()
        crowd = [c for children in by_village.values() for c in children[1:]]
        liaison = Client(self.port, "bench_liaison")
        began = time.monotonic()
        with open(self.work / "tick.json", "wb") as told, open(self.work / "tick.log", "wb") as log:
            tick = subprocess.Popen([HUMIAO, "tick", "--policy", folder, "--date", self.options.date.isoformat(),
                                     "--format", "json"], env=self.environment, stdout=told, stderr=log)
        waits = []
        while tick.poll() is None:
            child = crowd[len(waits) % len(crowd)]
            asked = time.perf_counter()
            status, body, _ = liaison.send("POST", "/api/v1/records",
                                           record(f"W{len(waits)}", child, self.options.date, value="speech/2"))
            if status != 200:
                raise SystemExit(f"a record was not taken: {status} {body}")
            waits.append(time.perf_counter() - asked)
            time.sleep(0.02)
        seconds = time.monotonic() - began
        if tick.returncode != 0:
            complaint = (self.work / "tick.log").read_text(encoding="utf-8")
            raise SystemExit(f"tick ended with {tick.returncode}: {complaint[-2000:]}")
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            changed = db.execute("SELECT count(*) FROM verdict_change").fetchone()[0] - self.changes_before
        self.note("publishing a policy", "publish", seconds, "s", f"{changed:,} changes of verdict told")
        waits.sort()
        self.note("the slowest of others' writes meanwhile", "write while publishing", waits[-1] * 1e3, "ms",
                  f"median {percentile(waits, 50) * 1e3:.1f} ms, p99 {percentile(waits, 99) * 1e3:.1f} ms of "
                  f"{len(waits)} writes")

    def count_changes(self):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            self.changes_before = db.execute("SELECT count(*) FROM verdict_change").fetchone()[0]


def page(bench, options):
    lines = ["# The loop", "",
             f"{options.children:,} children, {options.phones:,} phones.", "",
             f"    {options.command}", "", *table(bench.rows, TARGETS), "", *machine_table(), "",
             "Records leave by the clock on 32 connections, one a request, whether or not answers have come, and latency",
             "counts from when each was due. An answer means that record, verdict, alert, clock and notice are on disk",
             "(SQLite, synchronous=FULL), so that the alert is in its director's inbox from then on; that it is there is",
             "asked by the directors themselves meanwhile. Load, phones and server share the two cores. A policy is",
             "published by `humiao tick --policy` beside the server.", ""]
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--children", type=int, default=CHILDREN)
    parser.add_argument("--phones", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=20, help="of the load")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date(2026, 6, 30))
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "bench" / "results" / "loop.md")
    parser.add_argument("--command", default="script/bench loop", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    bench = Bench(options)
    bench.make()
    bench.floor()
    bench.start()
    try:
        bench.push()
        bench.first_page()
        bench.phones()
        bench.count_changes()
        bench.publish()
    finally:
        bench.stop()
    return finish(bench.rows, TARGETS, page(bench, options), options, holds_for=CHILDREN)


if __name__ == "__main__":
    sys.exit(main())
