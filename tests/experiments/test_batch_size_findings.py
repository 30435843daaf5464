"""Batch size: gradients are those of Keras, variances those of counting."""

import numpy as np
import pytest
from histories import watched
from modules import module

from study.theory.descents import apart
from study.theory.minibatches import gradients


def names(finding):
    """Return the names of a finding's module."""
    return vars(module(f"batch_size_{finding}"))


def test_a_loop_that_sums_over_its_batch_would_be_refuted():
    claims = module("batch_size_formulas").EXPERIMENT.claims
    random = np.random.default_rng(0)
    x, y = random.normal(size=(4, 8)), np.array([0, 1, 2, 1])
    shapes = ((8, 6), (6,), (6, 3), (3,))
    weights = [random.normal(0, 0.5, shape) for shape in shapes]
    mean = gradients(weights, x, y)
    off = apart([4 * each for each in mean], mean)
    assert all(off > claim.verdict.tolerance for claim in claims)


def test_random_labels_change_labels_alone_and_pixels_pixels_alone():
    finding = names("gradient_variance")
    random = np.random.default_rng(0)
    x, y = random.random((200, 5)), np.zeros(200, int)
    same, labels = finding["noisy"](finding["LABELS"], 0.5, x, y, random)
    assert same is x
    assert 60 < (labels != 0).sum() < 120  # half of nine tenths
    pixels, same = finding["noisy"](finding["PIXELS"], 0.5, x, y, random)
    assert same is y
    np.testing.assert_allclose((pixels - x).std(), 0.5, rtol=0.1)


def test_epochs_and_steps_are_read_off_the_first_look_that_is_low():
    finding = names("convergence")
    error = np.array([[0.2, 0.04, 0.06], [0.2, 0.1, 0.08]])
    history = watched("train", [10, 20, 30], error=error, loss=error)
    assert finding["LooksTo"](5).read(history).tolist() == [2, 3]
    assert finding["UpdatesTo"](5).read(history).tolist() == [20, 30]
    assert finding["LooksTo"](5).name == "epochs_to_5"


@pytest.mark.parametrize("finding", ["throughput", "seconds_to_95"])
def test_a_step_on_the_clock_goes_down_the_loss(finding):
    found = names(finding)
    random = np.random.default_rng(0)
    x, y = random.random((6, 784)).astype("float32"), np.arange(6)
    weights = found["initial"](random)

    def loss():
        p = found["forward"](weights, x, *([y] if finding == "throughput" else []))[-1]
        return -np.log(p[np.arange(6), y]).mean()

    before = loss()
    found["step"](weights, x, y, 0.01)
    assert loss() < before
    assert {each.dtype for each in weights} == {np.dtype("float32")}


def test_the_race_ends_at_the_goal_and_counts_its_steps(monkeypatch):
    finding = names("seconds_to_95")
    monkeypatch.setitem(finding, "IMAGES", 20)
    monkeypatch.setitem(finding, "RATES", {5: 0.5})
    random = np.random.default_rng(0)
    y = np.arange(20) % 10
    x = np.eye(784, dtype="float32")[y]  # each digit lights a pixel of its own
    weights = finding["initial"](random)
    seconds, steps = finding["race"](weights, x, y, 5, random)
    assert finding["right"](weights, x, y) >= finding["GOAL"]
    assert seconds > 0
    assert steps > 1


def test_looks_that_never_come_are_told_in_looks_and_steps_in_steps(entries):
    definition = entries["batch_size_convergence"].definition
    for size, steps in ((16, 7_500), (10_000, 12)):
        cell = {"batch_size": size}
        assert definition.budget_of("epochs_to_5", cell) == 12
        assert definition.budget_of("updates_to_5", cell) == steps
