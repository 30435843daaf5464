"""Surfaces: derivatives by hand agree with those by differentiation."""

import numpy as np
import pytest

from study.gradients import gradient
from study.theory import surfaces
from study.theory.surfaces import Surface

SURFACES = {
    name: each for name, each in vars(surfaces).items() if isinstance(each, Surface)
}
SLOPED = {name: each for name, each in SURFACES.items() if each.slope}
CURVED = {name: each for name, each in SURFACES.items() if each.hessian}


def test_slopes_and_hessians_are_there_to_be_held():
    assert {*SLOPED} == {"SADDLE", "VALLEY", "LONG_VALLEY", "BEALE"}
    assert len(CURVED) == 7


@pytest.mark.parametrize("surface", SLOPED.values(), ids=SLOPED)
def test_slopes_are_those_of_the_surface(surface):
    for point in ((0.7, -0.4), (-1.2, 1.3)):
        expected = gradient(surface.value, np.array(point))
        np.testing.assert_allclose(surface.gradient(point), expected)


def test_many_points_have_a_slope_each():
    points = np.array([[0.7, -1.2], [-0.4, 1.3]])
    found = surfaces.BEALE.gradient(points)
    each = [surfaces.BEALE.gradient(point) for point in points.T]
    np.testing.assert_allclose(found.T, each)


@pytest.mark.parametrize(
    "surface", [surfaces.VALLEY, surfaces.LONG_VALLEY, surfaces.BEALE]
)
def test_the_goals_are_minima(surface):
    np.testing.assert_allclose(surface.gradient(surface.best), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("surface", "height"),
    [
        (surfaces.SADDLE, surfaces.saddle),
        (surfaces.VALLEY, surfaces.valley),
        (surfaces.LONG_VALLEY, surfaces.long_valley),
        (surfaces.BEALE, surfaces.beale),
    ],
)
def test_what_is_drawn_is_the_surface(surface, height):
    assert height(0.7, -0.4) == surface.value((0.7, -0.4))


@pytest.mark.parametrize("surface", CURVED.values(), ids=CURVED)
def test_every_hessian_by_hand_agrees_with_central_differences(surface):
    h, at = 1e-3, np.array([0.7, -0.4])
    function = surface.value
    # Third differences of polynomials of degree 4: the error is below 24 h², and
    # rounding of values below 200 is below 4 * 200 * 2e-16 / h² = 2e-7.
    x, y = h * np.eye(2)
    a, c = (
        (function(at + d) - 2 * function(at) + function(at - d)) / h**2 for d in (x, y)
    )
    b = (
        function(at + x + y)
        - function(at + x - y)
        - function(at - x + y)
        + function(at - x - y)
    ) / (4 * h**2)
    np.testing.assert_allclose(surface.hessian(*at), (a, b, c), atol=24 * h**2 + 1e-6)
