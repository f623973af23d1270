#!/usr/bin/python3
"""Measures how much of what is sensitive in a text is found, how much of what is found is, and how fast.

The texts are generated (detect_texts.py, detect_templates.py) against a register of 1.6 million names. Four sets of
templates are counted apart: those by which the rules were made, two that were held out and showed what was wanting,
and those written last, after which nothing was changed. --check is the small run of the unit tests.
"""

import argparse
import collections
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import detect_templates as templates  # noqa: E402
from common import MIB, ROOT, finish, machine_table, peer_python, table  # noqa: E402
from detect_texts import Maker  # noqa: E402

NUMBERS = ("id_number", "id_number_near", "phone", "bank_card")
WORDS = ("name", "address")
TERMS = ("health", "offence", "abuse")
TARGETS = {
    "recall of numbers": (99.5, "%", "at least"), "precision of numbers": (98, "%", "at least"),
    "recall of words": (97, "%", "at least"), "precision of words": (90, "%", "at least"),
    "speed": (50, "MB/s", "at least"),
}
SETS = (("made by", templates.POSITIVE, templates.NEGATIVE),
        ("held out at first", templates.HELD_OUT, templates.HELD_OUT_NEGATIVE),
        ("held out later", templates.FRESH, templates.FRESH_NEGATIVE),
        ("written last", templates.LAST, templates.LAST_NEGATIVE))


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = pathlib.Path(options.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.maker = Maker(options.seed, options.names)
        self.lexicon = self.work / "lexicon"
        self.lexicon.write_text("".join(f"N {n}\n" for n in self.maker.names) +
                                "".join(f"P {p}\n" for p in self.maker.towns + self.maker.villages), encoding="utf-8")
        self.rows = []

    def run(self, *arguments):
        return subprocess.run([self.options.program, *map(str, arguments)], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=True).stdout.decode()

    def texts(self, name, positive, negative):
        documents = [self.maker.fill(t) for t in positive + negative for _ in range(self.options.texts)]
        path = self.work / name.replace(" ", "-")
        path.write_bytes(b"".join(text + b"\n" for text, _ in documents))
        return documents, path

    def spans(self, path, documents):
        lines = self.run("spans", self.lexicon, path).splitlines()
        assert len(lines) == len(documents)
        return [parse(line) for line in lines]


def parse(line):
    return [(int(start), int(end), kind) for start, end, kind in (span.split(":") for span in line.split())]


def exact(found, expected):
    """An address may begin or end a little wider; all else has its very bounds."""
    if found[2] != expected[2]:
        return False
    return covers(found, expected) if expected[2] == "address" else found == expected


def covers(found, expected):
    return (found[2] == expected[2] and found[0] <= expected[0] and expected[1] <= found[1] and
            2 * (found[1] - found[0]) <= 3 * (expected[1] - expected[0]))


def count(documents, results, same=exact):
    """By kind: how many there are, how many of them were found, how many were found, how many of these are right."""
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for (_, expected), found in zip(documents, results, strict=True):
        for e in expected:
            counts[e[2]][0] += 1
            counts[e[2]][1] += any(same(f, e) for f in found)
        for f in found:
            counts[f[2]][2] += 1
            counts[f[2]][3] += any(same(f, e) for e in expected)
    return counts


def percent(part, whole):
    return 100 * part / whole if whole else 100.0


def measure_accuracy(bench):
    negatives = 0
    for name, positive, negative in SETS:
        documents, path = bench.texts(name, positive, negative)
        counts = count(documents, bench.spans(path, documents))
        for kinds, group in ((NUMBERS, "numbers"), (WORDS, "words"), (TERMS, None)):
            for kind in kinds:
                there, hit, found, right = counts[kind]
                if there + found == 0:
                    continue
                bench.rows.append((f"{kind}, {name}: recall", group and f"recall of {group}", percent(hit, there), "%",
                                   f"{hit:,} of {there:,}"))
                if group:
                    bench.rows.append((f"{kind}, {name}: precision", f"precision of {group}", percent(right, found), "%",
                                       f"{right:,} of {found:,}"))
        negatives += len(negative) * bench.options.texts
    return negatives


def measure_speed(bench):
    """Of each 5 MB of text the best of five runs, in seconds of the processor."""
    maker = bench.maker
    plain = [t for t in templates.NEGATIVE + templates.HELD_OUT_NEGATIVE if "{" not in t]
    for name, source in (("plain text", plain), ("notes dense with names and numbers", templates.POSITIVE + templates.NEGATIVE)):
        lines, size = [], 0
        while size < 5 * MIB:
            for template in source:
                lines.append(maker.fill(template)[0])
                size += len(lines[-1]) + 1
        path = bench.work / "speed"
        path.write_bytes(b"\n".join(lines))
        runs = [line.split() for line in bench.run("speed", bench.lexicon, path, 5).splitlines()]
        best = min(runs, key=lambda run: float(run[3]))
        bench.rows.append((f"speed, {name}", "speed", int(best[1]) / 1e6 / float(best[3]), "MB/s",
                           f"{int(best[1]):,} bytes, {int(best[5]):,} spans"))


def measure_presidio(bench):
    """Both over the same texts; a span counts where it covers what is there, for both."""
    python = peer_python()
    if not python:
        return ["Presidio: not run (it could not be installed)."]
    documents = []
    for _ in range(bench.options.peer_texts):
        documents += [bench.maker.fill(t) for t in templates.POSITIVE + templates.NEGATIVE + templates.LAST + templates.LAST_NEGATIVE]
    path = bench.work / "peer"
    path.write_bytes(b"".join(text + b"\n" for text, _ in documents))
    run = subprocess.run([python, pathlib.Path(__file__).parent / "detect_presidio.py", path], stdout=subprocess.PIPE,
                         check=False)
    if run.returncode:
        return ["Presidio: not run (it ended with an error)."]
    lines = run.stdout.decode().splitlines()
    theirs = []
    for (text, _), line in zip(documents, lines[:-1], strict=True):
        characters = text.decode()
        theirs.append([(len(characters[:s].encode()), len(characters[:e].encode()), kind) for s, e, kind in parse(line)])
    speed = path.stat().st_size / 1e6 / float(lines[-1].split()[1])
    ours = bench.spans(path, documents)
    own, their = count(documents, ours, covers), count(documents, theirs, covers)
    size, seconds = (float(bench.run("speed", bench.lexicon, path, 1).split()[i]) for i in (1, 3))
    out = [f"The same {len(documents):,} texts in the same run:", "",
           "| kind | recall | precision | Presidio: recall | Presidio: precision |", "|---|---|---|---|---|"]
    for kind in ("id_number", "phone", "bank_card"):
        a, b = own[kind], their[kind]
        out.append(f"| {kind} | {percent(a[1], a[0]):.2f} % | {percent(a[3], a[2]):.2f} % | "
                   f"{percent(b[1], b[0]):.2f} % | {percent(b[3], b[2]):.2f} % |")
    return out + [f"| MB/s | {size / 1e6 / seconds:,.1f} | | {speed:,.3f} | |", "",
                  "Presidio 2.2.366 over a blank Chinese pipeline of spaCy, with its own PhoneRecognizer (region CN) and",
                  "CreditCardRecognizer, and a PatternRecognizer with the pattern and check digit of GB 11643, for which it has none.",
                  "Not run of it: names and addresses, which take a model that is not fetched here; terms, which it has not.",
                  "Its patterns want a blank or a sign before and behind a card's number, which Chinese text seldom has.",
                  "A span counts for both where it covers what is there and is at most half as long again."]


def page(bench, negatives, peer):
    return "\n".join([
        "# Sensitive text", "", f"A lexicon of {bench.options.names:,} names; {bench.options.texts:,} texts of each template, "
        f"{negatives:,} of them with nothing in them but what looks alike; seed {bench.options.seed}.", "",
        f"    {bench.options.command}", "", *table(bench.rows, TARGETS), "",
        "Names and numbers count with their very bounds. The texts are generated: what real notes hold may differ, and a name that",
        "is not registered and that nothing around gives away is not among them.", "", *peer, "", *machine_table(), ""])


def check(bench):
    """The unit test: a small register, thresholds of the release."""
    measure_accuracy(bench)
    missed = [f"{measure}: {value:.2f} % ({remark})" for measure, key, value, _, remark in bench.rows
              if key and value < TARGETS[key][0]]
    print("\n".join(missed) or "all thresholds are met")
    return 1 if missed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=1_600_000)
    parser.add_argument("--texts", type=int, default=200, help="of each template")
    parser.add_argument("--peer-texts", type=int, default=20, help="of each template, of what the peer reads as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="small, without speed, peer and page")
    parser.add_argument("--program", default=str(ROOT / "build" / "bench" / "detect_bench"))
    parser.add_argument("--work", default=str(ROOT / "build" / "bench" / "detect"))
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "bench" / "results" / "detect.md")
    parser.add_argument("--command", default="script/bench detect", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    if options.check:
        options.names, options.texts = 200_000, 60
        with tempfile.TemporaryDirectory() as options.work:
            return check(Bench(options))
    options.children = 570_000
    bench = Bench(options)
    negatives = measure_accuracy(bench)
    measure_speed(bench)
    return finish(bench.rows, TARGETS, page(bench, negatives, measure_presidio(bench)), options)


if __name__ == "__main__":
    sys.exit(main())
