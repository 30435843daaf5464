"""Cures for overfitting: arms hold what they say, and each has as many trials."""

import keras
import pytest
from modules import module

from study.layers import Dropout

FINDING = module("early_stopping")


@pytest.mark.parametrize("regularizer", FINDING.REGULARIZERS)
def test_a_trial_has_the_strength_that_is_listed_and_no_other(regularizer):
    tried = FINDING.REGULARIZERS[regularizer]
    assert len(tried) == len(FINDING.EXPERIMENT.tune["trial"])
    for trial, settings in enumerate(tried, 1):
        network = FINDING.model(tried, trial, (784,), 10)
        assert rates(network) == {settings.get("rate", 0.0)}
        assert decays(network) == {settings.get("decay", 0.0)}


def rates(network):
    return {each.rate for each in network.layers if isinstance(each, Dropout)}


def decays(network):
    layers = [each for each in network.layers if isinstance(each, keras.layers.Dense)]
    return {each.kernel_regularizer.strength for each in layers}


def test_each_cure_is_held_against_none_alone():
    none = FINDING.arm()
    (claim,) = (x for x in FINDING.EXPERIMENT.claims if x.id == "d4-22")
    for each in claim.verdict.rule.comparisons:
        assert each.than == none
        assert sum(each.arm[name] != none[name] for name in none) == 1


@pytest.mark.parametrize("network", module("stochastic_pooling").NETWORKS)
def test_a_network_has_the_one_regularizer_of_its_name(network):
    finding = module("stochastic_pooling")
    tried = finding.NETWORKS[network]
    built = finding.model(tried, 3, (784,), 10)
    kinds = {type(each).__name__ for each in built.layers}
    convolutions = [x for x in built.layers if isinstance(x, keras.layers.Conv2D)]
    assert ("StochasticPooling2D" in kinds) == (network == "stochastic pooling")
    assert ("DropConnect" in kinds) == (network == "DropConnect")
    assert (rates(built) != {0.0}) == (network == "dropout")
    decay = {each.kernel_regularizer.strength for each in convolutions}
    assert (decay != {0.0}) == (network == "weight decay")
    assert len(tried) == len(finding.EXPERIMENT.tune["trial"])
