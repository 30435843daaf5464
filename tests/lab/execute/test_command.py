"""Commands: what a person types, what comes back, and how it ends."""

import csv
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import tiny_study
from answers import workers
from interruptible import interruptible
from workplace import edited

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import executors, supervisor
from study.lab.execute.command import main
from study.lab.show import packages

ROOT = Path(__file__).parents[3]
FACTS = '''"""One sentence."""

import pandas as pd

from study.lab.declare.finding import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.rules.verdicts import Exact


def run():
    return pd.DataFrame({"gap": [0.0, 0.25]})


EXPERIMENT = Simulation(
    title="Facts",
    claims=(Claim("d1-01", Exact(measure="gap", where={}, tolerance=0.5)),),
    run=run,
    measures=(Column("gap"),),
)
'''
DRAWN = '''"""One sentence."""

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column
from study.lab.figures import Points


def run():
    return pd.DataFrame({"gap": [0.0, 0.25], "kind": ["a", "b"], "part": ["x", "x"]})


EXPERIMENT = Simulation(
    title="Drawn",
    claims=(),
    run=run,
    measures=(Column("gap"),),
    figures=(Points("gap", rows="kind", panels="part", title="Gaps"),),
)
'''
TRAINING = '''"""One sentence."""

import os
from pathlib import Path

import keras

from study.lab.data import digits
from study.lab.declare.finding import Experiment
from study.lab.declare.measures import FinalLoss
from study.lab.declare.models import mlp

Path(__file__).with_name(f"{os.getpid()}.pid").touch()


def model(units):
    return mlp(64, (units,), 10)


def optimizer():
    return keras.optimizers.SGD(0.1)


EXPERIMENT = Experiment(
    title="Training",
    claims=(),
    data=digits(train=30, validation=20),
    model=model,
    optimizer=optimizer,
    batch_size=7,
    steps=STEPS,
    vary={"units": (3,)},
    replicates=1,
    extension=0,
    measures=(FinalLoss(),),
)
'''


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a folder to work in, with one finding among its experiments."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)
    tiny_study.write(tmp_path / "experiments", "facts", FACTS)
    handler = signal.getsignal(signal.SIGTERM)
    yield tmp_path
    signal.signal(signal.SIGTERM, handler)


def mistake(capsys, *arguments):
    """Run a command that fails by a person's mistake; return its one line."""
    assert main(list(arguments)) == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert err.startswith("study: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["run", "fact", "deptj"], ["'deptj'", "valid: 'd1-01', 'facts'"]),
        (["run", "--workers", "0"], ["--workers: ", "--workers=0"]),
        (["run", "--workers", "-3"], ["--workers: ", "--workers=-3"]),
        (["run", "--minutes", "0"], ["--minutes: ", "--minutes=0"]),
        (["run", "--minutes", "nan"], ["--minutes: ", "--minutes=nan"]),
        (["run", "--cluster", "there"], ["--cluster: expected local, or", "'there'"]),
        (["--experiments", "gone", "list"], ["gone: expected the folder of findings"]),
        (["--experiments", ".", "list"], ["ledger.csv: no such file"]),
    ],
    ids=[
        "finding",
        "no workers",
        "fewer",
        "no time",
        "no number",
        "no cluster",
        "no folder",
        "no ledger",
    ],
)
def test_a_mistake_is_one_line_and_exit_code_1(place, capsys, arguments, parts):
    line = mistake(capsys, *arguments)
    assert all(part in line for part in parts)
    assert not (place / "reports").exists()


@pytest.mark.parametrize("command", ["list", "run", "render", "check"])
def test_a_mistake_in_a_definition_is_one_line_with_its_file(place, capsys, command):
    path = place / "experiments" / "facts.py"
    path.write_text(FACTS.replace("where={}", "were={}"))
    line = mistake(capsys, command)
    assert "experiments/facts.py: line 16: TypeError: " in line
    assert "'were'" in line


