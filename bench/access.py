#!/usr/bin/python3
"""Measures access on a synthetic district, and writes bench/results/access.md.

What masking costs a field; how long a signed-in worker waits for a list of 50 children while 500 such requests a
second arrive by the clock; what a request costs the processor, beside the transport alone and beside a Django REST
framework view that does the same over the same file. Run by script/bench, which builds first.
"""

import argparse
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

from common import HUMIAO, ROOT, ServedDistrict, finish, free_port, machine_table, table

PROGRAMS = ROOT / "build" / "bench"
TARGETS = {
    "masking": (200, "ns", "at most"),
    "list p99": (10, "ms", "at most"),
}
RATE = 500
TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = [f"bench_worker_{n}" for n in range(1, 21)]  # one account may read 60 times a second
PASSWORD = "stride-Lantern-417"


def processor_seconds(pid):
    """Of a process and its children, so far."""
    total = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def wait_until_answers(port, path):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {port}")


class Bench(ServedDistrict):
    def __init__(self, options):
        super().__init__("access", options)

    def make(self):
        """A loaded district with one account of its county; made once a size."""
        if not self.database.exists():
            part = self.work / "district"
            if not (part / "people.csv").exists():
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir()
                self.humiao("synth", "--children", self.options.children, "--seed", 1, "--out", part)
            for left in ("master.key", "audit.key", "heads"):
                (self.work / left).unlink(missing_ok=True)
            self.humiao("init")
            self.humiao("load", "divisions", ROOT / "build" / "divisions.csv")
            for kind in ("people", "relations"):
                self.humiao("load", kind, part / f"{kind}.csv", accepted=(0, 1))
        self.humiao("init")
        there = self.humiao("account", "list", "--format", "csv")
        for worker in WORKERS:
            if f"{worker}," not in there:
                self.humiao("account", "add", worker, "--role", "centre_worker", "--division", "330782000000")
                self.humiao("account", "password", worker, stdin=PASSWORD + "\n")

    def masking(self):
        output = subprocess.run([PROGRAMS / "mask_bench"], stdout=subprocess.PIPE, check=True, text=True).stdout
        for line in output.splitlines():
            match = re.match(r"(.+?)\s+([\d.]+) ns", line)
            if match:
                name = match[1].strip()
                key = None if "jansson" in name else "masking"
                self.note(f"a field, {name}", key, float(match[2]), "ns")

    def load(self, port, requests, rate, seconds):
        """What the open loop said, by its words."""
        output = subprocess.run([PROGRAMS / "openloop", "127.0.0.1", str(port), str(rate), str(seconds), "16", *requests],
                                stdout=subprocess.PIPE, check=True, text=True).stdout
        figures = {k: float(v) for k, v in re.findall(r"(\w+) (\d+)", output)}
        if figures["failed"]:
            raise SystemExit(f"requests failed: {output}")
        return figures

    def measured(self, label, process, port, requests, rate, seconds, key=None):
        before = processor_seconds(process.pid)
        figures = self.load(port, requests, rate, seconds)
        cost = (processor_seconds(process.pid) - before) / figures["sent"] * 1e6
        self.note(f"{label}: p99 at {rate} requests/s", key, figures["p99"] / 1000, "ms",
                  f"median {figures['p50'] / 1000:.2f} ms, worst {figures['max'] / 1000:.1f} ms, "
                  f"{figures['sent']:,.0f} requests, none failed")
        self.note(f"{label}: processor a request", None, cost, "µs", f"at {rate} requests/s")

    def ours(self):
        port, live = free_port(), free_port()
        with open(self.work / "serve.log", "wb") as log:
            server = subprocess.Popen([HUMIAO, "serve", "--listen", f"127.0.0.1:{port}", "--live", f"127.0.0.1:{live}"],
                                      env=self.environment, stdout=log, stderr=log)
        try:
            wait_until_answers(port, "/readyz")
            self.cookies = [self.sign_in(port, worker) for worker in WORKERS]
            body = self.get(port, "/api/v1/children?limit=50", self.cookies[0])
            assert len(json.loads(body)["items"]) == 50
            (self.work / "list.json").write_bytes(body)
            self.measured("list of 50 children", server, port, self.requests("ours", port, "/api/v1/children?limit=50"),
                          RATE, self.options.seconds, "list p99")
            memory = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{server.pid}/status").read_text())
            self.note("resident memory of the server, greatest", None, int(memory[1]) / 1024, "MiB",
                      "with the name index")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)

    def requests(self, label, port, path):
        """One file a signed-in worker."""
        files = []
        for number, cookie in enumerate(self.cookies):
            files.append(self.work / f"{label}-{number}.http")
            files[-1].write_bytes(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                                  f"Cookie: {cookie}\r\n\r\n".encode())
        return files

    def sign_in(self, port, worker):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/api/v1/session", json.dumps({"account": worker, "password": PASSWORD}),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"cannot sign in: {answer.status} {body.decode()}")
        return answer.headers["Set-Cookie"].split(";")[0]

    def get(self, port, path, cookie):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body.decode()}")
        return body

    def bare(self):
        port = free_port()
        server = subprocess.Popen([PROGRAMS / "bare_http", str(port), self.work / "list.json"], stdin=subprocess.PIPE)
        try:
            wait_until_answers(port, "/")
            request = self.work / "bare.http"
            request.write_bytes(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
            self.measured("bare libmicrohttpd, the same bytes", server, port, [request], RATE, self.options.seconds)
        finally:
            server.stdin.close()
            server.wait(30)

    def django(self):
        if not shutil.which("gunicorn"):
            self.note("Django REST framework", None, 0, "", "not run: gunicorn is not installed")
            return
        port = free_port()
        environment = dict(self.environment, HUMIAO_PEER_DB=str(self.database),
                           PYTHONPATH=str(ROOT / "bench" / "peers"))
        server = subprocess.Popen(["/usr/bin/gunicorn", "-w", "2", "-k", "gthread", "--threads", "32",
                                   "--keep-alive", "75", "-b", f"127.0.0.1:{port}", "--log-level", "error",
                                   "django_children:application"], env=environment)
        try:
            wait_until_answers(port, "/api/v1/children")
            theirs = json.loads(self.get(port, "/api/v1/children", self.cookies[0]))["items"]
            ours = json.loads((self.work / "list.json").read_bytes())["items"]
            assert [c["id"] for c in theirs] == [c["id"] for c in ours], "the peer does not do the same"
            assert [c["name"] for c in theirs] == [c["name"] for c in ours], "the peer does not do the same"
            self.measured("Django REST framework, gunicorn, 2 workers", server, port,
                          self.requests("django", port, "/api/v1/children"),
                          self.options.django_rate, self.options.seconds)
        finally:
            server.terminate()
            server.wait(30)


def page(bench, options):
    lines = ["# Access", "",
             f"{options.children:,} children. Targets hold for 570,000 children on two cores.", "",
             f"    {options.command}", "", *table(bench.rows, TARGETS), "", *machine_table(), "",
             "The load is an open loop: requests leave by the clock, on 16 connections, and latency counts from when a",
             "request was due. Load, server and peer share the two cores. Each list is a worker of the county who is",
             "signed in: session, relation to each child, 50 sealed rows opened and masked, and an audit row on disk",
             "before the answer. Processor time is user and system of all threads, from /proc. The Django view does",
             "the same over the same file, at the lower rate that its lines name.", ""]
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--children", type=int, default=570_000)
    parser.add_argument("--seconds", type=int, default=30, help="of each load")
    parser.add_argument("--django-rate", type=int, default=50, help="requests/s for the Django view")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date(2026, 6, 30))
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "bench" / "results" / "access.md")
    parser.add_argument("--command", default="script/bench access", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    bench = Bench(options)
    bench.make()
    bench.masking()
    bench.ours()
    bench.bare()
    bench.django()
    return finish(bench.rows, TARGETS, page(bench, options), options)


if __name__ == "__main__":
    sys.exit(main())
