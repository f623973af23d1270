"""Random families, and a second program that must agree to the day.

Each district is screened by the program and by the oracle on several days, half of them days on which
something begins or ends or the day next to one. A failure names the seed and the first rows that differ.
"""

import threading

import pytest

from families import District
from harness import (ENGINES, PEOPLE, RECORDS, SCALE, counts, csv_rows, csv_text, new_program,
                     refused_lines, scaled, seeded)
from oracle import CUSTODY, Oracle, anniversary, day, written

REVISED = RECORDS + ["revision"]
DISTRICTS = scaled(2)
FAMILIES = 250 if SCALE >= 1 else scaled(250, 20)
CASES = [(engine, n) for engine in ENGINES for n in range(DISTRICTS)]


def lines_of(rows, chosen):
    """The line numbers of chosen rows in a file whose cells hold no line ends."""
    return [2 + i for i, row in enumerate(rows) if chosen(i)]


def believe(district):
    """What the oracle makes of a district, and what became of each record."""
    oracle = Oracle()
    oracle.load_people(district.people)
    oracle.load_relations(district.relations)
    outcome = oracle.ingest(district.records)
    oracle.settle()
    return oracle, outcome


def days_to_try(rng, oracle, many):
    """Days next to which something begins or ends, and days within a half-year's custody."""
    custody = [day(r["from"]) for r in oracle.force.values() if r["kind"] in CUSTODY]
    edges = [d for d in oracle.boundaries() if day("2008-01-01") < d < day("2027-12-31")]
    near = [rng.choice(edges) + rng.choice([-1, 0, 1]) if n % 2 else
            rng.choice(custody) + rng.randint(0, 185) for n in range(many - 2)]
    return ["2024-02-29", "2023-02-28"] + [written(d) for d in near]


def compare(program, oracle, days, label):
    for as_of in days:
        got, wanted = program.screen(as_of), oracle.screen(as_of)
        if got != wanted:
            missing = [r for r in wanted if r not in set(got)]
            extra = [r for r in got if r not in set(wanted)]
            context = "".join(story(oracle, ref) for ref in
                              sorted({r[0] for r in missing + extra})[:2])
            pytest.fail(f"{label}, as of {as_of}: {len(missing)} rows wanting, {len(extra)} too many"
                        f"{'' if missing or extra else ', order differs'}\n"
                        f"oracle: {missing[:5]}\nprogram: {extra[:5]}\n{context}", pytrace=False)


def compare_timelines(program, oracle, refs):
    """`timeline` lists every stretch of a childhood, so it is every day at once."""
    for ref in refs:
        text = program.run("timeline", ref, "--format", "csv").stdout
        told = [tuple(row.values()) for row in csv_rows(text)]
        if sorted(told) != sorted(oracle.stretches(ref)):
            wrong = sorted(set(told) ^ set(oracle.stretches(ref)))
            pytest.fail(f"timeline of {ref} differs: {wrong[:6]}\n{story(oracle, ref)}", pytrace=False)


def story(oracle, ref):
    """All that bears on one child, for a person who must find who is right."""
    lines = [f"-- {ref}: {oracle.people[ref]}"]
    concerned = {ref}
    for row in oracle.relations:
        if row["child_ref"] == ref:
            lines.append(f"   {row}")
            concerned.add(row["person_ref"])
    home = oracle.people[ref]["household"]
    concerned |= {p for p, row in oracle.people.items() if home and row["household"] == home}
    for person in sorted(concerned):
        for fact in oracle.facts.get(person, []):
            lines.append(f"   {person} ({oracle.people[person]['household']}) {fact.kind} "
                         f"{written(fact.start)} {written(fact.end) if fact.end < 10 ** 7 else ''} "
                         f"{fact.value}")
    return "\n".join(lines) + "\n"


def outcome_counts(outcome):
    return {word: outcome.count(word) for word in ("duplicate", "quarantined")}


def filled(program, district, columns=RECORDS):
    """A database with everything in it at once, by a single ingest; returns the answer."""
    program.init()
    program.load("people", district.people)
    program.load("relations", district.relations)
    return program.ingest(district.records, columns=columns, expect=(0, 1))


