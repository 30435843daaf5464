"""Initialization at zero: the steps are Keras's, and zeros do what is said of them."""

import numpy as np
import pytest
from modules import module

from study.lab.data import digits


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return module("initialization_at_zero")


@pytest.fixture(scope="module")
def ends(finding):
    """Return how each network ends after a few steps on small images."""
    found = finding.one_seed(np.random.default_rng(0), digits().load(), 100, 30)
    return [row for row in found if row["table"] == "end"]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
def test_weights_after_steps_from_zeros_are_those_of_keras(finding, activation):
    task = finding.logic("OR", 20)
    assert finding.distance_from_keras(1, task, activation) < 1e-14


def test_from_zeros_units_have_no_gradient_at_first_and_never_come_apart(finding, ends):
    zeros = [row for row in ends if row["start"] == finding.ZEROS]
    assert {row["gradient"] for row in zeros} == {0}
    assert max(row["apart"] for row in zeros) < 1e-12


def test_only_sigmoid_units_move_and_not_on_balanced_xor(finding, ends):
    zeros = [row for row in ends if row["start"] == finding.ZEROS]
    moved = {(row["task"], row["activation"]) for row in zeros if row["moved"]}
    assert moved == {("OR", "sigmoid"), ("MNIST", "sigmoid")}


def test_drawn_weights_come_apart_and_learn_images(finding, ends):
    drawn = [row for row in ends if row["start"] == finding.RANDOM]
    assert min(row["apart"] for row in drawn) > 0.01
    learned = {row["activation"]: row["learned"] for row in drawn if row["depth"] == 1}
    assert min(learned.values()) > finding.LEARNED
