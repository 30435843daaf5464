"""Single runs: a source's differences stand beside the noise of its test set."""

from dataclasses import replace

import pandas as pd
import pytest

from experiments.figures.single_runs import Pair, SingleRuns
from study.lab.figures.shown import Shown

SURE = Pair({"rung": "dropout"}, {"rung": "deep"}, 0.9804, 0.9742)
NOISE = Pair({"rung": "deep"}, {"rung": "Xavier"}, 0.9742, 0.9783)
FIGURE = SingleRuns("deviation", pairs=(SURE, NOISE), images=10_000, title="Gains")


@pytest.fixture
def laddered():
    errors = {"dropout": 2.0, "deep": 2.5, "Xavier": 2.2}
    rows = [
        {"rung": rung, "replicate": seed, "deviation": error + seed}
        for rung, error in errors.items()
        for seed in (0, 1, 2)
    ]
    return Shown(pd.DataFrame(rows))


@pytest.mark.parametrize(
    ("one", "other", "z"),
    [(0.9804, 0.9742, 2.9), (0.9783, 0.9742, 1.9), (0.9804, 0.9783, 1.0)],
)
def test_z_is_that_of_two_shares_of_the_same_number_of_images(one, other, z):
    assert round(Pair({}, {}, one, other).z(10_000), 1) == z
    assert round(Pair({}, {}, other, one).z(10_000), 1) == -z


def test_the_noise_is_known_for_one_half():
    assert Pair({}, {}, 0.5, 0.5).noise(200) == pytest.approx(5)


def test_the_source_and_every_seed_are_seen(laddered):
    (axes,) = FIGURE.draw(laddered).axes
    sources = [each for each in axes.lines if each.get_marker() == "D"]
    assert [each.get_xdata()[0] for each in sources] == pytest.approx([0.62, -0.41])
    seeds = [each for each in axes.lines if each.get_marker() == "o"]
    assert [list(each.get_xdata()) for each in seeds] == [
        pytest.approx([0.5] * 3),
        pytest.approx([-0.3] * 3),
    ]


def test_without_runs_of_ours_there_are_only_the_source_s(laddered):
    alone = replace(FIGURE, ours=False)
    (axes,) = alone.draw(laddered).axes
    assert not [each for each in axes.lines if each.get_marker() == "o"]
    assert alone.name != FIGURE.name


def test_what_lies_within_the_noise_is_told_in_words(laddered):
    assert FIGURE.alt(laddered) == (
        "1 of 2 differences of single runs are within the noise of 10,000 test images: "
        "dropout − deep 0.62 points, ours 0.50; deep − Xavier −0.41 points, ours −0.30."
    )


def test_the_same_table_gives_the_same_bytes_and_another_one_others(laddered):
    moved = laddered.table["deviation"] + (laddered.table["rung"] == "deep")
    other = replace(laddered, table=laddered.table.assign(deviation=moved))
    assert FIGURE.svg(laddered) == FIGURE.svg(laddered) != FIGURE.svg(other)
