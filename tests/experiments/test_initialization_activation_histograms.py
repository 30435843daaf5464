"""Initialization by histogram: whose formula takes which count is measured."""

import numpy as np
import pytest
from modules import module


@pytest.fixture(scope="module")
def finding():
    return module("initialization_activation_histograms")


@pytest.fixture(scope="module")
def errors(finding):
    return {row["quantity"]: row["error"] for row in finding.formulas()}


def test_glorot_s_scale_moves_with_both_counts_and_the_code_s_with_one(finding, errors):
    unused = [errors[name] for name in finding.COUNTS]
    assert unused == [0, 1, 1]


def test_the_code_s_xavier_is_not_glorot_s_scale_but_where_both_counts_are_one(
    finding, errors
):
    assert errors[finding.AS_THEIRS] == pytest.approx(1 - np.sqrt(500 / 2 / 400))
    assert errors["Xavier weights"] < 1e-6
    assert errors["He weights"] < 1e-6
