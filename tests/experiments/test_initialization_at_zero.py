"""Initialization at zero: the passes are Keras's, and zeros do what is said of them."""

from pathlib import Path

import numpy as np
import pytest

from study.lab import registry

FILE = Path(__file__).parents[2] / "experiments" / "initialization_at_zero.py"


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
@pytest.mark.parametrize("depth", [1, 2])
def test_gradients_are_central_differences(finding, activation, depth):
    random = np.random.default_rng(0)
    kernels, biases = finding["network"](depth, random.standard_normal)
    for each in biases:  # keep ReLU off its kink, which zero inputs would meet
        each += 0.3
    labels = finding["TASKS"]["OR"]
    passes = finding["passes"]
    _, *gradients = passes(kernels, biases, labels, activation)
    for weights, slopes in zip((kernels, biases), gradients, strict=True):
        for weight, slope in zip(weights, slopes, strict=True):
            for place in np.ndindex(weight.shape):
                found = []
                for step in (1e-6, -2e-6):
                    weight[place] += step
                    found.append(passes(kernels, biases, labels, activation)[0])
                weight[place] += 1e-6
                assert slope[place] == pytest.approx(
                    (found[0] - found[1]) / 2e-6, abs=1e-8
                )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
def test_weights_after_steps_from_zeros_are_those_of_keras(finding, activation):
    labels = finding["TASKS"]["OR"]
    assert finding["distance_from_keras"](1, labels, activation) < 1e-14


def test_stacked_runs_are_the_runs_one_by_one(finding):
    random = np.random.default_rng(1)
    drawn, _ = finding["network"](1, lambda shape: random.normal(size=(2, *shape)))
    labels = finding["TASKS"]["XOR"]

    def losses(kernels):
        kernels = [each.copy() for each in kernels]
        zeros = [np.zeros((*each.shape[:-2], 1, each.shape[-1])) for each in kernels]
        curve = finding["descend"](kernels, zeros, labels, "sigmoid", 50)
        return np.array([loss for _, loss in curve])

    alone = [losses([each[i] for each in drawn]) for i in (0, 1)]
    np.testing.assert_allclose(losses(drawn), np.stack(alone, axis=-1), rtol=1e-12)


def test_the_best_guess_of_a_half_costs_log_2(finding):
    assert finding["guess"](np.array([0.0, 1.0])) == pytest.approx(np.log(2))


def test_only_sigmoid_units_on_a_lopsided_task_move_and_they_move_as_one(finding):
    rows = list(finding["from_zeros"](100))
    ends = [row for row in rows if row["part"] == "end"]
    assert {row["gradient"] for row in ends} == {0}
    assert max(row["apart"] for row in ends) < 1e-12
    moved = {(row["task"], row["activation"]) for row in ends if row["moved"]}
    assert moved == {("OR", "sigmoid")}
