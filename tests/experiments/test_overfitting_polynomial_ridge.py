"""Polynomials: what is drawn is what was fitted, with a penalty and without."""

from pathlib import Path

import numpy as np

from study.lab.data import Draws
from study.lab.declare import registry

FILE = Path(__file__).parents[2] / "experiments" / "overfitting_polynomial_ridge.py"


def test_what_is_drawn_is_what_was_fitted():
    tables = registry.load(FILE).definition.run(Draws("draft"), replicates=1)
    fits = tables["fit"].query("examples == 15 and degree == 14").set_index("strength")
    assert [*fits.index] == [0.0, *(10.0**power for power in range(-10, 3))]
    drawn = tables["by_strength"].query("quantity == 'test error'")
    assert drawn["value"].tolist() == fits["test"].iloc[1:].tolist()
    alone = tables["by_degree"].query("quantity == 'training error' and degree == 14")
    np.testing.assert_allclose(alone["value"], np.log10(fits["train"].iloc[0]))
