"""Optimizers: steps, turns and arithmetic agree with what is counted by hand."""

from pathlib import Path

import numpy as np
import pytest

from study.gradients import gradient
from study.lab import registry

FOLDER = Path(__file__).parents[2] / "experiments"


def names(finding):
    """Return the names of a finding's module."""
    definition = registry.load(FOLDER / f"optimizers_{finding}.py").definition
    return getattr(definition, "run", getattr(definition, "model", None)).__globals__


def test_the_arithmetic_of_a_step_is_counted_by_hand():
    finding = names("formulas")
    counted = {
        name: finding["operations"](step, slots)
        for name, (_, step, _, slots) in finding["RULES"].items()
    }
    assert counted["SGD"] == 2  # a product and a difference
    assert counted["Momentum"] == 4  # two products, a difference, a sum
    assert counted["AdaGrad"] == 7  # square, sum, root, sum, product, quotient, diff.
    assert counted["Adam"] > counted["RMSProp"] > counted["AdaGrad"]


def test_another_epsilon_would_be_refuted():
    finding = names("formulas")
    start, gradients = np.zeros(2), np.array([[0.1, -0.2], [0.1, 0.1]])
    right = finding["by_formula"](finding["adam"], 2, start, gradients)
    for epsilon, refuted in ((1e-8, False), (1e-6, True)):
        optimizer = finding["Adam"](finding["RATE"], epsilon=epsilon)
        points = finding["ours"](optimizer, start, gradients)
        assert (finding["apart"](points, right) > finding["TOLERANCE"]) == refuted


def test_steps_that_go_back_are_counted():
    finding = names("paths")
    assert finding["reversals"](np.array([0.0, 1.0, 0.5, 0.7, 0.9])) == 2
    assert finding["reversals"](np.array([3.0, 2.0, 1.0])) == 0


def test_the_fastest_rate_without_momentum_is_that_of_theory():
    finding = names("paths")
    rate, strength = finding["settings"](20)[finding["PLAIN"]]
    assert strength == 0
    np.testing.assert_allclose(rate, 2 / (1 + 1 / 20), atol=0.025)
    fastest = finding["slowest"](20, 0.0).min()
    np.testing.assert_allclose(fastest, (20 - 1) / (20 + 1), atol=0.005)


def test_as_many_steps_are_needed_as_the_shrinking_says():
    finding = names("paths")
    start = np.array([1.0, 0.0])  # along the valley alone: 1 - rate / condition a step
    steps, turns = finding["descend"](10, start, 1.0, 0.0)
    assert steps == np.ceil(np.log(1e-3) / np.log(0.9))
    assert turns == 0
    _, turns = finding["descend"](10, np.array([0.0, 1.0]), 1.5, 0.0)
    assert turns == 9  # of ten steps that each overshoot by half


def test_the_path_of_the_source_is_walked_from_its_start():
    finding = names("paths")
    points = finding["walk"](finding["SGD"](0.95))
    assert points.shape == (31, 2)
    np.testing.assert_allclose(points[1], [-7 * (1 - 0.095), 2 * (1 - 1.9)])


@pytest.mark.parametrize("surface", ["saddle", "long valley", "Beale's function"])
def test_slopes_are_those_of_the_surface(surface):
    finding = names("surfaces")
    height = finding["SURFACES"][surface][0]
    for point in ((0.7, -0.4), (-1.2, 1.3)):
        expected = gradient(lambda z: height(z[0], z[1]), np.array(point))
        np.testing.assert_allclose(finding["slope"](surface, *point), expected)


def test_steps_count_from_the_start_and_never_is_all_of_them():
    finding = names("surfaces")
    reached = np.zeros((4, 2), bool)
    reached[2:, 0] = True
    assert finding["first"](reached).tolist() == [2, 3]


def test_the_goals_are_minima():
    finding = names("surfaces")
    for surface in ("long valley", "Beale's function"):
        goal = finding["SURFACES"][surface][3]
        np.testing.assert_allclose(finding["slope"](surface, *goal), 0, atol=1e-12)