def test_a_file_that_cannot_be_written_is_one_line_with_the_file(place, capsys):
    (place / "build").write_text("a file where a folder should be")
    line = mistake(capsys, "run", "--workers", "1")
    assert "build/results" in line


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["run", "--profile", "papr"], "invalid choice: 'papr'"),
        (["run", "--workers", "two"], "--workers"),
        (["dance"], "invalid choice: 'dance'"),
        ([], "required"),
    ],
)
def test_a_command_that_there_is_not_ends_with_exit_code_2(
    place, capsys, arguments, part
):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert part in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("profile", "how"),
    [
        ("smoke", "`make render PROFILE=smoke`"),
        ("standard", "`make render`"),
        ("paper", "`make render PROFILE=paper` and `make render`"),
    ],
)
def test_where_pages_cannot_be_drawn_tables_are_kept_and_it_is_said_how_to_draw_them(
    place, capsys, monkeypatch, profile, how
):
    sized = edited(
        DRAWN,
        ("def run():", "def run(gap):"),
        ("[0.0, 0.25]", "[0.0, gap]"),
        ("    run=run,", '    run=run,\n    settings={"gap": 0.25},'),
        ("claims=(),", 'claims=(),\n    paper={"settings": {"gap": 0.75}},'),
    )
    tiny_study.write(place / "experiments", "facts", sized)
    monkeypatch.setattr(packages, "lacking", lambda: ["matplotlib"])
    assert main(["run", "--profile", profile]) == 0
    folder = PROFILES[profile].folder
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == (
        f"{folder}: the tables of 1 finding are kept. Pages are not drawn, for want of "
        f"matplotlib: take {folder} to where that is installed, and call {how} there"
    )
    names = {each.name for each in (folder / "facts").iterdir()}
    assert {"results.csv", "provenance.json"} <= names
    assert not {"README.md", "points-gap.svg"} & names
    monkeypatch.undo()
    monkeypatch.chdir(place)
    assert main(["render", "--profile", profile]) == 0
    assert (folder / "facts" / "points-gap.svg").exists()
    assert (folder / "facts" / "README.md").exists()


def test_check_tells_what_is_missing_stale_or_up_to_date(place, capsys):
    def check():
        code = main(["check"])
        return code, capsys.readouterr().out.strip()

    assert check() == (1, "facts: not run yet")
    assert main(["run", "--workers", "1"]) == 0
    capsys.readouterr()
    assert check() == (0, "facts: up to date")
    later = place / "experiments" / "facts.py"
    later.write_text(FACTS.replace("[0.0, 0.25]", "[0.0, 0.125]"))
    code, line = check()
    assert code == 1
    assert line.startswith("facts: stale: ")
    assert line.endswith(": run")
    later.write_text(FACTS.replace("tolerance=0.5", "tolerance=0.125  "))
    assert check() == (0, "facts: up to date")


BOX = """
[facts]
claims = { d1-01 = "%s" }
options = { a = "Yes", b = "No" }
correct = "a"
question = "Is it?"
answer = "It is."
misconception = "That it is not."
exercise = "Add."
solution = "Three."
"""


def test_check_and_render_tell_of_a_box_that_the_page_would_contradict(place, capsys):
    box = place / "experiments" / "teach.toml"
    box.write_text(BOX % "open")
    assert main(["run", "--workers", "1"]) == 0
    left_out = "reports/facts: its box in teach.toml is left out: d1-01 is holds, and"
    assert left_out in capsys.readouterr().out
    assert main(["check"]) == 0
    assert left_out in capsys.readouterr().out
    box.write_text(BOX % "holds")
    assert main(["render"]) == main(["check"]) == 0
    assert "left out" not in capsys.readouterr().out
    assert "Is it?" in (place / "reports" / "teach.md").read_text()


