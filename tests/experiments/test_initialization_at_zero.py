"""Initialization at zero: the steps are Keras's, and zeros do what is said of them."""

import numpy as np
import pytest
from modules import module


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return module("initialization_at_zero")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
def test_weights_after_steps_from_zeros_are_those_of_keras(finding, activation):
    labels = finding.TASKS["OR"]
    assert finding.distance_from_keras(1, labels, activation) < 1e-14


def test_stacked_runs_are_the_runs_one_by_one(finding):
    random = np.random.default_rng(1)
    drawn = finding.network(1, lambda shape: random.normal(size=(2, *shape)))
    labels = finding.TASKS["XOR"]

    def losses(layers):
        copies = [tuple(each.copy() for each in pair) for pair in layers]
        curve = finding.trained(copies, labels, "sigmoid", 50)
        return np.array([loss for _, loss in curve])

    alone = [losses([(k[i], b[i]) for k, b in drawn]) for i in (0, 1)]
    np.testing.assert_allclose(losses(drawn), np.stack(alone, axis=-1), rtol=1e-12)


def test_only_sigmoid_units_on_a_lopsided_task_move_and_they_move_as_one(finding):
    rows = list(finding.from_zeros(100))
    ends = [row for row in rows if row["table"] == "end"]
    assert {row["gradient"] for row in ends} == {0}
    assert max(row["apart"] for row in ends) < 1e-12
    moved = {(row["task"], row["activation"]) for row in ends if row["moved"]}
    assert moved == {("OR", "sigmoid")}
