"""A small made-up finding for the tests of figures and reports; nothing is trained."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import workplace
from answers import Answers

from experiments.figures.rates import Rates
from experiments.figures.surface import Surface
from study.lab.data import mnist
from study.lab.declare.definition import Anchor, Claim
from study.lab.declare.errata import Erratum
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import Column, FirstStepSolved, Solved, TestError
from study.lab.declare.profiles import PROFILES
from study.lab.declare.registry import LedgerRow
from study.lab.declare.simulation import Simulation
from study.lab.figures import Curves, Deviations, Points, Table
from study.lab.rules.verdicts import (
    Cited,
    Control,
    Controlled,
    Each,
    Exact,
    Greater,
    Less,
    Lowers,
    Rate,
)
from study.lab.show.page import Page

REPLICATES = 10
STEPS = 400
POINTS = (100, 200, 300, 400)
PROVENANCE = {
    "experiment": "depth",
    "profile": "standard",
    "parts": {"steps": "0"},
    "versions": {"python": "3.11", "keras": "3.15"},
    "device": "CPU, x86_64",
    "threads": 1,
    "seconds": 12.34,
    "edges": [],
    "failed": [],
    "retried": [],
}
SLOWER = Erratum(
    id="E1",
    claims=("t-03",),
    status="error",
    where="9",
    says="deep nets are slower",
    right="they are faster",
)
TWO = Erratum(
    id="E2",
    claims=("t-01", "t-05"),
    status="no error",
    where="11",
    says="it is three",
    right="it is two",
)
ERRATA = {"t-01": (TWO,), "t-03": (SLOWER,), "t-05": (TWO,)}
LEDGER = {
    id: LedgerRow(id, lecture, lines, kind, claim, errata=ERRATA.get(id, ()))
    for id, lecture, lines, kind, claim in (
        ("t-01", "First lecture", "3", "training", "Deep nets | learn <b>XOR</b>."),
        ("t-02", "First lecture", "4;6", "training", "Deep nets err less."),
        ("t-03", "Second lecture", "5-9", "training", "Deep nets are slower."),
        ("t-04", "Second lecture", "10", "historical", "Somebody said so."),
        ("t-05", "Second lecture", "11", "fact", "One and one is three."),
        ("t-06", "Second lecture", "12", "fact", "Nobody has looked at this."),
    )
}


# They hold runs to recorded numbers and to the bit, and with these what XLA makes of a
# network in earnest; others compare with a twin or tell what was done.
EARNEST = (
    *("test_company.py", "test_golden.py", "test_slices.py"),
    *("test_supervisor.py", "test_verify.py"),
)


def pytest_itemcollected(item):
    """Have XLA in earnest in the slow tests of bits and of golden runs."""
    if item.path.name in EARNEST and item.get_closest_marker("slow"):
        item.add_marker("optimized")


def pytest_collection_modifyitems(items):
    """Bring the tests of a kind of golden runs together, which is compiled once."""

    def kind(item):
        return (
            item.name.partition("[")[2] if item.get_closest_marker("optimized") else ""
        )

    items.sort(key=kind)


def model(depth, start):
    return depth, start


def optimizer():
    return "SGD"


def arm(depth, start="a|b"):
    return {"depth": depth, "start": start}


def experiment(**changes) -> Experiment:
    """Declare depth 1, 2 and 3 by two kinds of start, one with a pipe in its name."""
    fields = {
        "title": "Depth | width",
        "claims": (
            Claim("t-01", verdict=Rate(measure="solved", arm=arm(3), above=0.5)),
            Claim("t-02", verdict=Less(measure="test_error", arm=arm(3), than=arm(1))),
            Claim(
                "t-03",
                verdict=Greater(
                    measure="first_step_solved", arm=arm(3), than=arm(1), delta=10
                ),
            ),
            Claim("t-04", verdict=Cited(source="Somebody 1999, page 1")),
        ),
        "data": mnist(train=1_000),
        "model": model,
        "optimizer": optimizer,
        "batch_size": None,
        "steps": STEPS,
        "vary": {"depth": (1, 2, 3), "start": {"a|b": 0.1, "big": 1.0}},
        "replicates": REPLICATES,
        "measures": (Solved(), FirstStepSolved(), TestError()),
        "figures": (
            Rates("solved", rows="depth", hue="start"),
            Curves(panels="depth", split="solved", where={"start": "big"}),
            Surface(per="solved", names={1: "solved", 0: "stuck"}),
        ),
        "anchors": (
            Anchor(
                source="Somebody 1999",
                measure="test_error",
                arm=arm(3),
                value=1.5,
                read=False,
            ),
            Anchor(
                source="Another 2001",
                measure="test_error",
                arm=arm(1),
                value=2.5,
                read=True,
            ),
        ),
        "differences": {"seeds": ("one", "ten")},
    }
    return Experiment(**(fields | changes))


def results(definition: Experiment) -> pd.DataFrame:
    """Make up a run a row: the deeper, the better and the faster."""
    random = np.random.default_rng(0)
    rows = []
    for depth in definition.vary["depth"]:
        for start in definition.vary["start"]:
            for replicate in range(definition.replicates):
                solved = float(depth == 3 or (depth == 2 and replicate % 2))
                step = 400.0 - 100 * depth + replicate if solved else STEPS
                rows.append(
                    {
                        "depth": depth,
                        "start": start,
                        "replicate": replicate,
                        "diverged": np.nan,
                        "solved": solved,
                        "first_step_solved": step,
                        "test_error": 10 - 2 * depth + random.normal(0, 0.1),
                    }
                )
    return pd.DataFrame(rows)


def losses(table: pd.DataFrame) -> pd.DataFrame:
    """Make up curves that fall where the run solved its task."""
    curves = table[["depth", "start", "replicate"]].copy()
    for i, step in enumerate(POINTS):
        curves[step] = 0.7 - 0.2 * i * table["solved"] + 0.001 * table["replicate"]
    return curves


def answers() -> pd.DataFrame:
    """Make up the outputs of one network on a square of nine points."""
    x, y = (each.ravel() for each in np.meshgrid((0.0, 0.5, 1.0), (0.0, 0.5, 1.0)))
    return pd.DataFrame(
        {
            "depth": 3,
            "start": "big",
            "replicate": 0,
            "solved": 1.0,
            "input_0": x,
            "input_1": y,
            "output_0": np.where(x + y == 1, 0.9, 0.1),
        }
    )


@pytest.fixture
def place(tmp_path):
    """Return a function to a folder with a runner, whose results are made up."""
    clear = workplace.losses(workplace.clear)
    return lambda answer=clear: workplace.Workplace(tmp_path, Answers(answer))


@pytest.fixture
def page() -> Page:
    """The page of an experiment."""
    definition = experiment()
    table = results(definition)
    return Page(
        name="depth",
        definition=definition,
        docstring="Depth beats width, seed by seed.",
        profile=PROFILES["standard"],
        table=table,
        curves=losses(table),
        errors=None,
        outputs=answers(),
        provenance=PROVENANCE,
        folder=Path("reports", "depth"),
        path=Path("experiments", "depth.py").absolute(),
    )


@pytest.fixture
def depending(page) -> Page:
    """The page with a claim that holds at depth 3 and not at depth 1, and a control."""
    best = {"measure": "test_error", "than": arm(2)}
    first, second, *others = page.definition.claims
    both = Each(Lowers(arm=arm(3), **best), Lowers(arm=arm(1), **best))
    learns = Control("deep nets learn", first.verdict, "more steps")
    changed = replace(second, verdict=Controlled(both, learns))
    claims = (first, changed, *others)
    return replace(page, definition=replace(page.definition, claims=claims))


def numbers():
    return pd.DataFrame({"quantity": ["sum", "half"], "deviation": [1.0, 0.1]})


@pytest.fixture
def simulated(page) -> Page:
    """The page of a simulation."""
    definition = Simulation(
        title="Sums",
        claims=(
            Claim(
                "t-05",
                verdict=Exact(
                    measure="deviation", where={"quantity": "sum"}, tolerance=0.5
                ),
            ),
        ),
        run=numbers,
        measures=(Column("deviation", "units"),),
        figures=(
            Deviations("deviation", by="quantity", where={}, limit=0.5, title="Errors"),
        ),
        tables=(Table("Sums", ("quantity",), called={"quantity": "what"}),),
    )
    return replace(
        page,
        name="sums",
        definition=definition,
        docstring="Sums are checked.",
        table=numbers(),
        curves=None,
        errors=None,
        outputs=None,
    )


@pytest.fixture
def strip(page) -> Page:
    """The page of an experiment that sweeps one thing."""
    definition = experiment(
        claims=(),
        anchors=(),
        model=lambda depth: depth,
        vary={"depth": (1, 2, 3)},
        figures=(Points("test_error", rows="depth"), Curves(hue="depth")),
    )
    alone = page.table["start"] == "big"
    return replace(
        page,
        definition=definition,
        table=page.table[alone].drop(columns="start"),
        curves=page.curves[alone].drop(columns="start"),
        errors=None,
        outputs=None,
    )


@pytest.fixture
def ledger() -> dict[str, LedgerRow]:
    return LEDGER


@pytest.fixture
def declare():
    """The function that declares the experiment, with other fields."""
    return SimpleNamespace(experiment=experiment, results=results)
