"""Verifying: the same, what rounding does and another thing are told apart."""

import io
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import numpy_stack
import pandas as pd
import pytest
import tiny_study
from rich.console import Console

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import runner
from study.lab.execute.executors import InProcess
from study.lab.execute.progress import Progress
from study.lab.execute.verify import NUDGES, Verifier
from study.lab.files.store import Store
from study.lab.show import compared
from study.lab.show.compared import Checked
from study.lab.show.verified import render_verified
from study.lab.train import loop, plan, provenance, tabulate

TRAINED = '''"""Rates."""

import tiny_study

EXPERIMENT = tiny_study.experiment(
    model=tiny_study.softmax, vary={"learning_rate": (0.01, 0.5)}, replicates=3
)
'''
SIMULATED = '''"""Facts."""

import numpy as np
import numpy_stack
import pandas as pd

from study.lab.declare.finding import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.rules.verdicts import Exact


def run(draws, scale):
    gaps = draws(0, "gaps").normal(size=5)
    return pd.DataFrame({"part": [*"abcde"], "gap": scale * np.abs(gaps)})


EXPERIMENT = Simulation(
    title="Facts",
    claims=(Claim("d1-01", Exact(measure="gap", where={}, tolerance=9)),),
    run=run,
    settings={"scale": 2.0},
    measures=(Column("gap"),),
)
'''
STANDARD = PROFILES["standard"]
STACK = loop.Stack


class Place:
    """A folder with two findings whose tables are recorded."""

    def __init__(self, folder):
        self.reports = folder / "reports"
        self.findings = [
            registry.load(tiny_study.write(folder, name, text))
            for name, text in (("rates", TRAINED), ("facts", SIMULATED))
        ]
        self.progress = Progress(Console(file=io.StringIO()))
        self.executor = InProcess(self.findings)
        store = Store(folder / "store", lambda _: None)
        work = runner.Runner(store, self.executor, self.progress)
        work.run(self.findings, STANDARD, self.reports)

    def verify(self, share=0.3, seed=0, **changes):
        verifier = Verifier(
            self.executor, self.progress, STANDARD, share, seed, long=False
        )
        facts, rates = verifier.verify(self.findings, self.reports)
        return facts, rates

    def change(self, name, edit):
        path = self.reports / name / "results.csv"
        table = pd.read_csv(path)
        edit(table)
        path.write_bytes(tabulate.to_csv(table))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "Stack", numpy_stack.Stack)
        yield Place(tmp_path_factory.mktemp("verified"))


@pytest.fixture
def place(recorded):
    tables = {
        path: path.read_bytes()
        for path in recorded.reports.rglob("*")
        if path.is_file()
    }
    yield recorded
    for path, content in tables.items():
        path.write_bytes(content)


