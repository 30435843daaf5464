"""Data: disjoint splits, seeds of their own, and chance levels known by hand."""

import dataclasses

import numpy as np
import pytest

from study.lab import data
from study.lab.errors import DefinitionError

DIGITS = data.digits(train=613, validation=101)


def split(stage="judge", replicate=0):
    return DIGITS.split(stage, replicate)


def test_a_split_is_disjoint_and_of_the_sizes_declared():
    for replicate in range(5):
        train, validation = split(replicate=replicate)
        assert (len(train), len(validation)) == (613, 101)
        both = np.concatenate([train, validation])
        assert len(np.unique(both)) == 714
        assert both.min() >= 0
        assert both.max() < DIGITS.available


def test_the_same_replicate_draws_the_same_examples_and_every_other_others():
    sets = [split(stage, r) for stage in data.STAGES for r in range(4)]
    assert split()[0].tobytes() == sets[0][0].tobytes()
    for part in (0, 1):
        assert len({frozenset(each[part]) for each in sets}) == len(sets)


def test_all_examples_can_be_used_up():
    train, validation = data.digits(train=999, validation=1).split("judge", 0)
    assert sorted([*train, *validation]) == list(range(1_000))


@pytest.mark.parametrize(
    ("declare", "parts"),
    [
        (lambda: data.digits(train=0), ["train of at least 1", "train=0"]),
        (lambda: data.digits(validation=-1), ["validation=-1"]),
        (
            lambda: data.digits(train=950, validation=51),
            ["digits has 1,000 examples", "train=950, validation=51"],
        ),
        (lambda: data.mnist(train=60_001), ["MNIST has 60,000", "train=60,001"]),
        (lambda: data.mnist(validation=1), ["train=60,000, validation=1; lower"]),
    ],
)
def test_sizes_that_cannot_be_are_told_in_one_line(declare, parts):
    with pytest.raises(DefinitionError) as error:
        declare()
    message = str(error.value)
    assert message.startswith("data: ")
    assert "\n" not in message
    assert all(part in message for part in parts)


@pytest.mark.parametrize(
    ("declared", "error", "loss"),
    [(data.xor(), 1 / 2, np.log(2)), (data.digits(), 9 / 10, np.log(10))],
    ids=["xor", "digits"],
)
def test_chance_is_the_commonest_class_and_the_entropy_of_the_shares(
    declared, error, loss
):
    arrays = declared.load()
    assert arrays.chance_error == pytest.approx(error, rel=1e-12)
    assert arrays.chance_loss == pytest.approx(loss, rel=1e-12)


def test_chance_of_uneven_classes():
    y = np.array([3, 3, 3, 8])
    arrays = data.Arrays(y, y, y, y)
    assert arrays.chance_error == pytest.approx(1 / 4)
    expected = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert arrays.chance_loss == pytest.approx(expected)


def test_xor_is_its_truth_table_for_training_and_test_alike():
    arrays = data.xor().load()
    table = {tuple(x): y for x, (y,) in zip(arrays.x, arrays.y, strict=True)}
    assert table == {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}
    assert arrays.x is arrays.x_test
    assert arrays.y is arrays.y_test


def test_digits_are_the_same_every_time_and_their_tests_are_other_images():
    first, second = data.digits().load(), data.digits().load()
    assert first.x.tobytes() == second.x.tobytes()
    assert (first.x.shape, first.x_test.shape) == ((1_000, 64), (500, 64))
    assert np.bincount(first.y).tolist() == [100] * 10
    assert np.bincount(first.y_test).tolist() == [50] * 10
    images = np.concatenate([first.x, first.x_test])
    assert len(np.unique(images, axis=0)) == 1_500


@pytest.mark.parametrize("known", [data.xor(), data.digits()], ids=["xor", "digits"])
def test_the_form_of_data_is_that_of_their_arrays(known):
    unknown = dataclasses.replace(known, read=lambda: known.load())
    assert unknown.form == known.form


def test_the_classes_of_data_are_those_that_train_and_test_labels_name():
    x = np.zeros((4, 3, 2))

    def formed(y, y_test):
        arrays = data.Arrays(x, np.array(y), x, np.array(y_test))
        return data.Data(name="own", read=lambda: arrays, available=4, train=4).form

    assert formed([0, 1, 0, 1], [0, 1, 2, 2]) == ((3, 2), 3, 4)
    assert formed([[0], [1], [0], [4]], [[0], [1], [0], [1]]) == ((3, 2), 5, 4)
    assert formed(np.eye(4), np.eye(4)).classes == 4


def test_random_labels_are_the_same_each_time_and_as_many_as_wanted():
    y = data.digits().load().y
    found = data.relabelled(y, 0.5)
    np.testing.assert_array_equal(found, data.relabelled(y, 0.5))
    assert found.dtype == y.dtype
    assert {*found} == {*y}
    # a tenth of those drawn are what they were
    assert np.mean(found != y) == pytest.approx(0.45, abs=0.05)


def test_a_share_of_random_labels_is_a_share():
    with pytest.raises(DefinitionError, match="Received: random_labels=20"):
        data.with_random_labels(data.mnist(), 20)


def test_only_what_is_read_from_files_has_checksums_and_is_prepared():
    said = []
    data.digits().prepare(said.append)
    assert said == []
    assert data.digits().checksums() == {}
    assert len(data.mnist().checksums()) == 4


def test_a_purpose_has_random_numbers_of_its_own():
    def number(*where):
        return data.generator(*where).integers(2**60)

    places = [
        (stage, r, purpose)
        for stage in data.STAGES
        for r in (0, 1, 256)
        for purpose in ("split", "weights", "epoch 1", "epoch 11")
    ]
    assert len({number(*each) for each in places}) == len(places)
    assert number("judge", 0, "split") == number("judge", 0, "split")


def test_draws_are_to_the_bit_those_of_the_generators_of_their_stage():
    for stage in data.STAGES:
        draws = data.Draws(stage)
        for where in ((0, "weights"), (7, "weights"), (0, "examples")):
            expected = data.generator(stage, *where).bytes(64)
            assert draws(*where).bytes(64) == expected


@pytest.mark.parametrize("stage", ["draf", None, ["draft"]], ids=str)
def test_an_unknown_stage_is_told_in_one_line_with_those_there_are(stage):
    with pytest.raises(DefinitionError) as error:
        data.Draws(stage)
    message = str(error.value)
    assert message.startswith(f"draws: no such stage. Received: {stage!r}; ")
    assert "'draft'" in message
    assert "\n" not in message
