"""Regularizers: arms hold what they say, formulas and shares count what they should."""

import keras
import numpy as np
import pytest
from modules import module

from study.constraints import ProximalL1
from study.lab.rules.statements import deviation
from study.layers import Dropout
from study.regularizers import L1, L2
from study.theory.penalties import of_norms, squares

FINDING = module("regularizers_compared")
STRENGTHS = FINDING.EXPERIMENT.tune["strength"]


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("regularizer", FINDING.REGULARIZERS)
def test_a_network_has_what_its_name_says(regularizer, strength):
    tried = FINDING.REGULARIZERS[regularizer]
    settings = tried[strength - 1]
    network = FINDING.model(tried, strength, (784,), 10)
    drops = [each.rate for each in network.layers if isinstance(each, Dropout)]
    dense = [each for each in network.layers if isinstance(each, keras.layers.Dense)]
    assert [each.units for each in dense] == [512, 512, 10]
    assert (sum(drops) > 0) == ("dropout" in regularizer)
    for each in dense:
        penalty = each.kernel_regularizer
        assert penalty.l2 == settings.get("l2", 0.0)
        assert penalty.l1 == settings.get("l1", 0.0)
        assert (each.kernel_constraint is not None) == ("max-norm" in regularizer)
    sparse = [each.activity_regularizer is not None for each in dense]
    assert sparse == [bool(settings.get("sparsity"))] * 2 + [False]


def test_settings_are_of_what_they_are_listed_under():
    for name, key in {
        "none": "rate",
        "L2": "l2",
        "L1": "l1",
        "KL sparsity": "sparsity",
        "max-norm": "max_norm",
        "dropout": "dropped",
    }.items():
        assert all({*each} == {key} for each in FINDING.REGULARIZERS[name])


def test_each_has_as_many_strengths_and_they_stand_in_order():
    for tried in FINDING.REGULARIZERS.values():
        numbers = [tuple(each.values()) for each in tried]
        assert len(numbers) == len(STRENGTHS)
        assert numbers == sorted(set(numbers))


def test_gradients_are_cut_for_the_penalty_without_a_bound_alone():
    for name, tried in FINDING.REGULARIZERS.items():
        optimizer = FINDING.optimizer(tried, 1, 0.1)
        assert (optimizer.global_clipnorm is not None) == (name == "KL sparsity")


def test_where_there_is_nothing_to_strengthen_every_trial_has_a_rate_of_its_own():
    for name, tried in FINDING.REGULARIZERS.items():
        rates = {
            round(float(FINDING.optimizer(tried, strength, rate).learning_rate), 6)
            for strength in STRENGTHS
            for rate in FINDING.RATES
        }
        trials = len(STRENGTHS) * len(FINDING.RATES)
        assert len(rates) == (trials if name == "none" else len(FINDING.RATES))


def test_a_bound_on_the_norm_lets_squares_reach_its_square():
    finding = module("regularizers_formulas")
    w = of_norms(np.random.default_rng(0), finding.INPUTS, finding.NORMS)
    assert squares(w).min() < min(finding.BOUNDS)
    assert squares(w).max() > max(finding.BOUNDS) ** 2
    rows = list(finding.max_norm(w))
    beyond = max(deviation(*pair) for claim, _, *pair in rows if claim == "beside")
    assert beyond == pytest.approx(4.0**2 - 4.0, rel=1e-3)
    of_claim = (deviation(*pair) for claim, _, *pair in rows if claim == "d4-29")
    assert max(of_claim) < 1e-12


def test_shares_count_weights_near_zero_of_all_kernels():
    finding = module("l1_zeros")
    model = finding.model([{}], 1, (784,), 10)
    hidden, output = (np.ones(each.kernel.shape) for each in model.layers)
    hidden[:392] = 0.0005
    hidden[:196] = 0
    model.layers[0].kernel.assign(hidden)
    model.layers[1].kernel.assign(output)
    weights = hidden.size + output.size
    found = [
        float(getattr(finding, name)(model, None, None))
        for name in ("almost_zero", "exactly_zero")
    ]
    near, exact = 39_200 / weights * 100, 19_600 / weights * 100
    np.testing.assert_allclose(found, [near, exact], rtol=1e-5)


@pytest.mark.parametrize("method", module("l1_zeros").METHODS)
def test_every_layer_has_the_one_penalty_of_its_method(method):
    finding = module("l1_zeros")
    tried = finding.METHODS[method]
    assert len(tried) == len(finding.EXPERIMENT.tune["trial"])
    for layer in finding.model(tried, 2, (784,), 10).layers:
        penalty, constraint = layer.kernel_regularizer, layer.kernel_constraint
        assert isinstance(penalty, L1) == (method == "L1")
        assert isinstance(penalty, L2) == (method == "L2")
        assert isinstance(constraint, ProximalL1) == ("proximal" in method)


def test_both_steps_of_l1_shrink_weights_alike():
    finding = module("l1_zeros")
    penalties, thresholds = (
        finding.METHODS[each] for each in ("L1", "L1, proximal step")
    )
    for penalty, threshold in zip(penalties, thresholds, strict=True):
        assert threshold["threshold"] == finding.RATE * penalty["l1"]
