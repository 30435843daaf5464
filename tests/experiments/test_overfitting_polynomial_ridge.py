"""Polynomials: as many coefficients as points leave nothing of the targets."""

from pathlib import Path

import numpy as np

from study.lab import registry
from study.lab.data import Draws

FILE = Path(__file__).parents[2] / "experiments" / "overfitting_polynomial_ridge.py"


def test_a_polynomial_with_as_many_coefficients_as_points_meets_them():
    table = registry.load(FILE).definition.run(Draws("draft"), replicates=1)
    (found,) = table.query(
        "part == 'degree' and examples == 15 and degree == 14"
    ).to_dict("records")
    assert found["train"] < 1e-12
    np.testing.assert_allclose(found["misfit"], np.log10(15 * found["train"]))
