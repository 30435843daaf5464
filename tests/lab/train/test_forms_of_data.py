"""Labels and data of every form train as they do under `fit`, or are refused."""

import functools

import keras
import numpy as np
import pytest
from digits_study import experiment, train
from twin import fit_alone

from study.lab import data
from study.lab.data import Arrays, Data
from study.lab.declare import losses
from study.lab.declare.measures import FinalLoss, TestError, TestLoss
from study.lab.declare.models import mlp
from study.lab.errors import DefinitionError
from study.lab.train import labels, resident
from study.lab.train.chance import chance
from study.lab.train.loop import Engine

pytestmark = pytest.mark.usefixtures("stacked")

DIGITS = data.digits().load()
TOLERANCE = 2e-5  # float32 carries 6e-8, and a few steps make 1e-6 of it


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def strided(array):
    return np.repeat(array, 2, axis=0)[::2]


def column(array):
    return array[:, None] if array.ndim == 1 else array


FORMS = {
    "float64 and int64": lambda a: a.astype("f8" if a.dtype.kind == "f" else "i8"),
    "strided": strided,
    "read-only": read_only,
    "column-major": np.asfortranarray,
    "label columns": column,
}


def formed(x, y=None, train=57):
    """Return the digits with both kinds of arrays brought into a form."""
    arrays = DIGITS
    parts = (arrays.x, arrays.y, arrays.x_test, arrays.y_test)
    functions = (x, y or x) * 2
    made = [each(part) for each, part in zip(functions, parts, strict=True)]
    return Data(
        name="digits",
        read=lambda: Arrays(*made),
        available=1_000,
        train=train,
        validation=31,
    )


def softmax():
    return mlp(64, (), 10, kernel_initializer="he_normal")


def definition(declared, **changes):
    fields = {
        "data": declared,
        "model": softmax,
        "steps": 6,
        "evaluations": 1,
        "measures": (FinalLoss(), TestError(), TestLoss()),
    }
    return experiment(**fields | changes)


@pytest.mark.parametrize("form", FORMS)
def test_arrays_of_any_form_are_held_alike(form):
    held = resident.load(formed(FORMS[form]))
    assert held.x.dtype == "float32"
    assert held.x.flags.c_contiguous
    np.testing.assert_array_equal(held.x[:1_000], DIGITS.x)
    np.testing.assert_array_equal(held.y[1_000:].ravel(), DIGITS.y_test)


@functools.cache
def trained_on(*forms):
    _, result, *_ = train(definition(formed(*forms)), replicates=range(1))
    return [result.curves, *result.result.reads.values(), result.result.chance]


def assert_alike(found, others):
    """Compare, but for how another type is rounded."""
    for one, other in zip(found, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=TOLERANCE)


def plain(array):
    return array


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_data_of_any_form_train_alike(form):
    one, other = (trained_on(each, each) for each in (FORMS[form], plain))
    assert_alike(one, other)


@pytest.mark.slow
def test_whole_numbers_train_as_the_same_numbers_in_float32():
    def rounded(x):
        return (4 * x).clip(0, 255).round()

    one = trained_on(lambda x: rounded(x).astype("uint8"), plain)
    assert_alike(one, trained_on(rounded, plain))


SOFTMAX = {"labels": lambda y: y, "outputs": (10, "softmax")}
ONE_HOT = {"labels": lambda y: np.eye(10)[y], "outputs": (10, "softmax")}
HALVES = {"labels": lambda y: y % 2, "outputs": (1, "sigmoid")}
LOGITS = {"labels": lambda y: y % 2 == 1, "outputs": (1, None)}
TRAINED = {
    "ignored, summed": (
        keras.losses.SparseCategoricalCrossentropy(ignore_class=3, reduction="sum"),
        SOFTMAX,
    ),
    "column": (
        "sparse_categorical_crossentropy",
        SOFTMAX | {"labels": lambda y: y[:, None]},
    ),
    "object": (keras.losses.SparseCategoricalCrossentropy(), SOFTMAX),
    "ignored": (keras.losses.SparseCategoricalCrossentropy(ignore_class=3), SOFTMAX),
    "one-hot": ("categorical_crossentropy", ONE_HOT),
    "smoothed": (keras.losses.CategoricalCrossentropy(label_smoothing=0.1), ONE_HOT),
    "two classes": ("binary_crossentropy", HALVES),
    "logits of bool": (keras.losses.BinaryCrossentropy(from_logits=True), LOGITS),
}


