#!/usr/bin/python3
"""Measures intake, and writes bench/results/intake.md.

How fast the child process gives the rows of a workbook and of a large GB 18030 file, beside openpyxl, pandas and Python's csv over the
same files in the same run; how fast a department's file becomes records with their verdicts; and how long single
writes wait while a delivery of a million rows, one in a hundred of them bad, is taken in by a server. Run by script/bench,
which builds first.
"""

import argparse
import datetime
import hashlib
import http.client
import io
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile

from common import HUMIAO, MIB, ROOT, Run, ServedDistrict, finish, free_port, machine_table, peer_python, percentile, table

PASSWORD = "stride-Lantern-417"
FEED = "disability-certificates"
PIECE = MIB
TARGETS = {
    "xlsx": (50_000, "rows/s", "at least"),
    "gb18030": (200, "MB/s", "at least"),
    "end to end": (5_000, "records/s", "at least"),
    "write while taking": (150, "ms", "at most"),
}

# The same reading by a peer: rows as lists of text, counted; printed: rows and seconds.
PEERS = {
    "openpyxl": """
import sys, time, openpyxl
t = time.perf_counter(); n = 0
for row in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True): n += 1
print(n, time.perf_counter() - t)""",
    "pandas.read_excel": """
import sys, time, pandas
t = time.perf_counter()
n = len(pandas.read_excel(sys.argv[1], dtype=str, header=None))
print(n, time.perf_counter() - t)""",
    "pandas.read_csv": """
import sys, time, pandas
t = time.perf_counter()
n = len(pandas.read_csv(sys.argv[1], dtype=str, header=None, encoding="gb18030", keep_default_na=False))
print(n, time.perf_counter() - t)""",
    "csv of Python": """
import sys, time, csv
t = time.perf_counter(); n = 0
with open(sys.argv[1], encoding="gb18030", newline="") as f:
    for row in csv.reader(f): n += 1
print(n, time.perf_counter() - t)""",
}


# ---- files -------------------------------------------------------------------------------------

HEADER = ["残疾人证号", "姓名", "身份证号", "残疾类别", "残疾等级", "发证日期", "有效期至", "住址", "联系电话", "序号"]
SURNAMES, GIVEN = "陈林张王李吴周徐朱何", "思雨浩然梓涵欣怡子轩晨曦佳琪"
KINDS = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]
LEVELS = ["一级", "二级", "三级", "四级"]


def id_number(n):
    """The n-th number of the unassigned divisions 9999xx."""
    division, n = 999900 + n % 99, n // 99
    day = datetime.date(1960, 1, 1) + datetime.timedelta(days=n % 20_000)
    first = f"{division}{day:%Y%m%d}{n // 20_000 % 1000:03}"
    check = "10X98765432"[sum(int(d) * w for d, w in zip(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2),
                                                         strict=True)) % 11]
    return first + check


def rows_of(count, bad=0.0):
    """Rows as a disabled persons' federation would hand them in; `bad` of them with an impossible date."""
    chooser = random.Random(count)
    for n in range(count):
        issued = datetime.date(2016, 1, 1) + datetime.timedelta(days=chooser.randrange(3600))
        wrong = chooser.random() < bad
        yield [f"33{n:010}", chooser.choice(SURNAMES) + chooser.choice(GIVEN) + chooser.choice(GIVEN), id_number(n),
               chooser.choice(KINDS), chooser.choice(LEVELS), "2024/13/45" if wrong else issued.strftime("%Y/%m/%d"),
               "", f"稠城街道城中中路{chooser.randrange(1, 300)}号", f"1{chooser.randrange(3, 10)}{chooser.randrange(10**9):09}",
               str(n + 1)]


def write_csv(path, count, bad=0.0):
    with open(path, "w", encoding="gb18030", newline="") as out:
        out.write(",".join(HEADER) + "\r\n")
        for row in rows_of(count, bad):
            out.write(",".join(row) + "\r\n")