def test_run_writes_a_page_an_index_and_a_store_and_a_second_run_the_same(
    place, capsys
):
    def written():
        return {
            path.relative_to(place): path.read_bytes()
            for folder in ("reports", "build")
            for path in (place / folder).rglob("*.*")
        }

    assert main(["run", "fact", "--workers", "1"]) == 0
    assert "reports/README.md: done in" in capsys.readouterr().out
    first = written()
    pages = ("README.md", "components.md", "keras_defaults.md", "facts/README.md")
    assert {Path("reports", each) for each in pages} <= set(first)
    assert [each.suffix for each in first].count(".result") == 1
    assert main(["run", "--workers", "1"]) == 0
    assert written() == first


def test_a_run_ends_with_a_line_a_claim_and_the_path_of_the_page(
    place, capsys, monkeypatch
):
    def last(*words):
        assert main(["run", *words, "--workers", "1"]) == 0
        return capsys.readouterr().out.splitlines()[-2:]

    told = "d1-01 exact: A claim of the lecture d1-01."
    assert last("facts") == [told, "reports/facts/README.md"]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    assert last("facts") == ["d1-01 exact: A clai…", "reports/facts/README.md"]
    assert "reports/README.md: done in" in last()[-1]


def test_a_worker_starts_before_definitions_load_where_something_is_left_to_train(
    place, monkeypatch
):
    said, load = [], registry.load

    def noted(count, hasty):
        here = workers(count)
        monkeypatch.setattr(here.enter_result, "start", lambda: said.append("start"))
        return here

    def loaded(path):
        said.append("load")
        return load(path)

    monkeypatch.setattr(supervisor, "Workers", noted)
    monkeypatch.setattr(registry, "load", loaded)

    def began():
        said.clear()
        assert main(["run", "--workers", "1"]) == 0
        return said[:2]

    assert main(["run", "--workers", "1"]) == 0  # the index says what there is to load
    shutil.rmtree(place / "build" / "results")
    assert began() == ["start", "load"]
    assert "start" not in began()
    (place / "build" / "results" / "another.checkpoint").touch()
    assert began() == ["start", "load"]


@pytest.mark.parametrize(("profile", "hasty"), [("smoke", True), ("standard", False)])
@pytest.mark.usefixtures("place")
def test_drafts_alone_are_compiled_in_haste(monkeypatch, profile, hasty):
    told = []

    def noted(count, hasty):
        told.append(hasty)
        return workers(count)

    monkeypatch.setattr(supervisor, "Workers", noted)
    assert main(["run", "--profile", profile]) == 0
    assert told == [hasty]


def test_when_its_time_is_over_a_run_renders_what_is_complete_and_names_the_rest(
    place, capsys, monkeypatch
):
    tiny_study.write(place / "experiments", "drawn", DRAWN)
    clock = iter([0.0])  # of one task: time is over before the next
    now = SimpleNamespace(monotonic=lambda: next(clock, math.inf))
    with monkeypatch.context() as patch:
        patch.setattr(executors, "time", now)
        assert main(["run", "--workers", "1", "--minutes", "1"]) == 75
    out, err = capsys.readouterr()
    assert err == "study: not finished: facts; call again to go on\n"
    assert "reports/README.md: done in" in out
    pages = {path.parent.name for path in place.glob("reports/*/README.md")}
    assert pages == {"drawn"}
    assert main(["run", "--workers", "1", "--minutes", "1"]) == 0
    assert capsys.readouterr().err == ""
    assert (place / "reports" / "facts" / "README.md").exists()


def test_a_run_whose_time_is_over_before_anything_is_complete_renders_nothing(
    place, capsys
):
    assert main(["run", "facts", "--workers", "1", "--minutes", "1e-9"]) == 75
    out, err = capsys.readouterr()
    assert err == "study: not finished: facts; call again to go on\n"
    assert "done in" not in out
    assert not (place / "reports").exists()


def test_a_draft_stays_out_of_the_reports(place):
    assert main(["run", "--profile", "smoke", "--workers", "1"]) == 0
    assert (place / "build" / "smoke" / "facts" / "results.csv").exists()
    assert not (place / "reports").exists()