@pytest.mark.slow
def test_runs_made_again_on_the_same_machine_are_the_same_to_the_bit(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(loop, "Stack", STACK)
    facts, rates = Place(tmp_path).verify()
    assert (facts.same, facts.differing) == (1, [])
    assert (rates.same, rates.rounded, rates.differing) == (2, 0, [])


@pytest.mark.slow
def test_a_seed_draws_the_runs_and_a_share_how_many(place):
    _, all_of_them = place.verify(share=1.0)
    assert all_of_them.same == 6
    _, one = place.verify(share=0.01)
    assert one.same == 1
    place.change("rates", lambda table: table.__setitem__("final_loss", 9.0))
    named = {place.verify(share=0.01, seed=seed)[1].differing[0] for seed in range(6)}
    assert len(named) > 1


def test_a_number_that_rounding_cannot_have_made_is_named_with_both_values(place):
    place.change("rates", lambda table: table.__setitem__("final_loss", 9.0))
    facts, rates = place.verify(share=0.1)
    (words,) = rates.differing
    assert words.startswith("rates: learning_rate=")
    assert "replicate" in words
    assert "final_loss is 9 in the table and " in words
    assert (rates.same, rates.rounded) == (0, 0)
    assert facts.differing == []


def test_what_the_nudged_runs_spread_over_is_the_same_within_rounding(place):
    def edit(table):
        table["final_loss"] *= 1 + 3e-7  # the last place of what is written

    place.change("rates", edit)
    _, rates = place.verify(share=0.1)
    assert (rates.same, rates.rounded, rates.differing) == (0, 1, [])


def test_a_table_of_a_simulation_is_compared_cell_by_cell(place):
    place.change("facts", lambda table: table.__setitem__("gap", table["gap"] + 1e-9))
    facts, _ = place.verify()
    assert (facts.same, facts.rounded) == (0, 1)
    place.change("facts", lambda table: table.__setitem__("gap", table["gap"] + 1e-3))
    facts, _ = place.verify()
    (words,) = facts.differing
    assert words.startswith("facts: gap of row 1 is ")
    path = place.reports / "facts" / "results.csv"
    path.write_bytes(b"\n".join(path.read_bytes().splitlines()[:-1]) + b"\n")
    facts, _ = place.verify()
    assert facts.differing == ["facts: its table has another shape"]


def test_tables_of_other_names_or_numbers_are_told(simulated, tmp_path):
    several = {"way": pd.DataFrame({"x": [0.5]}), "end": pd.DataFrame({"y": [1.0]})}
    tabulate.save(tmp_path, several, {})
    page = replace(simulated, table=several, folder=tmp_path)

    def told(**again):
        checked = Checked(page.name, {})
        compared.compare_tables(page, again, checked)
        return checked.same, checked.rounded, checked.differing

    assert told(**several) == (1, 0, [])
    end = pd.DataFrame({"y": [1.0 + 1e-12]})
    assert told(way=several["way"], end=end) == (0, 1, [])
    assert told(way=several["way"]) == (0, 0, ["sums: it has other tables"])
    *_, (words,) = told(way=several["way"], end=several["end"] + 1)
    assert words == "sums: end: y of row 1 is 1.0 in the table and 2.0 here"


def test_a_page_that_is_stale_is_left_out_and_says_why(place):
    path = place.reports / "facts" / provenance.FILE
    path.write_text(path.read_text().replace('"run": "', '"run": "0'))
    facts, rates = place.verify()
    assert facts.left_out.startswith("stale: changed since it ran")
    assert rates.same == 2


def frame(**columns):
    return pd.DataFrame({"replicate": [0], "diverged": [None], **columns})


@pytest.mark.parametrize(
    ("there", "around", "beyond"),
    [
        (1.0, (1.1, 1.2, 1.3), False),
        (0.85, (1.1, 1.2, 1.3), True),
        (1.0, (1.0, 1.0, 1.0), False),
        (1.00001, (1.0, 1.0, 1.0), True),
        (np.nan, (1.0, 2.0, 1.5), True),
    ],
    ids=["within their width", "outside", "equal", "they do not move", "diverged"],
)
def test_the_band_is_as_wide_again_as_what_the_nudged_runs_spread(
    there, around, beyond
):
    definition = tiny_study.experiment()
    mine, *others = (
        pd.Series({"diverged": pd.NA, **dict.fromkeys(definition.units(), each)})
        for each in around
    )
    row = mine.copy()
    row["final_loss"] = there
    assert bool(compared.beyond(definition, row, mine, others)) == beyond


@pytest.mark.parametrize(
    ("there", "here", "met"),
    [
        ((1.0, 2.0), (1.5, 3.0), True),
        ((1.0, 2.0), (2.1, 3.0), False),
        ((2.1, 3.0), (1.0, 2.0), False),
        ((8.88e-16, 8.88e-16), (1.33e-15, 1.33e-15), True),
        ((100.0, 100.0), (100.000001, 100.000001), True),
        ((100.0, 100.0), (100.0001, 100.0001), False),
        ((-np.inf, 2.0), (-np.inf, 1.0), True),
    ],
)
def test_intervals_meet_where_they_overlap_or_rounding_keeps_them_apart(
    monkeypatch, there, here, met
):
    def judged(ends):
        lower, upper = ends
        verdict = SimpleNamespace(word="exact", effect=lower, lower=lower, upper=upper)
        return [(SimpleNamespace(id="d0-01"), verdict)]

    monkeypatch.setattr(compared, "judge_all", lambda *page, **told: judged(here))
    words = SimpleNamespace(arms=None)
    page = SimpleNamespace(
        name="timed", definition=None, words=words, judged=judged(there)
    )
    checked = Checked("timed", {})
    compared.compare_intervals(page, None, checked)
    assert (checked.intervals, len(checked.differing)) == (int(met), int(not met))


def test_a_nudge_changes_what_a_run_comes_to_and_by_little(place):
    definition = place.findings[0].definition
    runs = [({"learning_rate": 0.5}, 0)]
    plain, nudged = (
        loop.Engine(definition).run(program, lambda *told: None).loss
        for nudge in (0, 1)
        for program in plan.programs(definition, "judge", runs, nudge)
    )
    assert not np.array_equal(nudged, plain)
    # Some ulps of a loss near 2: the slope and the steps of a small network.
    np.testing.assert_allclose(nudged, plain, rtol=1e-4)


def test_what_came_out_is_a_page_with_both_machines(place):
    facts, rates = place.verify()
    rates.differing.append("rates: learning_rate=5, replicate 1: final_loss is 2 | 3")
    left_out = Checked("gone", facts.origin, left_out="stale: changed since it ran")
    ((name, content),) = render_verified([facts, rates, left_out], NUDGES).items()
    text = content.decode()
    assert name == "verified.md"
    assert "3 are the same to the bit" in text
    assert "1 are different" in text
    assert text.count(facts.origin["device"]) >= 4
    assert "left out: stale" in text
    assert "- rates: learning_rate=5, replicate 1: final_loss is 2 \\| 3" in text
