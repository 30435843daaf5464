"""Back-propagation formulas: known by hand, and wrong ones are seen."""

from pathlib import Path

import numpy as np
import pytest

from study.lab import registry
from study.lab.data import Draws
from study.lab.judgement import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "backprop_gradient_formulas.py"


@pytest.fixture(scope="module")
def formulas():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.fixture(scope="module")
def table(formulas):
    return formulas["run"](Draws("draft"), replicates=2)


@pytest.fixture
def network(formulas):
    return formulas["draw"](np.random.default_rng(0), 3)


@pytest.mark.slow
def test_two_claims_are_refuted_and_nine_exact(table):
    judged = judge_all(registry.load(FILE).definition, table)
    refuted = [claim.id for claim, verdict in judged if verdict.word == "refuted"]
    assert refuted == ["d0-10", "d0-11"]
    assert [verdict.word for _, verdict in judged].count("exact") == 9


@pytest.mark.slow
def test_autodiff_agrees_with_central_differences(table):
    checked = table["central_error"].dropna()
    assert len(checked) == 8
    assert checked.max() < 1e-6


def test_one_sigmoid_has_the_gradient_computed_by_hand(formulas):
    # o = 1/2, so that -(t - o)·o·(1 - o)·h = -(1 - 1/2)/4 · 2 = -1/4
    found = formulas["autodiff"](
        [np.zeros((1, 1))],
        [np.zeros(1)],
        np.array([2.0]),
        np.array([1.0]),
        [formulas["sigmoid"]],
        0,
    )
    assert found.item() == pytest.approx(-0.25)
    assert formulas["at_output"](
        np.array([1.0]), np.array([0.5]), np.array([2.0])
    ).item() == pytest.approx(-0.25)


def test_a_formula_that_lacks_a_factor_is_seen(formulas, network):
    kernels, biases, x, targets = network
    layers = formulas["outputs"](kernels, biases, x[0], formulas["numpy_sigmoid"])
    right = formulas["sigmoid_formulas"](targets[0], *layers, *kernels)
    lacking = formulas["relu_formulas"](targets[0], *layers, *kernels)
    for layer in range(3):
        found = formulas["autodiff"](
            kernels, biases, x[0], targets[0], [formulas["sigmoid"]] * 3, layer
        )
        assert formulas["error"](right[layer], found) < 1e-12
        assert formulas["error"](lacking[layer], found) > 1


def test_a_steeper_function_has_the_same_values_and_the_scaled_slope(formulas):
    sigmoid, gradient = formulas["sigmoid"], formulas["gradient"]
    changed = formulas["steeper"](sigmoid, 3.0)
    x = np.array(0.4)
    assert float(formulas["value"](changed, x)) == formulas["value"](sigmoid, x)
    assert gradient(changed, x) == pytest.approx(3 * gradient(sigmoid, x))


def test_a_gradient_has_a_factor_for_its_own_layer_and_each_above(formulas, network):
    counts = [
        [*formulas["exponents"](network, formulas["sigmoid"], layer)]
        for layer in range(3)
    ]
    np.testing.assert_allclose(counts, np.triu(np.ones((3, 3))), atol=1e-12)


@pytest.mark.slow
def test_counted_factors_are_one_to_four(table):
    counts = table[table["part"] == "factors"]
    assert counts["counted"].tolist() == pytest.approx([1, 2, 3, 4] * 2)
    assert counts["lecture"].dropna().tolist() == [3, 4] * 2


def test_positive_networks_have_every_relu_on(formulas):
    networks = [formulas["draw"](np.random.default_rng(1), 3, positive=True)]
    assert formulas["active"](networks) == 100


@pytest.mark.slow
def test_without_derivatives_relu_formulas_hold_where_all_are_on(table):
    found = table[table["claim"] == "d0-11"].set_index("network")
    assert found.loc["all on", "deviation"] < 1e-12
    assert found.loc["some off", "deviation"] > 0.1
    assert found.loc["all on, one t_n for all k", "deviation"] > 1e-3
    assert found.loc["some off", "active"] < 90


def test_an_error_where_nothing_arrives_counts_as_1(formulas):
    # A ReLU output at -1: its gradient is 0 and the formula without f′ is not.
    network = (
        [np.eye(1)] * 3,
        [np.zeros(1), np.zeros(1), np.array([-2.0])],
        np.ones((4, 1)),
        np.ones((4, 1)),
    )
    errors, central = formulas["compare"](formulas["relu_formulas"], "ReLU", [network])
    assert errors == [[1.0] * 4] * 3
    assert central == [[], [], []]


@pytest.mark.parametrize(
    ("depth", "weight", "size"),
    [(1, 1.0, 1 / 8), (2, 1.0, 1 / 32), (3, 8.0, 1 / 2)],
)
def test_a_chain_multiplies_a_quarter_of_its_weight_a_layer(
    formulas, depth, weight, size
):
    found, wanted, terms = formulas["chain"](depth, weight)
    assert wanted == pytest.approx(size)  # 1/8 · (weight / 4)^(depth - 1)
    assert found == pytest.approx(size)
    assert terms == 2 * depth + 1


def test_paths_of_a_linear_network_are_its_matrix_product(formulas):
    random = np.random.default_rng(2)
    kernels = [random.normal(size=each) for each in ((3, 2), (4, 3), (2, 4))]
    slopes = [np.ones(each) for each in (3, 4, 2)]
    delta, x = random.normal(size=2), random.normal(size=2)
    found = formulas["along_paths"](kernels, slopes, delta, x)
    expected = np.outer(delta @ kernels[2] @ kernels[1], x)
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.slow
def test_keras_averages_where_the_lecture_sums(table, formulas):
    found = table[table["part"] == "step"].set_index("reduction")["ratio"]
    # Keras keeps the learning rate in float32.
    assert found["sum"] == pytest.approx(1, abs=1e-6)
    assert found["sum_over_batch_size"] == pytest.approx(
        1 / formulas["EXAMPLES"], abs=1e-6
    )
