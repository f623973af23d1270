"""What the benches share: processes that are measured, the machine they ran on, and the table of figures."""

import os
import pathlib
import platform
import shlex
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HUMIAO = ROOT / "build" / "humiao"
MIB = 1 << 20
START_LOAD = os.getloadavg()


class Run:
    """One process: its wall time, its greatest resident memory, its exit status and its output."""

    def __init__(self, arguments, environment, stdin=None, output=None):
        print("+", shlex.join(str(a) for a in arguments), file=sys.stderr)
        self.output = output
        with open(output or os.devnull, "wb") as out, \
             open(f"{output}.stderr" if output else os.devnull, "wb") as err:
            began = time.monotonic()
            process = subprocess.Popen([str(a) for a in arguments], env=environment,
                                       stdin=stdin or subprocess.DEVNULL, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        self.status = process.returncode
        self.cpu = usage.ru_utime + usage.ru_stime
        self.mebibytes = usage.ru_maxrss / 1024
        print(f"  {self.seconds:.2f} s, {self.cpu:.2f} s of processor, {self.mebibytes:.0f} MiB, exit {self.status}", file=sys.stderr)


def percentile(ordered, percent):
    """The smallest value that at least `percent` in a hundred do not exceed (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def first_line(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=False).stdout.splitlines()[0].strip()
    except (OSError, IndexError):
        return "unknown"


def field(path, name):
    try:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            if line.split(":")[0].strip() == name:
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown"


def machine():
    kib = field("/proc/meminfo", "MemTotal").split()[0]
    memory = f"{int(kib) / MIB:.0f} GiB" if kib.isdigit() else kib
    return [
        ("processor", f"{field('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores"),
        ("memory", memory),
        ("system", f"{first_line('sh', '-c', '. /etc/os-release; echo $PRETTY_NAME')}, "
                   f"Linux {platform.release()}"),
        ("file system", first_line("stat", "-f", "-c", "%T", str(ROOT))),
        ("compiler", first_line("gcc", "--version")),
        ("libraries", ", ".join(f"{p} {first_line('pkg-config', '--modversion', p)}"
                                for p in ("sqlite3", "libpq", "libcrypto", "icu-i18n"))),
        ("load before the run", " ".join(f"{x:.2f}" for x in START_LOAD)),
    ]


def table(rows, targets):
    """Rows are (measure, key of a target or None, value, unit, remark); a target is (bound, unit, direction)."""
    lines = ["| measure | target | figure | met | remark |", "|---|---|---|---|---|"]
    for measure, key, value, unit, remark in rows:
        target, met = verdict(targets, key, value)
        digits = 3 if unit == "ms" else 2 if value < 100 else 0
        lines.append(f"| {measure} | {target} | {value:,.{digits}f} {unit} | {met} | {remark} |")
    return lines


def verdict(targets, key, value):
    if key is None:
        return "", ""
    bound, unit, direction = targets[key]
    met = value <= bound if direction == "at most" else value >= bound
    return f"{direction} {bound:,} {unit}", "yes" if met else "**no**"


def finish(rows, targets, text, options, holds_for=570_000):
    """Writes the page; the exit status: 1 where a target was missed at the number of children for which it holds."""
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")
    print(text)
    missed = any(verdict(targets, key, value)[1] == "**no**" for _, key, value, _, _ in rows)
    return 1 if missed and options.children >= holds_for else 0


def peer_python():
    """The Python that has the peers of bench/requirements.txt, installed when they are first asked for; None where
    they cannot be (the bench then says "not run")."""
    venv, wanted = ROOT / "build" / "venv-bench", ROOT / "bench" / "requirements.txt"
    python, done = venv / "bin" / "python", venv / "requirements.txt"
    if done.exists() and done.read_bytes() == wanted.read_bytes():
        return python
    for command in ([sys.executable, "-m", "venv", venv], [python, "-m", "pip", "install", "--quiet", "-r", wanted]):
        print("+", shlex.join(map(str, command)), file=sys.stderr)
        if subprocess.run(list(map(str, command)), stdout=sys.stderr, check=False).returncode:
            return None
    done.write_bytes(wanted.read_bytes())
    return python


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class ServedDistrict:
    """A database of a bench of its own, with its keys; the program over it; and what was measured."""

    def __init__(self, name, options, **environment):
        self.options = options
        self.work = ROOT / "build" / "bench" / f"{name}-{options.children}"
        self.work.mkdir(parents=True, exist_ok=True)
        self.database = self.work / f"{name}.db"
        self.environment = dict(os.environ, HUMIAO_DB=f"sqlite:{self.database}", HUMIAO_LANG="en",
                                HUMIAO_TODAY=options.date.isoformat(),
                                HUMIAO_KEY_FILE=str(self.work / "master.key"),
                                HUMIAO_AUDIT_KEY_FILE=str(self.work / "audit.key"),
                                HUMIAO_AUDIT_HEADS=str(self.work / "heads"), **environment)
        self.rows = []

    def note(self, measure, key, value, unit, remark=""):
        print(f"  {measure}: {value:.2f} {unit} {remark}", file=sys.stderr)
        self.rows.append((measure, key, value, unit, remark))

    def humiao(self, *arguments, accepted=(0,), stdin=None):
        run = subprocess.run([HUMIAO, *map(str, arguments)], env=self.environment, input=stdin,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode not in accepted:
            raise SystemExit(f"humiao {arguments[0]} ended with {run.returncode}:\n{run.stderr[-2000:]}")
        return run.stdout


def machine_table():
    return ["| machine | |", "|---|---|", *(f"| {name} | {value} |" for name, value in machine())]
