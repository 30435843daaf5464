"""The works: what is counted, dealt and drawn."""

import numpy as np
import pytest

from benchmarks import works
from benchmarks.contestant import CONTESTANTS
from benchmarks.works import GROUPS, GROWTH, WORKS


@pytest.mark.parametrize(
    ("name", "flops"),
    [
        # 6 a weight and example, but 4 for the first layer, which needs no gradient of
        # its inputs.
        ("A", 128 * (4 * 78_400 + 6 * 31_000)),
        ("B", 100 * (4 * 78_400 + 6 * 41_000)),
        ("C", 128 * (4 * 784 * 2_048 + 6 * (2 * 2_048**2 + 20_480))),
        ("D", 4 * (4 * 10 + 6 * 24)),
    ],
)
def test_operations_are_those_of_the_products(name, flops):
    assert WORKS[name].flops == flops


def test_every_work_gives_each_contestant_its_steps():
    for work in WORKS.values():
        assert {*work.steps} == {*CONTESTANTS}
        assert work.chief in work.steps["ours"]
        assert 1 in work.steps["ours"]


def test_one_epoch_of_fit_is_no_longer_than_the_data_and_fuses_evenly():
    for work in WORKS.values():
        for name in ("fit", "fit_jit"):
            (steps,) = work.steps[name].values()
            assert steps % work.fused == 0
            assert work.batch is None or steps * work.batch <= work.examples


def test_drawn_weights_have_the_shapes_of_the_network():
    keras = pytest.importorskip("keras")
    pytest.importorskip("tensorflow")
    from benchmarks import networks

    for work in (WORKS["B"], WORKS["D"]):
        shapes = [each.shape for each in networks.model(work).trainable_variables]
        assert work.shapes() == shapes
        assert [each.shape for each in works.draw(work, 2)[1]] == shapes
    assert isinstance(networks.optimizer(WORKS["C"]), keras.optimizers.SGD)
    assert networks.optimizer(WORKS["C"]).momentum == 0.9


def test_runs_start_from_weights_of_their_own():
    first, second = works.draw(WORKS["D"], 2)
    assert not np.array_equal(first[0], second[0])


def test_batches_visit_every_example_once_an_epoch():
    work = GROWTH["A data 600"]
    dealt = works.batches(work, 3, 14)
    assert dealt.shape == (14, 3, 128)
    for run in range(3):
        stream = dealt[:, run].ravel()
        for epoch in (stream[:600], stream[600:1_200]):
            np.testing.assert_array_equal(np.sort(epoch), np.arange(600))
    assert not np.array_equal(dealt[:, 0], dealt[:, 1])
    assert works.batches(WORKS["D"], 3, 14) is None


def test_growth_changes_one_axis_of_work_a():
    grown = GROWTH["A depth 16"]
    assert grown.widths == (784, *[100] * 16, 10)
    assert GROWTH["A width 25"].widths == (784, 25, 25, 25, 25, 10)
    assert GROWTH["A data 600"].widths == WORKS["A"].widths
    assert set(GROUPS["growth"]) == set(GROWTH.values())


def test_a_quick_work_takes_few_steps():
    quick = WORKS["D"].quick()
    assert quick.steps["ours"] == {1: 10, 8: 10}
    assert quick.steps["fit_jit"] == {1: 137}
