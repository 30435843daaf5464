"""A race: its steps go down the gradient, its epochs see each image once, it ends."""

import itertools

import keras
import numpy as np
import pytest

from study.theory import races
from study.theory.relu_classifier import initial

WEIGHTS = initial(np.random.default_rng(1), 784, 30, 10, "float32")


def test_a_step_of_the_race_is_one_down_the_gradient_of_the_mean_loss():
    random = np.random.default_rng(0)
    x, y = random.random((6, 784)).astype("float32"), np.arange(6)
    weights = [random.normal(0, 0.1, each.shape) for each in WEIGHTS]

    def loss(weights):
        w, b, u, c = weights
        z = np.maximum(x @ w + b, 0) @ u + c
        return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(6), y]).mean()

    singles = [each.astype("float32") for each in weights]
    moved = races.moved(singles, x, np.eye(10, dtype="float32")[y], 1.0)
    steps = [
        keras.ops.convert_to_numpy(a) - b for a, b in zip(moved, singles, strict=True)
    ]
    tiny = [a + 1e-4 * b for a, b in zip(weights, steps, strict=True)]
    fall = sum((each**2).sum() for each in steps)
    assert (loss(weights) - loss(tiny)) / 1e-4 == pytest.approx(fall, rel=1e-2)


def race(size, rate):
    """Run the race on images of which each digit lights a pixel of its own."""
    y = np.arange(20) % 10
    x = np.eye(784, dtype="float32")[y]
    loop = races.Steps(x, y, size)
    return races.race(loop, WEIGHTS, x, y, rate, np.random.default_rng(0))


@pytest.mark.parametrize("size", [1, 5, 20])
def test_the_race_ends_at_the_goal_and_counts_its_steps(size):
    seconds, steps = race(size, 0.5)
    assert seconds > 0
    assert 1 < steps < 2_000


def test_a_race_that_is_lost_has_no_seconds(monkeypatch):
    for limit in ("STEPS", "EPOCHS"):
        monkeypatch.setattr(races, limit, 3)
    seconds, steps = race(20, 0.0)
    assert np.isnan(seconds)
    assert steps == np.inf


@pytest.mark.parametrize(("images", "size"), [(20, 1), (20, 3), (100, 7), (20, 20)])
def test_every_epoch_of_the_race_visits_an_image_once(images, size):
    rows = images // size
    epoch = rows // max(1, rows // races.LOOKS)
    found = races.orders(np.random.default_rng(0), images, size)
    seen = np.concatenate([*itertools.islice(found, epoch)]).ravel()
    assert rows - races.LOOKS < len(seen) / size <= rows
    assert len({*seen}) == len(seen)
