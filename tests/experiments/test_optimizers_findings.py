"""Optimizers: a wrong formula would be refuted, and the fastest rates are theory's."""

from pathlib import Path

import numpy as np
import pytest
from modules import module

from study.lab.data import Draws
from study.lab.declare import registry
from study.optimizers import Adam
from study.theory.descents import apart, descend, given, walk
from study.theory.formulas import adam

FOLDER = Path(__file__).parents[2] / "experiments"


def definition(finding):
    return registry.load(FOLDER / f"optimizers_{finding}.py").definition


def test_another_epsilon_would_be_refuted():
    rule = next(
        each.verdict for each in definition("formulas").claims if each.id == "d3-06"
    )
    start, gradients = np.zeros(2), np.array([[0.1, -0.2], [0.1, 0.1]])
    right = [*descend(start, given(gradients), [0.125] * 2, adam, 2)]
    for epsilon, refuted in ((1e-8, False), (1e-6, True)):
        points = walk(Adam(0.125, epsilon=epsilon), start, given(gradients), 2)
        assert (apart(points, right) > rule.tolerance) == refuted


def test_each_optimizer_is_keras_s_own_and_no_other():
    finding = module("optimizers_formulas")
    random = np.random.default_rng(0)
    start, gradients = random.normal(size=12), random.normal(size=(5, 12))
    for name in finding.TWINS:
        tolerance = 1e-7 if name == "Nadam" else finding.TOLERANCE
        walks = (walk(each, start, given(gradients), 5) for each in finding.twins(name))
        assert apart(*walks) < tolerance
        assert finding.nearest(name, start, gradients) > 1e-3
    # by gradients of 0 all but AdaDelta stay where they are, and so do the same
    nothing = np.zeros((3, finding.SIZE))
    assert finding.nearest("SGD", nothing[0], nothing) == 0


@pytest.fixture(scope="module")
def oscillation():
    return definition("paths").run(Draws("draft"), replicates=1)["oscillation"]


def test_the_fastest_rate_without_momentum_is_that_of_theory(oscillation):
    ours = (oscillation["method"] == "SGD") & (oscillation["condition"] == 20)
    plain = oscillation[ours].iloc[0]
    assert plain["strength"] == 0
    np.testing.assert_allclose(plain["rate"], 2 / (1 + 1 / 20), atol=0.025)


def test_no_strength_or_rate_is_the_best_at_the_edge_of_those_tried(oscillation):
    assert oscillation["edge"].isna().all()
