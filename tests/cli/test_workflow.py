"""`humiao workflow`: the tables as they are in force, drawn, and held to what each has to keep."""

import re

from harness import TREE

FOLDER = TREE / "workflows"
NAMES = sorted(p.stem for p in FOLDER.glob("*.workflow"))


def copies(program, name="trial"):
    """A folder with all tables, to be spoiled."""
    folder = program.home / name
    folder.mkdir()
    for table in NAMES:
        (folder / f"{table}.workflow").write_bytes((FOLDER / f"{table}.workflow").read_bytes())
    return folder


def spoil(folder, name, old, new):
    path = folder / f"{name}.workflow"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[:text.index(old)].count("\n") + 1


def test_what_is_built_in_keeps_every_promise(bare):
    lines = bare.run("workflow", "check").stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == NAMES
    assert all("every proof holds" in line for line in lines)
    assert bare.run("workflow", "check", FOLDER).stdout.splitlines() == lines
    assert bare.run("workflow", "check", "--workflows", FOLDER).stdout.splitlines() == lines


def test_list_names_editions_that_notes_do_not_change(bare):
    rows = [line.split("\t") for line in bare.run("workflow", "list").stdout.splitlines()]
    assert [row[0] for row in rows] == NAMES
    assert all(re.fullmatch("[0-9a-f]{32}", row[2]) for row in rows)
    folder = copies(bare)
    spoil(folder, "alert", "# ----", "# A note of the county.\n\n# ----")
    assert bare.run("workflow", "list", "--workflows", folder).stdout.splitlines() == \
        ["\t".join(row) for row in rows]
    spoil(folder, "alert", "extreme 24 hours", "extreme 23 hours")
    other = [line.split("\t") for line in
             bare.run("workflow", "list", "--workflows", folder).stdout.splitlines()]
    assert [a[2] == b[2] for a, b in zip(rows, other)] == [name != "alert" for name in NAMES]


def test_the_canonical_form_is_the_same_workflow(bare):
    folder = bare.home / "canonical"
    folder.mkdir()
    for name in NAMES:
        text = bare.run("workflow", "show", name).stdout
        assert text.startswith(f"workflow {name} ") and "#" not in text
        (folder / f"{name}.workflow").write_text(text, "utf-8")
    assert bare.run("workflow", "list", "--workflows", folder).stdout == \
        bare.run("workflow", "list").stdout
    assert bare.run("workflow", "show", "visit", "--workflows", folder).stdout == \
        (folder / "visit.workflow").read_text("utf-8")


def test_the_graph_has_every_state(bare):
    every = bare.run("workflow", "--dot").stdout
    assert every.startswith("digraph") and every.endswith("}\n")
    for name in NAMES:
        text = (FOLDER / f"{name}.workflow").read_text("utf-8")
        one = bare.run("workflow", "--dot", name).stdout
        for state, zh, en in re.findall(r'^(?:initial |end )?state +(\w+) +"(.*?)" +"(.*?)"', text, re.M):
            assert re.search(rf'\bw0_{state} \[label="{en}', one)
            assert en in every
            assert zh in bare.run("workflow", "--dot", name, env={"HUMIAO_LANG": "zh"}).stdout
        for line in one.splitlines():
            assert line.count('"') % 2 == 0
        assert one.count("{") == one.count("}")


def test_what_cannot_be_read_says_where(bare):
    folder = copies(bare)
    line = spoil(folder, "alert", "        by owner\n", "        by ower\n")
    answer = bare.run("workflow", "check", folder, expect=4)
    assert answer.stdout == ""
    assert f"alert.workflow:{line}:12: there is no role “ower”" in answer.stderr
    assert "        by ower\n" in answer.stderr and 'Did you mean "owner"?' in answer.stderr
    for words in [("show", "visit"), ("list",), ("--dot",)]:
        assert "HM-1209" in bare.run("workflow", *words, "--workflows", folder, expect=2).stderr


def test_each_broken_promise_is_named(bare):
    folder = copies(bare)
    clock = spoil(folder, "alert",
                  "    clock      extreme 12 hours, high 1 day, medium 2 days, low 3 days\n", "")
    level = spoil(folder, "alert", ", medium monthly", "")
    upward = spoil(folder, "visit", "to supervisor, then station, then centre",
                   "to station, then supervisor, then centre")
    notice = spoil(folder, "visit", "with no_check_in", "with no_checkin")
    answer = bare.run("workflow", "check", folder, expect=4)
    assert answer.stdout == ""
    said = answer.stderr
    assert f"alert.workflow:{clock - 2}:7: the state “visited” waits without a clock" in said
    assert f"alert.workflow:{level}:5: the state “watch” gives no length for the level medium" in said
    assert f"visit.workflow:{upward}:5: the state “planned” escalates to supervisor, " \
           "which is not upward" in said
    assert re.search(rf"visit\.workflow:{notice}:\d+: there is no notice “no_checkin”", said)
    assert "HM-4004" in said and "faults found: 4" in said
    assert "HM-4004" in bare.run("workflow", "check", folder, env={"HUMIAO_LANG": "zh"}, expect=4).stderr


def test_a_file_has_the_name_of_its_workflow(bare):
    folder = copies(bare)
    (folder / "alert.workflow").rename(folder / "alarm.workflow")
    assert "alert.workflow" in bare.run("workflow", "check", folder, expect=4).stderr
    (folder / "alarm.workflow").rename(folder / "alert.old.workflow")
    assert "alert.workflow" in bare.run("workflow", "check", folder, expect=4).stderr
    empty = bare.home / "empty"
    empty.mkdir()
    assert "no *.workflow" in bare.run("workflow", "list", "--workflows", empty, expect=2).stderr
    assert bare.run("workflow", "check", bare.home / "nowhere", expect=3).stdout == ""


def test_usage(bare):
    for words in [(), ("draw",), ("show",), ("list", "alert"), ("--dot", "check", "alert"),
                  ("show", "alert", "visit"), ("check", FOLDER, "--workflows", FOLDER)]:
        answer = bare.run("workflow", *words, expect=2)
        assert answer.stdout == "" and "HM-1001" in answer.stderr
    assert "HM-1003" in bare.run("workflow", "show", "alarm", expect=2).stderr
    assert "HM-1003" in bare.run("workflow", "--dot", "alarm", expect=2).stderr