@pytest.mark.parametrize(
    "case",
    [
        each
        if each == "ignored, summed"
        else pytest.param(each, marks=pytest.mark.slow)
        for each in TRAINED
    ],
)
def test_losses_and_errors_of_a_stack_are_those_of_fit(case):
    loss, how = TRAINED[case]
    units, activation = how["outputs"]

    def model():
        return mlp(
            64,
            (),
            units,
            output_activation=activation,
            kernel_initializer="he_normal",
        )

    declared = definition(
        formed(lambda x: x.astype("f8"), how["labels"]),
        model=model,
        loss=loss,
        optimizer=lambda: keras.optimizers.SGD(0.01),
    )
    program, result, *_ = train(declared, replicates=range(2))
    alone, trained = fit_alone(declared, *program.runs[1])
    np.testing.assert_allclose(result.curves[1], alone, rtol=TOLERANCE)
    x, y = DIGITS.x_test, how["labels"](DIGITS.y_test).astype("float32")
    kind = losses.labels(loss)
    accuracy = {
        losses.SPARSE: keras.metrics.SparseCategoricalAccuracy(),
        losses.ONE_HOT: keras.metrics.CategoricalAccuracy(),
        losses.BINARY: keras.metrics.BinaryAccuracy(threshold=0.5 if activation else 0),
    }[kind]
    trained.compile(loss=loss, metrics=[accuracy], run_eagerly=True)
    told = trained.evaluate(x, y, batch_size=len(x), verbose=0, return_dict=True)
    scale = 19 / len(x) if "summed" in case else 1
    if "summed" in case:  # of all examples, and we tell the sum of a batch of counted
        scale /= (DIGITS.y_test != 3).mean()
    loss = told.pop("loss") * scale
    assert result.measures["test_loss"][1] == pytest.approx(loss, rel=1e-4)
    (share,) = told.values()
    assert result.measures["test_error"][1] == pytest.approx(100 * (1 - share), abs=0.3)


@pytest.mark.slow
def test_fewer_examples_than_a_batch_train_on():
    """A batch holds the end of one epoch and the start of the next, here of two."""
    declared = definition(formed(plain, train=11), steps=4)
    program, result, *_ = train(declared, replicates=range(1))
    alone, _ = fit_alone(declared, *program.runs[0])
    np.testing.assert_allclose(result.curves[0], alone, rtol=TOLERANCE)


@pytest.mark.parametrize(
    ("loss", "y", "units", "expected"),
    [
        (
            "sparse_categorical_crossentropy",
            np.array([0, 3]),
            3,
            "data: expected y to hold classes from 0 to 2 as (n,) for a loss of "
            "classes and 3 outputs. Received: int64 of shape (2,), from 0 to 3",
        ),
        ("sparse_categorical_crossentropy", np.array([-1, 1]), 3, "from -1 to 1"),
        ("sparse_categorical_crossentropy", np.array([0.5, 1]), 3, "from 0.5 to 1.0"),
        ("sparse_categorical_crossentropy", np.eye(3), 3, "float64 of shape (3, 3)"),
        ("categorical_crossentropy", np.array([0, 1]), 3, "labels as (n, 3) for"),
        ("binary_crossentropy", np.eye(2), 1, "labels as (n, 1) for a loss of cl"),
        ("binary_crossentropy", np.array([0, 1]), 3, "labels as (n, 3) for a loss"),
    ],
)
def test_labels_that_name_no_output_are_refused(loss, y, units, expected):
    arrays = Arrays(np.zeros((len(y), 2)), y, np.zeros((len(y), 2)), y)
    with pytest.raises(DefinitionError) as error:
        labels.check(arrays, loss, (None, units))
    assert expected in str(error.value)


def test_a_class_that_is_ignored_may_be_any_number():
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=-1)
    y = np.array([-1, 0, 2, 2])
    labels.check(Arrays(y, y, y, y), loss, (None, 3))


def test_an_engine_refuses_labels_before_it_compiles():
    declared = definition(formed(plain, lambda y: y + 1))
    with pytest.raises(DefinitionError, match=r"^data: expected y to hold classes"):
        train(declared, engine=Engine(declared), replicates=range(1))


Y = np.array([0, 1, 1, 2])
COUNTS = np.array([1, 2, 1]) / 4
ENTROPY = -(COUNTS * np.log(COUNTS)).sum()


@pytest.mark.parametrize(
    ("loss", "y", "cost", "error"),
    [
        ("sparse_categorical_crossentropy", Y, ENTROPY, 1 / 2),
        ("sparse_categorical_crossentropy", Y[:, None], ENTROPY, 1 / 2),
        (
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            Y,
            ENTROPY,
            1 / 2,
        ),
        (
            keras.losses.SparseCategoricalCrossentropy(ignore_class=1),
            Y,
            np.log(2),
            1 / 2,
        ),
        ("categorical_crossentropy", np.eye(3)[Y], ENTROPY, 1 / 2),
        ("binary_crossentropy", np.array([0, 0, 0, 1]), 0.5623351, 1 / 4),
        ("binary_crossentropy", np.array([[0, 1], [1, 1]]), np.log(2) / 2, 1 / 4),
        ("mean_squared_error", np.array([0.0, 2.0]), 1.0, np.nan),
        (keras.losses.MeanAbsoluteError(), np.eye(2), 1 / 2, np.nan),
        (
            keras.losses.CategoricalCrossentropy(label_smoothing=0.5),
            np.eye(4),
            np.log(4),
            3 / 4,
        ),
        (
            keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2),
            np.array([0, 1]),
            np.log(2),
            1 / 2,
        ),
    ],
)
def test_a_guess_that_knows_nothing_costs_as_much_under_every_loss(
    loss, y, cost, error
):
    found = chance(Arrays(y, y, y, y), loss)
    assert found == pytest.approx((cost, error), nan_ok=True, rel=1e-5)
