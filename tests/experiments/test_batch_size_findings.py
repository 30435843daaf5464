"""Batch size: gradients are those of Keras, variances those of counting."""

from pathlib import Path

import numpy as np
import pytest
from histories import watched
from modules import module

from study.lab.train import provenance
from study.lab.train.stretches import looks
from study.theory.descents import apart
from study.theory.minibatches import gradients

REPORTS = Path(__file__).parents[2] / "reports"


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


@pytest.mark.parametrize("size", [16, 4_096, 10_000])
def test_what_no_look_finds_is_never_also_where_steps_are_fewer_than_looks(size):
    """30 steps of 4,096 are looked at after every third: 10 times, not 12."""
    finding = names("convergence")
    experiment, cell = finding["EXPERIMENT"], {"batch_size": size}
    steps = experiment.budget(cell)
    ends = looks(steps, experiment.asked("judge", cell))
    error = np.ones((1, len(ends)))
    never = watched("train", ends, error=error, loss=error)
    for measure in (finding["LooksTo"](5), finding["UpdatesTo"](5)):
        assert measure.read(never) == measure.budget(experiment, cell)


def test_looks_that_never_come_are_told_in_looks_and_steps_in_steps(findings):
    definition = findings["batch_size_convergence"].definition
    for size, steps in ((16, 7_500), (10_000, 12)):
        cell = {"batch_size": size}
        assert definition.budget_of("epochs_to_5", cell) == 12
        assert definition.budget_of("updates_to_5", cell) == steps


def test_on_which_device_throughput_is_judged_is_that_of_its_record(findings):
    definition = findings["batch_size_throughput"].definition
    recorded = provenance.load(REPORTS / "batch_size_throughput")["device"]
    assert recorded.startswith(definition.size.device.upper())
    about = [each for each in definition.claims if each.source_size]
    assert {definition.scaled(each) for each in about} == {"a CPU in place of a GPU"}
