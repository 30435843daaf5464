"""The activation zoo: its numbers are those known by hand."""

import numpy as np
import pytest
from modules import module

from study.lab.data import Draws
from study.lab.judge import judge_all

WORDS = {
    "d0-08": "depends",
    "d2-14": "exact (with a condition)",
    "d2-19": "exact (with a condition)",
    "d3-10": "depends",
}


@pytest.fixture(scope="module")
def zoo():
    """Return the module's names."""
    return module("activations_formulas_and_derivatives")


@pytest.fixture(scope="module")
def tables(zoo):
    return zoo.run(Draws("draft"), replicates=2)


@pytest.fixture(scope="module")
def verdicts(zoo, tables):
    return {claim.id: verdict for claim, verdict in judge_all(zoo.EXPERIMENT, tables)}


def test_two_claims_lack_an_end_two_depend_and_the_rest_are_exact(verdicts):
    words = {id: verdict.word for id, verdict in verdicts.items()}
    assert {id: word for id, word in words.items() if word != "exact"} == WORDS
    assert len(words) == 25


def test_a_claim_that_depends_says_on_which_reading(verdicts):
    assert verdicts["d0-08"].reason == (
        "in the pre-activation: exact; in a weight: refuted"
    )
    assert verdicts["d0-08"].effect == pytest.approx(0.75)  # 4/4 - 1/4
    assert verdicts["d3-10"].reason == (
        "where x > 0: exact; on both sides of 0: refuted"
    )


def test_slopes_by_central_differences_and_by_keras_agree(tables):
    definitions, facts = tables["definition"], tables["fact"]
    # Truncation, step² / 6, is below 1e-10, and rounding, 10 · 1e-16 / step, too.
    assert definitions["central_error"].max() < 1e-9
    assert facts["central_error"].max() < 1e-9
    # Keras keeps the slope of leaky ReLU in float32; where x = 0 sinc is undefined.
    keras = definitions[definitions["activation"] != "sinc"]["keras_error"]
    assert keras.max() < 1e-7
    assert (keras < 1e-12).sum() == keras.notna().sum() - 3


def test_the_grid_holds_every_kink(zoo):
    assert {-1.0, 0.0, 0.5, 3.0} <= {*zoo.GRID.tolist()}
    assert not {0.0, 0.5} & {*zoo.BETWEEN.tolist()}


@pytest.mark.parametrize(
    ("name", "minimum", "at"),
    [("swish", -0.2784645, -1.2784645), ("mish", -0.30884, -1.19243)],
)
def test_minima_are_the_known_ones(tables, name, minimum, at):
    found = tables["extremes"].set_index("activation").loc[name]
    assert found["minimum"] == pytest.approx(minimum, abs=1e-5)
    assert found["minimum_at"] == pytest.approx(at, abs=1e-5)


def test_the_minimum_of_sinc_is_where_tan_x_is_x(tables):
    found = tables["extremes"].set_index("activation").loc["sinc"]
    assert np.tan(found["minimum_at"]) == pytest.approx(found["minimum_at"], rel=1e-5)


def test_largest_slopes_are_the_known_ones(tables):
    found = tables["extremes"].set_index("activation")["largest_slope"]
    assert found["sigmoid"] == pytest.approx(0.25, abs=1e-12)
    assert found[["tanh", "softsign", "ReLU"]].tolist() == pytest.approx([1, 1, 1])
    assert found["swish"] == pytest.approx(1.0998393, abs=1e-6)


def test_a_sigmoid_is_saturated_where_its_slope_is_below_a_hundredth(tables):
    # σ(1 - σ) = 0.01 at σ = 1/2 - sqrt(0.24), that is |x| = 4.5849
    found = tables["extremes"].set_index("activation")["saturated"]
    assert found["sigmoid"] == pytest.approx(100 * 2 * 542 / 2001)
    assert found["ReLU"] == pytest.approx(100 * 1001 / 2001)


def test_the_slope_in_a_weight_grows_with_the_input(tables):
    found = tables["fact"][tables["fact"]["reading"] == "in a weight"]
    np.testing.assert_allclose(found["largest_slope"], found["input"] / 4, rtol=1e-12)


def test_leaky_slopes_are_those_of_the_lectures_and_of_keras(tables):
    found = tables["leaky"]["negative_slope"]
    np.testing.assert_allclose(found, [0.01, 0.1, 0.1, 0.2, 0.3], rtol=1e-7)