def test_render_redraws_a_page_from_its_tables(place, capsys):
    assert main(["run", "--workers", "1"]) == 0
    page = place / "reports" / "facts" / "README.md"
    before = page.read_text()
    page.unlink()
    assert main(["render"]) == 0
    assert "1 pages rendered" in capsys.readouterr().out
    assert page.read_text() == before


def test_render_draws_a_figure_that_is_missing_and_keeps_one_that_is_as_it_was(place):
    (place / "experiments" / "drawn.py").write_text(DRAWN)
    assert main(["run", "--workers", "1"]) == 0
    figure = place / "reports" / "drawn" / "points-gap.svg"
    drawn = figure.read_bytes()
    figure.write_bytes(drawn + b"<!-- kept -->")
    assert main(["render"]) == 0
    assert figure.read_bytes() == drawn + b"<!-- kept -->"
    figure.unlink()
    assert main(["render"]) == 0
    assert figure.read_bytes() == drawn


def test_render_removes_figures_that_are_no_longer_declared_and_nothing_else(place):
    assert main(["run", "--workers", "1"]) == 0
    folder = place / "reports" / "facts"
    before = {each.name for each in folder.iterdir()}
    for name in ("old.svg", "old.gif", "notes.txt"):
        (folder / name).touch()
    assert main(["render"]) == 0
    assert {each.name for each in folder.iterdir()} == {*before, "notes.txt"}


def test_a_page_whose_tables_no_longer_fit_is_left_as_it_is(place, capsys):
    assert main(["run", "--workers", "1"]) == 0
    page = place / "reports" / "facts" / "README.md"
    before = page.read_text()
    path = place / "experiments" / "facts.py"
    changed = FACTS.replace('"gap": [', '"width": [').replace('"gap"', '"width"')
    path.write_text(changed)
    capsys.readouterr()
    assert main(["render"]) == 0
    out = capsys.readouterr().out
    assert "reports/facts/README.md: left as it is." in out
    assert "make report NAME=facts" in out
    assert page.read_text() == before


def test_list_names_every_finding_in_a_line_with_its_claims_and_state(place, capsys):
    assert main(["list"]) == 0
    assert capsys.readouterr().out == "facts\t1\t\t\t\tnot run yet\n"
    assert main(["run", "--workers", "1"]) == 0
    capsys.readouterr()
    assert main(["list"]) == 0
    assert capsys.readouterr().out == "facts\t1\t2\t0 s\t1 exact\tup to date\n"


