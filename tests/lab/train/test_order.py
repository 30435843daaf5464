"""The order of examples: epochs, cuts, seeds."""

from itertools import pairwise

import numpy as np
import pytest

from study.lab.train.order import Order

EXAMPLES = np.arange(100, 117) * 3  # 17 of them, not 0 to 16


def order(
    batch_size=5, replacement=False, stage="judge", replicate=0, examples=EXAMPLES
):
    return Order(stage, replicate, examples, batch_size, replacement)


def stream(batch_size, epochs, **changes):
    """Return the first epochs of the stream, one a row."""
    steps = -(-epochs * len(EXAMPLES) // batch_size)
    dealt = order(batch_size, **changes).batches(0, steps)
    assert dealt.shape == (steps, batch_size)
    return dealt.ravel()[: epochs * len(EXAMPLES)].reshape(epochs, -1)


@pytest.mark.parametrize("batch_size", [1, 5, 16, 17, 18, 40])
def test_every_example_is_seen_once_an_epoch_whatever_the_batch_size(batch_size):
    for epoch in stream(batch_size, 4):
        assert sorted(epoch) == sorted(EXAMPLES)


@pytest.mark.parametrize("batch_size", [1, 5, 17, 40])
def test_the_batch_size_only_cuts_the_same_stream(batch_size):
    np.testing.assert_array_equal(stream(batch_size, 4), stream(7, 4))


def test_epochs_are_permuted_afresh():
    epochs = stream(5, 4)
    assert len({tuple(each) for each in epochs}) == 4
    assert all((each != EXAMPLES).any() for each in epochs)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("cuts", [(0, 1, 2, 3), (0, 7, 8, 19), (0, 4, 11, 19)])
def test_parts_equal_the_whole(cuts, replacement):
    dealer = order(replacement=replacement)
    parts = [dealer.batches(a, b) for a, b in pairwise(cuts)]
    whole = dealer.batches(0, cuts[-1])
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_a_stretch_in_the_middle_of_epochs_far_away_equals_the_whole():
    whole = order().batches(0, 300)
    np.testing.assert_array_equal(order().batches(263, 291), whole[263:291])


@pytest.mark.parametrize("replacement", [False, True])
def test_the_same_seed_brings_the_same_order_and_every_other_another(replacement):
    def dealt(**changes):
        return order(replacement=replacement, **changes).batches(0, 6).tolist()

    assert dealt() == dealt()
    others = [dealt(stage="tune"), dealt(stage="draft"), dealt(replicate=1)]
    assert all(each != dealt() for each in others)
    assert all(each != others[0] for each in others[1:])


def test_with_replacement_examples_are_drawn_evenly_and_repeat():
    epochs = stream(5, 200, replacement=True)  # 3,400 draws
    assert set(epochs.ravel()) == set(EXAMPLES)
    # Of 17 draws of 17 a share (16/17)^17 = 0.357 is missing: 6.07 of them on average.
    missing = [len(EXAMPLES) - len(set(each)) for each in epochs]
    # A count of missing ones has a variance of 1.6: 5 sd of the mean of 200.
    assert np.mean(missing) == pytest.approx(6.07, abs=5 * np.sqrt(1.6 / 200))
    _, counts = np.unique(epochs, return_counts=True)
    # 200 of each expected, with the sd of a binomial count, √(3,400 · 16/17²).
    assert abs(counts - 200).max() < 5 * np.sqrt(3_400 * 16 / 17**2)


def test_a_single_example_is_dealt_again_and_again():
    assert order(3, examples=np.array([8])).batches(2, 4).tolist() == [[8] * 3] * 2