@pytest.mark.parametrize("engine,number", CASES)
def test_screen_agrees_with_the_oracle(tmp_path, engine, number):
    rng = seeded("screen", number)
    district = District(rng, FAMILIES)
    oracle, outcome = believe(district)
    program = new_program(tmp_path / "home", engine)
    answer = filled(program, district)

    told = counts(answer)
    assert {w: told[w] for w in ("duplicate", "quarantined")} == outcome_counts(outcome)
    assert answer.returncode == (1 if "quarantined" in outcome else 0)
    assert refused_lines(answer, "records.csv") == lines_of(
        district.records, lambda i: outcome[i] == "quarantined")
    compare(program, oracle, days_to_try(rng, oracle, 30), "one ingest")
    compare_timelines(program, oracle, rng.sample(sorted(c for c in oracle.people if oracle.birth(c)),
                                                  min(40, len(oracle.people) // 4)))


@pytest.mark.parametrize("engine", ENGINES)
def test_two_halves_are_one_whole(tmp_path, engine):
    rng = seeded("halves")
    district = District(rng, FAMILIES)
    oracle, outcome = believe(district)
    program = new_program(tmp_path / "home", engine)
    program.init()
    program.load("people", district.people)
    program.load("relations", district.relations)
    middle = rng.randint(1, len(district.records) - 1)
    told = [counts(program.ingest(part, name=name, expect=(0, 1))) for name, part in
            (("one.csv", district.records[:middle]), ("two.csv", district.records[middle:]))]
    for word in ("duplicate", "quarantined"):
        assert told[0][word] + told[1][word] == outcome.count(word)
    compare(program, oracle, days_to_try(rng, oracle, 10), "two halves")


@pytest.mark.parametrize("engine", ENGINES)
def test_records_come_before_the_people(tmp_path, engine):
    """Records wait unlinked, and take effect when their person is loaded; kin come in parts too."""
    rng = seeded("late people")
    district = District(rng, FAMILIES)
    oracle, _ = believe(district)
    program = new_program(tmp_path / "home", engine)
    program.init()
    children = {row["child_ref"] for row in district.relations}
    early = {row["ref"] for row in district.people if rng.random() < 0.5}
    early |= {row["ref"] for row in district.people if row["ref"] in children and rng.random() < 0.5}
    program.load("people", [r for r in district.people if r["ref"] in early])
    first = [r for r in district.relations if r["child_ref"] in early and r["person_ref"] in early]
    program.load("relations", first)
    program.ingest(district.records, expect=(0, 1))
    program.load("people", [r for r in district.people if r["ref"] not in early])
    program.load("relations", [r for r in district.relations if r not in first])
    compare(program, oracle, days_to_try(rng, oracle, 10), "people after records")


@pytest.mark.parametrize("engine", ENGINES)
def test_revisions_win_whatever_the_order(tmp_path, engine):
    rng = seeded("revisions")
    district = District(rng, FAMILIES, revisions=True)
    oracle, outcome = believe(district)
    days = days_to_try(rng, oracle, 8)
    for turn in range(2):
        program = new_program(tmp_path / f"home{turn}", engine)
        answer = filled(program, district, REVISED)
        assert counts(answer)["quarantined"] == outcome.count("quarantined")
        compare(program, oracle, days, f"shuffled arrival {turn}")
        rng.shuffle(district.records)


def turns(oracle):
    """Every change of every category of every child: (ref, category, before, after, day)."""
    found = []
    for ref in oracle.people:
        if oracle.birth(ref) is None or anniversary(oracle.birth(ref), 18) < day("2002-12-31"):
            continue
        ends = {}  # (category, day) -> [status before, status from then on]
        for category, status, since, until in oracle.stretches(ref):
            ends.setdefault((category, since), ["none", "none"])[1] = status
            ends.setdefault((category, until), ["none", "none"])[0] = status
        found += [(ref, category, *pair, on) for (category, on), pair in ends.items()]
    return sorted(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_tick_tells_each_turn_once(tmp_path, engine):
    """The changes that ticks tell are the ends of the oracle's stretches, each once, in order of days."""
    rng = seeded("tick")
    district = District(rng, FAMILIES // 2)
    oracle, _ = believe(district)
    program = new_program(tmp_path / "home", engine)
    # The clock stands before everything, so that loading and ingesting have nothing to tell.
    program.env["HUMIAO_TODAY"] = "2002-12-31"
    filled(program, district)
    program.run("tick", "--date", "2002-12-31")
    days = sorted({written(rng.randint(day("2003-01-01"), day("2027-12-31"))) for _ in range(6)}
                  | {"2024-02-29"})
    last, everything = "2002-12-31", turns(oracle)
    for until in days:
        told = [tuple(r.values()) for r in csv_rows(
            program.run("tick", "--date", until, "--format", "csv").stdout)]
        wrong = sorted(set(told) ^ {turn for turn in everything if last < turn[4] <= until})
        assert not wrong, f"tick from {last} to {until}: {wrong[:6]}\n{story(oracle, wrong[0][0])}"
        assert len(told) == len(set(told))
        last = until


@pytest.mark.parametrize("engine", ENGINES)
def test_people_and_records_arrive_at_once(tmp_path, engine):
    """A record and its person that pass each other in the door still find one another."""
    rng = seeded("at once")
    district = District(rng, FAMILIES // 2)
    oracle, _ = believe(district)
    for turn in range(2):
        program = new_program(tmp_path / f"home{turn}", engine)
        program.init()
        people = program.file("people.csv", csv_text(PEOPLE, district.people))
        records = program.file("records.csv", csv_text(RECORDS, district.records))
        answers = {}

        def work(name, path, *args):
            answers[name] = program.run(*args, path, expect=(0, 1))

        threads = [threading.Thread(target=work, args=("people", people, "load", "people")),
                   threading.Thread(target=work, args=("records", records, "ingest"))]
        rng.shuffle(threads)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(answers) == {"people", "records"}
        program.load("relations", district.relations)
        compare(program, oracle, days_to_try(rng, oracle, 6), "people and records at once")