@pytest.mark.parametrize(("columns", "lines"), [(20, 2), (80, 2), (200, 1)])
def test_list_cuts_nothing_on_a_terminal(place, capsys, monkeypatch, columns, lines):
    name = "a_name_that_is_too_long_for_the_narrow_one"
    tiny_study.write(place / "experiments", name, FACTS.replace("d1-01", "d1-02"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert f"{name}  1" in out
    assert out.count("not run yet") == 2
    assert out.count("\n") == 3 * lines
    if columns > len(name) + 20:
        assert max(map(len, out.splitlines())) <= columns


def claims(place):
    """Return the rows of claims.csv by the claims' ids."""
    rows = csv.DictReader((place / "reports" / "claims.csv").open())
    return {each["id"]: each for each in rows}


def test_claims_are_listed_with_their_words_a_line_each(place, capsys, monkeypatch):
    assert "reports/claims.csv. Received: none" in mistake(capsys, "list", "--claims")
    assert main(["run", "--workers", "1"]) == 0
    claim = claims(place)["d1-01"]
    capsys.readouterr()
    assert main(["list", "--claims"]) == 0
    line = f"d1-01\tholds\texact\tfacts\t{claim['claim']}\n"
    assert line in capsys.readouterr().out.splitlines(keepends=True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "15")
    assert main(["list", "--claims"]) == 0
    assert "d1-01  exact: …" in capsys.readouterr().out.splitlines()


def test_why_tells_claim_word_numbers_rule_and_what_would_change_it(place, capsys):
    assert "facts: expected" in mistake(capsys, "why", "d1-01")  # not run yet
    assert main(["run", "--workers", "1"]) == 0
    claim = claims(place)["d1-01"]
    capsys.readouterr()
    assert main(["why", "d1-01"]) == 0
    told = capsys.readouterr().out
    first, *lines = told.splitlines()
    assert first == "d1-01"
    assert [head for line in lines if (head := line[2:19].strip())] == [
        "Claim",
        "Said in",
        "Word",
        "Numbers",
        "Rule",
        "Would change it",
        "Stands in",
    ]
    assert claim["claim"] in " ".join(told.split())
    assert "reports/facts/README.md#d1-01" in told
    assert main(["why", "facts"]) == 0  # all claims of a finding
    assert capsys.readouterr().out == told
    assert "expected a claim's id" in mistake(capsys, "why")


def test_show_opens_a_finding_or_a_claim_in_the_page_of_all(place, capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    assert "index.html. Received: none" in mistake(capsys, "show", "facts")
    assert main(["run", "--workers", "1"]) == 0
    capsys.readouterr()
    assert main(["show", "facts", "d1-01"]) == 0
    assert main(["show"]) == 0
    page = place / "reports" / "index.html"
    places = [each.removeprefix(f"{page.as_uri()}#") for each in shown]
    assert places == ["finding-facts", "claim-d1-01", "claims"]
    assert all(f'id="{each}"' in page.read_text() for each in places)
    assert capsys.readouterr().out.split() == shown


@pytest.mark.parametrize("profile", ["standard", "paper"])
def test_a_definition_of_ones_own_gets_a_page_where_it_is_wanted(place, profile):
    own = place / "elsewhere" / "mine.py"
    own.parent.mkdir()
    claim = 'Claim("mine", text="The gap is small.", verdict='
    own.write_text(FACTS.replace('Claim("d1-01", ', claim))
    options = ["--out", "pages", "--workers", "1", "--profile", profile]
    assert main(["run", str(own), *options]) == 0
    page = (place / "pages" / "mine" / "README.md").read_text()
    assert "The gap is small." in page
    assert "exact" in page
    assert "mine/README.md#mine" in (place / "pages" / "README.md").read_text()
    assert not (place / "reports").exists()


def test_findings_and_files_are_not_mixed(place, capsys):
    assert "Received: both: facts mine.py" in mistake(capsys, "run", "facts", "mine.py")


def test_files_that_would_overwrite_each_other_s_page_are_refused(place, capsys):
    told = mistake(capsys, "run", "a/mine.py", "other.py", "b/mine.py")
    assert "Received: a/mine.py b/mine.py; rename one" in told
    assert not (place / "build" / "own").exists()


def test_open_shows_the_pages_that_were_asked_for(place, monkeypatch):
    shown = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    assert main(["run", "d1-01", "--open", "--workers", "1"]) == 0
    assert shown == [(place / "reports" / "facts" / "README.md").as_uri()]


def test_export_writes_the_table_and_tells_how_to_load_it(place, capsys):
    assert "make report NAME=facts" in mistake(capsys, "export", "facts")
    assert main(["run", "--workers", "1"]) == 0
    capsys.readouterr()
    assert main(["export", "facts"]) == 0
    loaded = {}
    exec(capsys.readouterr().out, loaded)
    assert [*loaded["table"]["gap"]] == [0.0, 0.25]
    assert "--model" in mistake(capsys, "export", "facts", "--arm", "a=1")


def test_export_writes_each_of_several_tables_under_its_name(place, capsys):
    text = FACTS.replace(
        'return pd.DataFrame({"gap": [0.0, 0.25]})',
        'return {"gaps": pd.DataFrame({"gap": [0.0, 0.25]}), "ends": GONE}',
    )
    text = text.replace("def run", 'GONE = pd.DataFrame({"end": [3]})\n\n\ndef run')
    text = text.replace("where={}", 'table="gaps"')
    tiny_study.write(place / "experiments", "facts", text)
    assert main(["run", "--workers", "1"]) == 0
    assert not (place / "reports" / "facts" / "results.csv").exists()
    page = (place / "reports" / "facts" / "README.md").read_text("utf-8")
    assert "in [gaps.csv](gaps.csv) and [ends.csv](ends.csv)." in page
    capsys.readouterr()
    assert main(["export", "facts"]) == 0
    loaded = {}
    exec(capsys.readouterr().out, loaded)
    assert [*loaded["gaps"]["gap"]] == [0.0, 0.25]
    assert [*loaded["ends"]["end"]] == [3]


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_command_that_is_interrupted_says_so_and_exits_with_130(
    place, capsys, monkeypatch, request, signal_
):
    from study.lab.declare import registry
    from study.lab.execute import command

    def interrupted(folder):
        os.kill(os.getpid(), signal_)
        time.sleep(5)

    monkeypatch.setattr(registry, "ledger", interrupted)
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, ignored))
    assert main(["list"]) == command.INTERRUPTED == 130
    assert capsys.readouterr().err == "study: interrupted; what is finished is kept\n"


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_ctrl_c_ends_a_run_at_once_with_its_workers_and_keeps_what_is_finished(
    tmp_path,
):
    folder = tmp_path / "experiments"
    for name, steps in (("first", 20), ("second", 10**9)):
        text = TRAINING.replace("STEPS", f"{steps:_}")
        tiny_study.write(folder, name, text)
    with subprocess.Popen(
        [sys.executable, "-m", "study", "run", "--workers", "1"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    ) as process:
        try:
            store = tmp_path / "build" / "results"
            deadline = time.monotonic() + 300
            # The command and its worker each load a definition and note who they are.
            while (
                not list(store.glob("*.result")) or len(list(folder.glob("*.pid"))) < 2
            ):
                assert process.poll() is None, process.stderr.read()
                assert time.monotonic() < deadline, (
                    "nothing was finished in five minutes"
                )
                time.sleep(0.05)
            time.sleep(0.5)  # the second finding is under way
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=20)
            assert time.monotonic() - start < 5
        finally:
            process.kill()
        err = process.stderr.read()
    assert code == 130
    assert err.endswith("study: interrupted; what is finished is kept\n")
    assert "Traceback" not in err
    assert len(list(store.glob("*.result"))) == 1
    assert (tmp_path / "reports" / "first" / "results.csv").exists()
    assert not (tmp_path / "reports" / "second").exists()
    assert list(tmp_path.rglob(".incomplete-*")) == []
    pids = [int(path.stem) for path in folder.glob("*.pid")]
    assert not any(alive(pid) for pid in pids)


@pytest.mark.slow
def test_a_run_stops_with_a_checkpoint_when_its_time_is_over_and_the_next_goes_on(
    tmp_path,
):
    text = TRAINING.replace("STEPS", f"{10**8:_}").replace("(3,)", "(200,)")
    tiny_study.write(tmp_path / "experiments", "training", text)
    command = ["-m", "study", "run", "--workers", "1", "--minutes", "0.3"]

    def run():
        start = time.monotonic()
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert 18 < time.monotonic() - start < 78
        assert ran.returncode == 75
        last = "study: not finished: training; call again to go on\n"
        assert ran.stderr.endswith(last)
        pids = [int(path.stem) for path in tmp_path.rglob("*.pid")]
        assert not any(alive(pid) for pid in pids)
        assert len([*(tmp_path / "build" / "results").glob("*.checkpoint")]) == 1
        (step,) = re.findall(r"stopped after step ([\d,]+), which is kept", ran.stdout)
        return step, ran.stdout

    step, _ = run()
    later, told = run()
    assert f"goes on after step {step} of 100,000,000" in told
    assert int(later.replace(",", "")) > int(step.replace(",", ""))


def test_a_reader_that_has_read_enough_is_told_of_no_mistake():
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-m", "study", "list", "--claims"],
        cwd=Path(__file__).parents[3],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (141, b"")
