"""Tables of runs: one file a machine, merged by git; what does not count is named."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import tiny_study

from study.lab.declare.identity import Identity
from study.lab.declare.measures import FinalLoss, TestError
from study.lab.errors import StudyError
from study.lab.figures import Curves
from study.lab.train import runtables
from study.lab.train.runtables import RunTables
from study.lab.train.tabled import tabled
from study.lab.train.tabulate import Run

ROOT = Path(__file__).parents[3]
CELLS = [
    {"units": units, "learning_rate": rate}
    for units in (5, 3)
    for rate in ("slow", "fast")
]
WANTED = [(cell, replicate) for cell in CELLS for replicate in range(2)]


def place(processor):
    return {
        "versions": {"python": "3.13", "keras": "3.15"},
        "device": "CPU, x86_64",
        "processor": processor,
        "threads": 1,
    }


def open_in(folder, told=None, **changes):
    say = print if told is None else told.append
    return RunTables(folder, Identity(tiny_study.experiment(**changes)), "judge", say)


def rows(tables, wanted=WANTED, last=1.0, seconds=0.5):
    """Return made-up runs whose final loss is `last` and more."""
    experiment, made = tables.identity.experiment, last + np.arange(len(wanted))
    result = tiny_study.result(made)
    return [
        tabled(
            experiment,
            "judge",
            Run(*run, result, row),
            tables.key("judge", *run),
            seconds,
        )
        for row, run in enumerate(wanted)
    ]


def add(folder, processor, wanted=WANTED, last=1.0, **changes):
    tables = open_in(folder, **changes)
    tables.add(place(processor), rows(tables, wanted, last))
    return tables


def found(folder, told=None, wanted=WANTED, **changes):
    """Map runs to their final losses, of those that are there."""
    tables = open_in(folder, told, **changes)
    there = {i: tables.find("judge", *each) for i, each in enumerate(wanted)}
    return {i: each.measured["final_loss"] for i, each in there.items() if each}


def one_file(folder):
    (file,) = runtables.files(folder)
    return file


def test_runs_are_found_again_with_the_labels_of_the_definition(tmp_path):
    add(tmp_path, "A")
    assert found(tmp_path) == {i: 1.0 + i for i in range(8)}
    row = open_in(tmp_path).find("judge", *WANTED[3])
    assert (row.cell, row.replicate) == WANTED[3]
    assert open_in(tmp_path).find("draft", *WANTED[3]) is None


def test_a_file_is_the_same_in_whatever_order_runs_were_finished(tmp_path):
    add(tmp_path / "one", "A")
    made = rows(open_in(tmp_path / "other"))
    for some in (made[5:], made[:2], made[2:5]):
        open_in(tmp_path / "other").add(place("A"), some)
    one, other = (one_file(tmp_path / each) for each in ("one", "other"))
    assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())
    lines = one.read_text().splitlines()[1:]
    assert lines == sorted(lines)


def test_the_version_of_python_makes_no_other_machine_and_the_processor_does(tmp_path):
    made = rows(open_in(tmp_path))
    newer = place("A") | {"versions": {"python": "3.14", "keras": "3.15"}}
    for where, some in ((place("A"), made[:1]), (newer, made[1:2])):
        open_in(tmp_path).add(where, some)
    assert runtables.count(tmp_path) == 2
    one_file(tmp_path)
    open_in(tmp_path).add(place("B"), made[2:3])
    assert len(runtables.files(tmp_path)) == 2
    assert runtables.count(tmp_path) == 3


def test_what_another_process_has_written_meanwhile_stays(tmp_path):
    one, other = open_in(tmp_path), open_in(tmp_path)
    made = rows(one)
    one.add(place("A"), made[:4])
    other.add(place("A"), made[4:])
    assert len(found(tmp_path)) == 8


def test_machines_are_told_with_their_runs_the_busiest_first(tmp_path):
    add(tmp_path, "A", WANTED[:3])
    add(tmp_path, "B", WANTED[3:])
    tables = open_in(tmp_path)
    made = tables.made(tables.find("judge", *each) for each in WANTED)
    assert [(each["processor"], each["runs"]) for each in made] == [("B", 5), ("A", 3)]


def change(folder, *edits):
    """Change lines of the one file: (number from 1, function of a line)."""
    file = one_file(folder)
    lines = file.read_text().splitlines()
    for number, edit in edits:
        lines[number - 1] = edit(lines[number - 1])
    file.write_text("".join(f"{each}\n" for each in lines))
    return file, lines


def aside(file):
    return file.with_suffix(".aside").read_text().splitlines()


def test_a_broken_line_is_set_aside_and_named_and_the_others_count(tmp_path):
    add(tmp_path, "A")
    file, lines = change(
        tmp_path, (3, lambda line: line[:-5]), (5, lambda _: "<<<<<<< HEAD")
    )
    told = []
    assert len(found(tmp_path, told)) == 6
    (said,) = told
    start = f"{file}: 2 runs that cannot be read, such as line 3, '{lines[2][:20]}"
    assert said.startswith(start)
    assert said.endswith(f"; set aside in {file.stem}.aside")
    assert "\n" not in said
    assert aside(file) == [lines[0], lines[2], lines[4]]
    assert len(found(tmp_path, told)) == 6
    assert told == [said]


def test_runs_that_the_definition_does_not_reach_are_set_aside_and_named(tmp_path):
    add(tmp_path, "A")
    file, told = one_file(tmp_path), []
    before = file.read_text().splitlines()
    fewer = {"vary": {"units": (5,), "learning_rate": {"slow": 0.01, "fast": 0.5}}}
    assert len(found(tmp_path, told, **fewer)) == 4
    (said,) = told
    assert said.startswith(f"{file}: 4 runs that this definition does not reach, such")
    assert "as units=3, learning_rate=" in said
    assert sorted([*file.read_text().splitlines(), *aside(file)[1:]]) == sorted(before)


def test_a_run_under_the_key_of_another_is_none_of_this_definition(tmp_path):
    add(tmp_path, "A")
    change(tmp_path, (2, lambda line: line.replace('"replicate":', '"replicate":7')))
    told = []
    assert len(found(tmp_path, told)) == 7
    assert "1 run that this definition does not reach, such as" in told[0]


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (
            lambda line: line.replace('"engine": ', '"engine": 9'),
            f"8 runs of engine 9{runtables.ENGINE_VERSION}, where this is "
            f"{runtables.ENGINE_VERSION}; set",
        ),
        (
            lambda line: "",
            "8 runs under a first line that tells no machine, ''; set",
        ),
        (
            lambda line: line.replace("processor", "chip"),
            "8 runs under a first line that tells no machine, '{",
        ),
    ],
    ids=["another engine", "no first line", "another first line"],
)
def test_a_file_of_another_engine_or_of_no_machine_is_set_aside_whole(
    tmp_path, edit, why
):
    add(tmp_path, "A")
    file, lines = change(tmp_path, (1, edit))
    told = []
    assert found(tmp_path, told) == {}
    (said,) = told
    assert said.startswith(f"{file}: {why}")
    assert aside(file) == lines
    assert not file.exists()


class Doubled(FinalLoss):
    """Another measure of the same name."""

    def read(self, history):
        return 2 * super().read(history)


def test_runs_of_which_something_else_was_read_are_set_aside(tmp_path):
    add(tmp_path, "A")
    told = []
    other = {"measures": (Doubled(), TestError())}
    assert found(tmp_path, told, **other) == {}
    assert "8 runs of which something else was read, such as units=" in told[0]


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"measures": (FinalLoss(),)}, 8),
        ({"figures": (Curves(hue="units"),)}, 0),
        ({"figures": (Curves(where={"units": 3}),)}, 4),
    ],
    ids=["a measure less", "curves of all", "curves of some"],
)
def test_runs_count_that_have_all_that_the_page_shows(tmp_path, changes, counts):
    add(tmp_path, "A")
    assert len(found(tmp_path, [], **changes)) == counts


def test_of_a_run_with_two_numbers_that_of_the_first_file_counts(tmp_path):
    for processor, last in (("A", 1.0), ("B", 5.0)):
        tables = open_in(tmp_path / processor)
        tables.add(place(processor), rows(tables, WANTED[:2], last))
    for processor in "AB":
        file = one_file(tmp_path / processor)
        (tmp_path / runtables.FOLDER).mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / runtables.FOLDER)
    first, second = runtables.files(tmp_path)
    counting = 1.0 if first.name == one_file(tmp_path / "A").name else 5.0
    before, told = second.read_text().splitlines(), []
    assert found(tmp_path, told) == {0: counting, 1: counting + 1}
    (said,) = told
    start = f"{second}: 2 runs that {first.name} has with other numbers, such as units="
    assert said.startswith(start)
    assert aside(second) == before


def test_a_run_that_two_machines_made_to_the_same_bits_is_no_matter(tmp_path):
    for processor, seconds in (("A", 1.0), ("B", 2.0)):
        tables = open_in(tmp_path / processor)
        tables.add(place(processor), rows(tables, seconds=seconds))
        (tmp_path / runtables.FOLDER).mkdir(exist_ok=True)
        shutil.copy(one_file(tmp_path / processor), tmp_path / runtables.FOLDER)
    told = []
    assert len(found(tmp_path, told)) == 8
    assert told == []


def test_what_is_set_aside_twice_is_there_once(tmp_path):
    add(tmp_path, "A")
    file = one_file(tmp_path)
    before = file.read_bytes()
    for _ in range(2):
        file.write_bytes(before)
        open_in(tmp_path, []).set_all_aside()
        assert not file.exists()
        assert file.with_suffix(".aside").read_bytes() == before


def test_tables_that_would_be_too_large_for_git_are_refused_after_the_first_runs(
    tmp_path,
):
    tables = open_in(tmp_path, replicates=2_000)
    (row,) = rows(tables, WANTED[:1])
    longest = len(row.to_json()) + 1
    with pytest.raises(StudyError) as error:
        tables.add(place("A"), [row])
    message = str(error.value)
    assert message.startswith(f"{tmp_path}: expected tables of at most 2,000,000 bytes")
    assert f"Received: 8,000 runs of {longest} bytes, twice" in message
    assert f"which are {2 * 8_000 * longest:,}; let the profile have fewer" in message
    assert "\n" not in message
    assert runtables.files(tmp_path) == []
    assert 2 * 8_000 * longest > runtables.LIMIT > 2 * 800 * longest
    add(tmp_path, "A", WANTED[:1], replicates=200)


@pytest.fixture
def repository(tmp_path):
    """Return a function that runs git in a repository with the project's attributes."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")

    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        done = subprocess.run(
            ["git", *who, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    git.folder = tmp_path
    assert git("init", "-q", "-b", "main")[0] == 0
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    git("add", ".")
    assert git("commit", "-q", "-m", "Begin")[0] == 0
    return git


@pytest.mark.parametrize("begun", [[], WANTED[:2]], ids=["new", "begun before"])
@pytest.mark.parametrize("others", ["A", "B"], ids=["of a kind", "of two kinds"])
def test_git_alone_merges_what_two_machines_made(repository, begun, others):
    page = repository.folder / "reports" / "paper" / "tiny"

    def commit():
        repository("add", ".")
        assert repository("commit", "-q", "-m", "Runs")[0] == 0

    if begun:
        add(page, "A", begun)
        commit()
    for branch, processor, wanted in (
        ("one", "A", WANTED[2:6]),
        ("other", others, WANTED[5:]),
    ):
        assert repository("checkout", "-q", "-b", branch, "main")[0] == 0
        tables = open_in(page)
        last = 1.0 + WANTED.index(wanted[0])
        tables.add(place(processor), rows(tables, wanted, last))
        commit()
    status, said = repository("merge", "-q", "one", "-m", "Merge")
    assert (status, repository("status", "--porcelain")[1]) == (0, ""), said
    told = []
    expected = {i: 1.0 + i for i in range(0 if begun else 2, 8)}
    assert found(page, told) == expected
    assert told == []
    # What is written next is in order again, and each run once in a file.
    add(page, "A", WANTED[:2])
    for file in runtables.files(page):
        lines = file.read_text().splitlines()
        assert len({*lines}) == len(lines)
    assert len(found(page, told)) == 8


def test_git_keeps_what_is_made_of_runs_whole_where_two_sides_differ(repository):
    page = repository.folder / "reports" / "paper" / "tiny"
    page.mkdir(parents=True)
    for branch, text in (("one", "1\n"), ("other", "2\n")):
        assert repository("checkout", "-q", "-b", branch, "main")[0] == 0
        page.mkdir(parents=True, exist_ok=True)
        (page / "provenance.json").write_text(text)
        (page / "README.md").write_text(text)
        repository("add", ".")
        assert repository("commit", "-q", "-m", text)[0] == 0
    status, said = repository("merge", "-q", "one", "-m", "Merge")
    assert status == 1, said
    assert (page / "provenance.json").read_text() == "2\n"
    assert (page / "README.md").read_text() == "2\n"
