"""Rotated quadratics, and how far errors carry the steps down them."""

import keras
import numpy as np
import pytest

from study.optimizers.newton import newton
from study.theory.rotated_quadratics import (
    bug,
    gap,
    harms,
    iterations,
    many_steps,
    needed,
    newton_step,
    quadratics,
    rotated,
)


def randoms(count):
    return [np.random.default_rng(each) for each in range(count)]


def test_seeds_have_problems_of_their_own_whatever_their_number():
    def draws(replicate, purpose):
        assert purpose == "quadratic 10"
        return np.random.default_rng(replicate)

    (one, start), (two, starts) = (quadratics(draws, 10, n) for n in (1, 2))
    assert (two.shape, starts.shape) == ((2, 12, 12), (2, 12, 1))
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(start[0], starts[0])
    assert abs(two[0] - two[1]).max() > 0.1


def test_a_rotated_quadratic_has_its_condition_number_and_a_start_at_distance_1():
    matrices, starts = rotated(randoms(3), 1_000, 12)
    np.testing.assert_allclose(np.linalg.cond(matrices), 1_000, rtol=1e-8)
    np.testing.assert_allclose(np.linalg.norm(starts, axis=(1, 2)), 1)


def test_starts_far_out_lie_where_curvatures_are_small():
    (matrix, _), (start, _) = rotated(randoms(2), 1_000, 12, far_out=1)
    _, turn = np.linalg.eigh(matrix)
    along = np.abs(turn.T @ start[:, 0])
    assert along[0] > 10 * along[-1]


def test_iterations_are_counted_until_a_millionth_of_the_gap():
    # steps of gradient descent halve x, which quarters the gap: 4^-10 < 10^-6 < 4^-9
    matrices, x = np.full((2, 1, 1), 0.5), np.array([[[1.0]], [[5.0]]])
    assert iterations(False, matrices, x, 1e-6).tolist() == [10, 10]
    assert iterations(True, matrices, x, 1e-6).tolist() == [1, 1]


def test_the_steps_of_theory_are_those_that_the_slowest_direction_needs():
    matrices, x = np.full((1, 1, 1), 1 / 500), np.ones((1, 1, 1))
    counted = iterations(False, matrices, x, 1e-6).item()
    assert needed(500, 1e-6) == pytest.approx(counted, rel=1 / 500)


def test_the_component_solves_an_ill_conditioned_quadratic_in_one_step():
    (matrix,), (start,) = rotated(randoms(1), 10_000, 12)
    start = start[:, 0]

    def function(x):
        return keras.ops.sum(x * keras.ops.sum(matrix * x, axis=1)) / 2

    after = newton(function, start, steps=1).x
    assert after @ matrix @ after < 1e-6 * start @ matrix @ start


def test_a_bug_is_symmetric_and_has_its_norm():
    found = bug(np.random.default_rng(0), (3, 5, 5), 0.01)
    np.testing.assert_array_equal(found, found.transpose(0, 2, 1))
    np.testing.assert_allclose(np.linalg.norm(found, 2, axis=(1, 2)), 0.01)


def test_harm_is_told_in_distances_that_the_errorless_run_went():
    matrices, x = rotated(randoms(2), 100, 12)
    wrong = bug(np.random.default_rng(9), matrices.shape, 1e-3)
    found = {each[:2]: each[2:] for each in harms(matrices, x, wrong, 1e-3)}
    harm, left = found[True, True]
    off = newton_step(matrices, x, matrices + wrong)
    moved = np.linalg.norm(newton_step(matrices, x, matrices) - x, axis=(1, 2))
    np.testing.assert_allclose(
        harm, np.linalg.norm(off, axis=(1, 2)) / moved, rtol=1e-6
    )
    np.testing.assert_allclose(left, gap(matrices, off) / gap(matrices, x))
    # float32 rounds at 6e-8, which κ and a hundred steps carry further
    assert found[False, True][0].max() < 100 * 1e-6
    assert found[False, False][0].max() < 100 * 1e-6
    assert found[True, False][0].max() > 1e-5


def test_a_hundred_steps_shrink_each_direction_by_its_curvature():
    matrices = np.diag([0.5, 0.01])[None]
    after = many_steps(matrices, np.ones((1, 2, 1)))
    np.testing.assert_allclose(after[0, :, 0], [0.5**100, 0.99**100])
