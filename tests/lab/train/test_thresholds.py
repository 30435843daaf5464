"""Thresholds: every network has a row, by kind and size."""

import csv
from pathlib import Path

import keras
import pytest

from study import layers
from study.lab import machine
from study.lab.declare.models import mlp
from study.lab.train import thresholds


def image(*parts):
    return keras.Sequential([keras.Input((8, 8, 1)), *parts, keras.layers.Flatten()])


def sequence(layer):
    return keras.Sequential([keras.Input((6, 5)), layer])


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (lambda: mlp(784, (100,), 10), "dense"),
        (lambda: image(keras.layers.Conv2D(3, 3)), "convolution"),
        (lambda: image(keras.Sequential([keras.layers.Conv2D(3, 3)])), "convolution"),
        (lambda: sequence(layers.SimpleRecurrent(4)), "recurrence"),
        (lambda: sequence(keras.layers.LSTM(4)), "recurrence"),
    ],
    ids=["dense", "convolution", "nested", "ours", "LSTM"],
)
def test_a_network_is_of_the_kind_of_its_layers(model, kind):
    assert thresholds.limit(model()).kind == kind


def test_larger_networks_never_stack_more_runs():
    sizes = [2, 5, 30, 100, 300, 1_000]
    found = [thresholds.limit(mlp(50, (size,), 10)).runs for size in sizes]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


def test_the_table_has_a_row_for_every_size_of_every_kind():
    path = Path(thresholds.__file__).with_name("thresholds.csv")
    rows = list(csv.DictReader(path.read_text().splitlines()))
    kinds = {row["kind"] for row in rows}
    assert kinds == {"dense", "convolution", "recurrence"}
    for kind in kinds:
        sizes = [int(row["weights"]) for row in rows if row["kind"] == kind]
        assert sizes == sorted(set(sizes))
        assert sizes[-1] >= 10**15


def test_what_is_not_compiled_trains_one_after_another():
    """Its rounding follows the place in a stack: see test_company.py."""
    found = thresholds.limit(sequence(layers.SimpleRecurrent(4)))
    assert (found.jit, found.runs, found.stack(7)) == (False, 1, 1)


def test_a_gpu_stacks_by_its_memory(monkeypatch):
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    found = thresholds.limit(mlp(784, (100,), 10))
    assert (found.threads, found.jit) == ("all", True)
    assert found.runs == thresholds.ON_GPU // mlp(784, (100,), 10).count_params()


def test_short_runs_share_a_program_and_long_ones_do_not():
    limit = thresholds.Limit("dense", 100, 5, True, "one", ms=2.0)
    assert limit.together(10_000) == 5
    assert limit.together(200) == 30  # 0.4 s each
    assert limit.together(1) == thresholds.MOST