def write_xlsx(path, count):
    """A workbook with shared strings, as spreadsheet programs save it."""
    strings, places = [], {}

    def place(text):
        if text not in places:
            places[text] = len(strings)
            strings.append(text)
        return places[text]

    letters = "ABCDEFGHIJ"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as sheet:
            sheet.write(f'{head}<worksheet xmlns="{main}"><sheetData>')
            for number, row in enumerate([HEADER, *rows_of(count)], 1):
                cells = "".join(f'<c r="{letter}{number}" t="s"><v>{place(text)}</v></c>'
                                for letter, text in zip(letters, row, strict=True) if text)
                sheet.write(f'<row r="{number}">{cells}</row>')
            sheet.write("</sheetData></worksheet>")
        z.writestr("xl/sharedStrings.xml", f'{head}<sst xmlns="{main}">' +
                   "".join(f"<si><t>{text}</t></si>" for text in strings) + "</sst>")
        z.writestr("xl/workbook.xml", f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
                   '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'{head}<Relationships xmlns="{package}/relationships">'
                   f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                   f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
        z.writestr("_rels/.rels", f'{head}<Relationships xmlns="{package}/relationships">'
                   f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        z.writestr("[Content_Types].xml", f'{head}<Types xmlns="{package}/content-types">'
                   '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                   '<Default Extension="xml" ContentType="application/xml"/>'
                   f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
                   f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
                   f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>')


# ---- a person at the server ----------------------------------------------------------------------

class Client:
    """One signed-in account; a connection of its own for each thread that uses it."""

    def __init__(self, port, account):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        status, body, headers = self.send("POST", "/api/v1/session", {"account": account, "password": PASSWORD})
        if status != 200:
            raise SystemExit(f"{account} cannot sign in: {status} {body}")
        self.cookie, self.csrf = headers["Set-Cookie"].split(";")[0], body["csrf"]

    def send(self, method, path, body=None, kind="application/json"):
        headers = {"Content-Type": kind} if body is not None else {}
        if hasattr(self, "cookie"):
            headers |= {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Sec-Fetch-Site": "same-origin"}
        data = json.dumps(body) if body is not None and kind == "application/json" else body
        for attempt in (1, 2):  # an idle connection is closed by the server after a while
            try:
                self.connection.request(method, path, data, headers)
                answer = self.connection.getresponse()
                text = answer.read()
                return answer.status, json.loads(text) if text else None, answer.headers
            except (http.client.HTTPException, OSError):
                self.connection.close()
                if attempt == 2:
                    raise
        return None

    def must(self, *arguments, **named):
        status, body, _ = self.send(*arguments, **named)
        if status >= 300:
            raise SystemExit(f"{arguments[0]} {arguments[1]}: {status} {body}")
        return body


class Bench(ServedDistrict):
    def __init__(self, options):
        super().__init__("intake", options, HUMIAO_ARGON2="interactive")

    # ---- sheets alone ----------------------------------------------------------------------------

    def sheets(self):
        xlsx, csv = self.work / "sheet.xlsx", self.work / "sheet.csv"
        if not xlsx.exists():
            write_xlsx(self.work / "part.xlsx", self.options.sheet_rows)
            (self.work / "part.xlsx").rename(xlsx)
        if not csv.exists():
            write_csv(self.work / "part.csv", self.options.csv_rows)
            (self.work / "part.csv").rename(csv)
        rows, size, seconds = self.sheet(xlsx)
        self.note("XLSX, rows parsed in the child", "xlsx", rows / seconds, "rows/s",
                  f"{rows:,} rows of 10 columns, {size / MIB:.0f} MiB packed, {seconds:.2f} s")
        self.peers(xlsx, rows, "rows/s", ("openpyxl", "pandas.read_excel"), lambda s: rows / s)
        rows, size, seconds = self.sheet(csv)
        self.note("GB 18030 CSV to rows, through the child", "gb18030", size / 1e6 / seconds, "MB/s",
                  f"{rows:,} rows, {size / 1e6:.0f} MB, {seconds:.2f} s")
        self.peers(csv, rows, "MB/s", ("pandas.read_csv", "csv of Python"), lambda s: size / 1e6 / s)

    def sheet(self, path):
        """The best of three: rows, bytes and seconds from the opening to the last row."""
        best = None
        for _ in range(3):
            out = subprocess.run([ROOT / "build" / "bench" / "sheet_bench", path], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout.split()
            figures = dict(zip(out[::2], out[1::2], strict=False))
            found = (int(figures["rows"]), path.stat().st_size, float(figures["seconds"]))
            best = found if best is None or found[2] < best[2] else best
        return best

    def peers(self, path, expected, unit, names, figure):
        python = peer_python()
        for name in names:
            if python is None:
                print(f"  {name}: not run, it cannot be installed", file=sys.stderr)
                self.rows.append((f"{name}: not run (cannot be installed)", None, 0.0, unit, ""))
                continue
            out = subprocess.run([python, "-c", PEERS[name], path], stdout=subprocess.PIPE, text=True, check=True).stdout
            rows, seconds = int(out.split()[0]), float(out.split()[1])
            if rows != expected:
                raise SystemExit(f"{name} read {rows} rows, not {expected}")
            self.note(f"the same file by {name}", None, figure(seconds), unit, f"{seconds:.2f} s")

    # ---- a department's file to records -------------------------------------------------------------

    def make(self):
        for left in [*self.work.glob("intake.db*"), *(self.work / n for n in ("master.key", "audit.key", "heads"))]:
            left.unlink(missing_ok=True)
        district = self.work / "district"
        if not (district / "people.csv").exists():
            district.mkdir(exist_ok=True)
            self.humiao("synth", "--children", self.options.children, "--seed", 1, "--out", district)
        self.humiao("init")
        self.humiao("load", "divisions", ROOT / "build" / "divisions.csv")
        for kind in ("people", "relations", "accounts"):
            self.humiao("load", kind, district / f"{kind}.csv", accepted=(0, 1))
        self.humiao("tick", "--date", self.options.date.isoformat())
        for account, department in (("bench_liaison", "disabled_federation"), ("bench_writer", "justice")):
            self.humiao("account", "add", account, "--role", "department_liaison", "--division", "330782000000",
                        "--department", department)
            self.humiao("account", "password", account, stdin=PASSWORD + "\n")

    def end_to_end(self):
        """Certificates of people of the register, as the federation's file."""
        path = self.work / "known.csv"
        with open(self.work / "district" / "people.csv", encoding="utf-8") as people:
            names = people.readline().rstrip("\n").split(",")
            place = {name: n for n, name in enumerate(names)}
            known = [p for p in (line.rstrip("\n").split(",") for line in people) if p[place["id_no"]]]
        count = 0
        with open(path, "w", encoding="gb18030", newline="") as out:
            out.write(",".join(HEADER) + "\r\n")
            for row, person in zip(rows_of(self.options.records), known, strict=False):
                row[1], row[2] = person[place["name"]], person[place["id_no"]]
                row[5] = "2025/6/1"
                out.write(",".join(row) + "\r\n")
                count += 1
        run = Run([HUMIAO, "ingest", path, "--mapping", FEED], self.environment, output=self.work / "ingest.out")
        if run.status not in (0, 1):
            raise SystemExit(f"ingest ended with {run.status}")
        self.note("a mapped file to records and verdicts", "end to end", count / run.seconds, "records/s",
                  f"{count:,} records of people of the register in {run.seconds:.1f} s, {run.mebibytes:.0f} MiB; "
                  + " ".join((self.work / "ingest.out").read_text().split()))

    # ---- a million rows while others write --------------------------------------------------------

    def serve(self):
        port = free_port()
        server = subprocess.Popen([HUMIAO, "serve", "--listen", f"127.0.0.1:{port}"], env=self.environment,
                                  stdout=subprocess.DEVNULL, stderr=open(self.work / "serve.log", "wb"))
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return server, port
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit("the server does not get ready")

    def hand_in(self, client, path):
        size = path.stat().st_size
        began = client.must("POST", "/api/v1/deliveries", {"feed": FEED, "file_name": path.name, "size": size})
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            for number in range(-(-size // PIECE)):
                piece = file.read(PIECE)
                digest.update(piece)
                client.must("PUT", f"/api/v1/deliveries/{began['id']}/pieces/{number}", piece, kind="application/octet-stream")
        client.must("POST", f"/api/v1/deliveries/{began['id']}/close", {"sha256": digest.hexdigest()})
        return began["id"]

    def million(self):
        path = self.work / f"large-{self.options.rows}.csv"
        if not path.exists():
            write_csv(self.work / "part.csv", self.options.rows, bad=0.01)
            (self.work / "part.csv").rename(path)
        server, port = self.serve()
        try:
            self.watch_million(path, port)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()

    def watch_million(self, path, port):
        liaison, writer = Client(port, "bench_liaison"), Client(port, "bench_writer")
        writes, done = [], threading.Event()

        def write():
            number = 0
            while not done.is_set():
                number += 1
                record = {"record_key": f"W{number}", "kind": "imprisoned", "id_no": id_number(5_000_000 + number),
                          "from": "2026-01-01", "value": "P1Y"}
                began = time.monotonic()
                writer.must("POST", "/api/v1/records", {"records": [record]})
                writes.append((time.monotonic() - began) * 1000)
                done.wait(0.05)

        began = time.monotonic()
        identity = self.hand_in(liaison, path)
        handed = time.monotonic() - began
        thread = threading.Thread(target=write)
        thread.start()
        try:
            while (story := liaison.must("GET", f"/api/v1/deliveries/{identity}"))["state"] in ("waiting", "running"):
                time.sleep(0.5)
        finally:
            done.set()
            thread.join()
        seconds = time.monotonic() - began - handed
        if story["state"] != "done":
            raise SystemExit(f"the delivery ended as {story['state']}: {story}")
        ordered = sorted(writes)
        self.note("handing in by pieces, sealed and durable", None, path.stat().st_size / MIB / handed, "MiB/s",
                  f"{path.stat().st_size / MIB:.0f} MiB in {handed:.1f} s")
        self.note("a large delivery, 1% bad, taken in by a server", None, story["rows"] / seconds, "rows/s",
                  f"{story['rows']:,} rows in {seconds:.0f} s: {story['accepted']:,} accepted, "
                  f"{story['quarantined']:,} refused, {story['unlinked']:,} waiting")
        self.note("single writes meanwhile, slowest", "write while taking", ordered[-1], "ms",
                  f"{len(ordered):,} writes, median {percentile(ordered, 50):.1f} ms, p99 {percentile(ordered, 99):.1f} ms")


def page(bench, options):
    return "\n".join([
        "# Intake", "", f"{options.children:,} children in the register, {options.rows:,} rows in the large delivery.",
        "", f"    {options.command}", "", *table(bench.rows, TARGETS), "", *machine_table(), "",
        "Files are read from the page cache. Rows through the child: from the start of the process to the last row in the caller's",
        "hands, best of three. Peers read the same file in the same run into Python's own lists or frames, once.", ""])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the large delivery")
    parser.add_argument("--records", type=int, default=50_000, help="of the mapped file")
    parser.add_argument("--sheet-rows", type=int, default=200_000, help="of the workbook")
    parser.add_argument("--csv-rows", type=int, default=3_000_000, help="of the GB 18030 file")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date(2026, 6, 30))
    parser.add_argument("--only", choices=("sheets", "records", "million"))
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "bench" / "results" / "intake.md")
    parser.add_argument("--command", default="script/bench intake", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    bench = Bench(options)
    os.environ["HUMIAO_LANG"] = "en"
    if options.only in (None, "sheets"):
        bench.sheets()
    if options.only in (None, "records", "million"):
        bench.make()
    if options.only in (None, "records"):
        bench.end_to_end()
    if options.only in (None, "million"):
        bench.million()
    return finish(bench.rows, TARGETS, page(bench, options), options, holds_for=20_000)


if __name__ == "__main__":
    sys.exit(main())
