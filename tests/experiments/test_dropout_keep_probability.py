"""What dropout keeps, over how many units, and what its training costs."""

import numpy as np
import pytest
from histories import watched
from modules import module

from study.lab.declare.wide import network
from study.lab.rules.statements import deviation
from study.layers import Dropout


def test_labels_of_the_rate_are_the_shares_kept():
    definition = module("dropout_rate").EXPERIMENT
    for profile, shares in (("standard", 6), ("paper", 7)):
        swept = definition.at(profile).vary["kept"]
        assert [*swept] == sorted(swept)
        assert len(swept) == shares
        for label, kept in swept.items():
            layers = network(kept, (4,), 3).layers
            rates = [each.rate for each in layers if isinstance(each, Dropout)]
            assert rates == pytest.approx([1 - label] * 2)
            found = [each.units for each in layers if hasattr(each, "units")]
            assert found == [512, 512, 3]


def test_the_network_of_the_source_keeps_half_and_four_fifths_of_its_inputs():
    definition = module("dropout_data_size").EXPERIMENT.at("paper")
    model = network(definition.vary["kept"]["half"], (784,), 10)
    rates = [each.rate for each in model.layers if isinstance(each, Dropout)]
    assert rates == pytest.approx([0.2, 0.5, 0.5, 0.5])
    units = [each.units for each in model.layers if hasattr(each, "units")]
    assert units == [1_024, 1_024, 2_048, 10]


def test_shares_switched_off_are_near_the_ratio_and_a_wrong_one_strays():
    finding = module("dropout_on_few_images")
    model, x = finding.model(0.2, (784,), 10), np.zeros((300, 784), "float32")
    assert float(finding.off(model, x, None)) == pytest.approx(20, abs=1)
    assert float(finding.stray(model, x, None)) < finding.STANDARD_ERRORS
    finding.dropouts(model)[0].call = lambda inputs, training: inputs
    assert float(finding.stray(model, x, None)) > finding.STANDARD_ERRORS


def test_the_best_is_near_when_the_error_comes_close_to_its_lowest():
    cost = module("dropout_cost")
    errors = [[0.30, 0.109, 0.10, 0.12], [0.30, 0.12, 0.10, 0.12]]
    history = watched("validation", [2, 4, 6, 8], error=errors)
    assert cost.UpdatesToBest().read(history).tolist() == [4, 6]


def test_the_first_look_that_is_low_enough_counts_and_never_is_the_last():
    finding = module("dropout_cost")
    error = np.array([[0.5, 0.1, 0.2, 0.05], [0.5, 0.5, 0.5, 0.5]])
    history = watched("validation", [2, 4, 6, 8], error=error)
    assert finding.UpdatesTo(10).read(history).tolist() == [4, 8]


def test_a_mask_kept_for_an_epoch_is_that_of_the_seed_handed_in():
    slopes = module("dropout_at_test_time").slopes
    first, again = (
        [deviation(*pair) for _, _, *pair in slopes(0.5, np.random.default_rng(0))]
        for _ in range(2)
    )
    assert first == again


def test_only_networks_named_so_drop_and_one_is_twice_as_wide():
    step = module("dropout_cost_of_a_step")
    for name, (units, rate) in step.NETWORKS.items():
        layers = step.network(units, rate).layers
        dense = [each.units for each in layers if hasattr(each, "units")]
        wide = 1_024 if "twice" in name else 512
        assert dense == [wide, wide, 10]
        rates = [each.rate for each in layers if isinstance(each, Dropout)]
        assert rates == ([0.5] * 2 if "dropout" in name else [])
