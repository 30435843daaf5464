"""Critical points: eigenvalues by hand, and kinds by values."""

from dataclasses import replace

import numpy as np
import pytest

from study.gradients import gradient
from study.theory.critical_points import (
    eigenvalues,
    kind_by_eigenvalues,
    kind_by_values,
    polish,
    told,
)
from study.theory.surfaces import HIMMELBLAU, SADDLE


def test_eigenvalues_of_a_matrix_worked_out_by_hand():
    # ((1, 2), (2, -2)): trace -1, determinant -6, so 2 and -3
    np.testing.assert_allclose(eigenvalues((1, 2, -2)), [-3, 2], atol=1e-15)


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
def test_signs_of_the_eigenvalues_tell_the_kind(values, kind):
    assert kind_by_eigenvalues(values) == kind


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda x: x[0] ** 4 + x[1] ** 4, "minimum"),
        (lambda x: -(x[0] ** 4) - x[1] ** 2, "maximum"),
        (lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2, "saddle"),
        (lambda x: 0 * x[0] + 0 * x[1], "flat"),
    ],
)
def test_values_around_tell_the_kind_where_the_hessian_does_not(function, kind):
    assert kind_by_values(function, np.zeros(2)) == kind


def test_a_point_to_two_digits_is_polished_until_it_has_no_slope():
    rough = HIMMELBLAU.critical[1]
    found = polish(HIMMELBLAU.value, rough)
    assert abs(found - rough).max() < 0.01
    assert abs(gradient(HIMMELBLAU.value, found)).max() < 1e-12


def test_a_saddle_is_told_by_both_and_a_wrong_hessian_is_seen():
    ((_, row),) = told(SADDLE)
    assert (row["told"], row["seen"], row["above_minimum"]) == ("saddle", "saddle", 0)
    assert row["deviation"] < 1e-9
    wrong = replace(SADDLE, hessian=lambda x, y: (3.0, 0.0, -2.0))
    ((_, row),) = told(wrong)
    assert row["deviation"] == pytest.approx(1)
