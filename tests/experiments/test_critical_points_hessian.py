"""Critical points: every kind is told, and no slope is left."""

from pathlib import Path

import pytest

from study.lab.data import Draws
from study.lab.declare import registry

FILE = Path(__file__).parents[2] / "experiments" / "critical_points_hessian.py"


@pytest.fixture(scope="module")
def points():
    tables = registry.load(FILE).definition.run(Draws("draft"), replicates=1)
    return tables["critical_point"]


def test_himmelblau_has_four_minima_a_maximum_and_four_saddles(points):
    kinds = points[points["surface"] == "Himmelblau"]["seen"]
    assert kinds.value_counts().to_dict() == {"minimum": 4, "maximum": 1, "saddle": 4}


def test_the_slope_is_0_at_every_critical_point_and_none_is_misnamed(points):
    assert points["slope"].max() < 1e-12
    assert points["deviation"].max() < 1e-9
