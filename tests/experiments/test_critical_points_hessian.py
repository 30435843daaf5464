"""Critical points: eigenvalues by hand, kinds by values, losses known at the ends."""

from pathlib import Path

import numpy as np
import pytest

from study.gradients import gradient, hessian, value
from study.lab import registry
from study.lab.data import Draws

FILE = Path(__file__).parents[2] / "experiments" / "critical_points_hessian.py"


@pytest.fixture(scope="module")
def names():
    return registry.load(FILE).definition.run.__globals__


@pytest.fixture(scope="module")
def points(names):
    return list(names["critical_points"]())


def test_eigenvalues_of_a_matrix_worked_out_by_hand(names):
    # ((1, 2), (2, -2)): trace -1, determinant -6, so 2 and -3
    np.testing.assert_allclose(names["eigenvalues"]((1, 2, -2)), [-3, 2], atol=1e-15)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((1, 2), "minimum"),
        ((-2, -1), "maximum"),
        ((-1, 1), "saddle"),
        ((0, 1), "undecided"),
        ((-1, 0), "undecided"),
        ((0, 0), "undecided"),
    ],
)
def test_signs_of_the_eigenvalues_tell_the_kind(names, values, kind):
    assert names["kind_by_eigenvalues"](values) == kind


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda x: x[0] ** 4 + x[1] ** 4, "minimum"),
        (lambda x: -(x[0] ** 4) - x[1] ** 2, "maximum"),
        (lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2, "saddle"),
        (lambda x: 0 * x[0] + 0 * x[1], "flat"),
    ],
)
def test_values_around_tell_the_kind_where_the_hessian_does_not(names, function, kind):
    assert names["kind_by_values"](function, np.zeros(2)) == kind


def test_every_hessian_by_hand_agrees_with_central_differences(names):
    h, at = 1e-3, np.array([0.7, -0.4])
    # Third differences of polynomials of degree 4: the error is below 24 h², and
    # rounding of values below 200 is below 4 * 200 * 2e-16 / h² = 2e-7.
    for surface, (function, entries, _) in names["SURFACES"].items():
        x, y = h * np.eye(2)
        a, c = (
            (function(at + d) - 2 * function(at) + function(at - d)) / h**2
            for d in (x, y)
        )
        b = (
            function(at + x + y)
            - function(at + x - y)
            - function(at - x + y)
            + function(at - x - y)
        ) / (4 * h**2)
        np.testing.assert_allclose(
            entries(*at), (a, b, c), atol=24 * h**2 + 1e-6, err_msg=surface
        )


def test_himmelblau_has_four_minima_a_maximum_and_four_saddles(points):
    kinds = [each["seen"] for each in points if each["surface"] == "Himmelblau"]
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counts == {"minimum": 4, "maximum": 1, "saddle": 4}


def test_the_slope_is_0_at_every_critical_point_and_none_is_misnamed(points):
    assert max(each["slope"] for each in points) < 1e-12
    assert max(each["deviation"] for each in points) < 1e-9


def test_exchanged_units_leave_a_loss_of_0_with_learned_features(names):
    for features in ("tanh, learned", "linear, learned"):
        random = Draws("draft")(0, "test")
        loss, start, end = names["problem"](features, random)
        assert value(loss, start) == pytest.approx(0, abs=1e-28)
        assert value(loss, end) == pytest.approx(0, abs=1e-28)
        assert np.abs(gradient(loss, end)).max() < 1e-12
        assert not np.array_equal(start, end)


def test_fixed_features_leave_no_negative_curvature(names):
    for features in ("tanh, fixed", "linear, fixed"):
        loss, start, _ = names["problem"](features, Draws("draft")(1, "test"))
        assert np.linalg.eigvalsh(hessian(loss, start))[0] > -1e-12
