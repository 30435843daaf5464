"""Runs that diverged are shown as such wherever their page looks, whatever was read."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.figures.rates import Rates
from experiments.figures.search import Search
from experiments.figures.single_runs import Pair, SingleRuns
from experiments.figures.surface import Surface
from study.lab import judge
from study.lab.declare.definition import Claim
from study.lab.declare.measures import Probe, TestError
from study.lab.figures import Curves, Learning, Lines, Points
from study.lab.rules.verdicts import Equivalent, Exact, Greater, Rate, Shape
from study.lab.show.book import Book
from study.lab.show.handed import handed
from study.lab.show.page import render_page

FIGURES = (
    Points("spread", rows="depth"),
    Points("spread", rows="start", panels="depth", title="Spread"),
    Lines("spread", x="depth", hue="start"),
    Lines("spread", x="test_error", hue="depth", log="xy", title="Spread over error"),
    Lines(
        "spread", x="test_error", hue="start", panels="depth", log="xy", title="Panels"
    ),
    Rates("told", rows="depth", hue="start"),
    SingleRuns(
        "spread",
        pairs=(
            Pair({"depth": 3}, {"depth": 1}, 0.98, 0.97),
            Pair({"depth": 3}, {"depth": 2}, 0.98, 0.96),
        ),
        images=10_000,
        title="Gains",
    ),
    Surface(per="spread", names={1.5: "calm", 0: "none"}),
    Learning(panels="depth"),
    Curves(panels="depth", hue="start"),
)
ONE, ALL = {"depth": 1, "start": "only"}, {"depth": 2, "start": "only"}
CALM = {"depth": 3, "start": "only"}


def spread(model, x, y):
    return 0.0


def rule(**how):
    return Greater(measure="spread", delta=1, **how)


@pytest.fixture(
    params=[
        pytest.param(np.nan, id="NaN"),
        pytest.param(np.inf, id="infinite", marks=pytest.mark.slow),
    ]
)
def broken(request, page):
    """A page on which one run of depth 1 and all of depth 2 diverged."""
    definition = replace(
        page.definition,
        claims=(
            Claim("t-01", text="x", verdict=rule(arm=CALM, than=ONE)),
            Claim("t-02", text="y", verdict=Rate(measure="told", arm=ALL, above=0.5)),
            Claim(
                "t-03",
                text="z",
                verdict=Shape(
                    rule(arm=CALM, than=ONE),
                    Equivalent(
                        measure="test_error",
                        arm=CALM,
                        than=ONE,
                        margin=1,
                        because="a test",
                    ),
                ),
            ),
        ),
        anchors=(),
        vary={"depth": (1, 2, 3), "start": ("only",)},
        measures=(Probe("spread", spread), Probe("told", spread), TestError()),
        figures=FIGURES,
    )
    depths, runs = np.repeat([1, 2, 3], 10), np.tile(np.arange(10), 3)
    lost = (depths == 2) | ((depths == 1) & (runs == 4))
    table = pd.DataFrame(
        {
            "depth": depths,
            "start": "only",
            "replicate": runs,
            "diverged": pd.array([7 if each else None for each in lost], "Int64"),
            "spread": np.where(lost, request.param, depths + runs / 10),
            "told": np.where(lost, request.param, runs % 2),
            "test_error": np.where(lost, 90.0, 10 - depths + runs / 20),
        }
    )
    curves = table[["depth", "start", "replicate"]].assign(
        **{"100": 0.5, "400": np.where(lost, request.param, 0.1)}
    )
    errors = curves.assign(split="validation")
    errors["400"] = np.where(lost, np.nan, 0.1)
    steps = {"100": 100, "400": 400}
    calm = page.outputs.assign(depth=1, start="only", replicate=5, spread=1.5)
    wild = calm.assign(replicate=4, spread=np.nan, output_0=request.param)
    return replace(
        page,
        outputs=pd.concat([calm, wild]),
        definition=definition,
        table=table,
        curves=curves.rename(columns=steps),
        errors=errors.rename(columns=steps),
    )


@pytest.mark.parametrize("figure", FIGURES, ids=lambda each: each.name)
def test_every_figure_is_drawn_and_tells_in_words(figure, broken):
    shown = handed(broken, figure)
    words = figure.alt(shown) + figure.caption(shown)
    assert "nan" not in words
    if getattr(figure, "log", "") != "xy":  # which leaves out what has no place there
        assert "diverged" in words
    assert b"nan" not in figure.svg(shown).lower().replace(b"dominant", b"")


def test_a_source_s_differences_stand_beside_the_seeds_that_did_not_diverge(broken):
    (figure,) = (each for each in FIGURES if isinstance(each, SingleRuns))
    shown = handed(broken, figure)
    words = figure.alt(shown)
    first, second = words.split("; ")
    assert "ours \N{MINUS SIGN}2.00 (1 of 10 diverged)" in first
    assert second.endswith("ours diverged.")
    assert "A cross marks" in figure.caption(shown)
    (axes,) = figure.draw(shown).axes
    marked = {
        marker: [
            len(each.get_xdata()) for each in axes.lines if each.get_marker() == marker
        ]
        for marker in "oX"
    }
    assert marked == {"o": [9, 0], "X": [1, 10]}


def test_outputs_that_are_no_numbers_are_a_panel_that_says_so(broken):
    (figure,) = (each for each in FIGURES if isinstance(each, Surface))
    shown = handed(broken, figure)
    headline, calm, wild = re.split(": (?=calm)|; (?=no)(?!.*calm)", figure.alt(shown))
    assert headline == figure.headline(shown)
    assert calm.startswith("calm (seed 5): the output is ")
    assert wild == "no number (seed 4): it diverged."
    _, panel, _ = figure.draw(shown).axes
    assert [each.get_text() for each in panel.texts] == ["diverged"]
    assert not panel.collections
    alone = replace(shown, outputs=shown.outputs[shown.outputs["replicate"] == 4])
    assert len(figure.draw(alone).axes) == 1  # and no scale of colors
    assert figure.svg(alone)


def test_a_strip_and_a_trend_cross_runs_that_have_no_number(broken):
    for figure in (FIGURES[0], FIGURES[2]):
        (axes,) = figure.draw(handed(broken, figure)).axes
        crosses = [
            each
            for each in axes.lines
            if each.get_marker() == "X" and len(each.get_xdata())
        ]
        marked = sum(np.isfinite(each.get_ydata()).sum() for each in crosses)
        assert marked == 11


def test_the_page_says_in_each_cell_how_many_runs_have_no_number(broken, ledger):
    changed = replace(broken, definition=replace(broken.definition, figures=()))
    text = render_page(changed, Book(ledger))
    cells = text["README.md"].decode().split("Every cell")[1].split("\n\n")[1]
    first, second, third = cells.splitlines()[2:5]
    assert first.count("; diverged in 1 of 10") == 2
    assert second.split(" | ")[4:6] == ["diverged", "diverged"]
    assert "diverged" not in third


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("t-01", "spread: diverged in 1 of 20 runs"),
        ("t-02", "told: diverged in 10 of 10 runs"),
        ("t-03", "spread: diverged in 1 of 20 runs"),
    ],
)
def test_a_claim_about_numbers_that_are_not_there_is_unresolved(broken, claim, reason):
    found = {each.id: verdict for each, verdict in broken.judged}
    assert found[claim].word == "unresolved"
    assert found[claim].reason == reason
    assert judge.undecided_all(broken.definition, broken.table) == {}


def test_a_run_that_broke_off_without_diverging_is_called_by_no_other_name(broken):
    table = broken.table.assign(diverged=pd.array([None] * 30, "Int64"))
    found = judge.judge_all(broken.definition, table)
    assert found[0][1].reason == "spread: not a number in 1 of 20 runs"


def test_what_is_exact_is_refuted_by_what_is_no_number(broken):
    claim = Claim(
        "t-01", text="x", verdict=Exact(measure="spread", where=ALL, tolerance=9)
    )
    definition = replace(broken.definition, claims=(claim,))
    ((_, verdict),) = judge.judge_all(definition, broken.table)
    assert verdict.word == "refuted"


def test_a_search_leaves_out_trials_that_diverged(broken):
    trials = {1: (0.1,), 2: (0.2,), 3: (0.3,)}
    figure = Search("spread", by="depth", trials=trials, names=("rate",), best=2)
    shown = handed(broken, figure)
    assert "nan" not in figure.alt(shown)
    assert figure.svg(shown)
