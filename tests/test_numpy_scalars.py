"""NumPy's scalars as arguments work as Python's numbers, in every component."""

import importlib
import inspect
import json

import keras
import numpy as np
import pytest

from study import probes
from study.layers import Dropout
from study.pretraining import RBM, lsuv, pretrain

MODULES = ("activations", "augmentation", "initializers", "layers", "losses")
MODULES += ("regularizers",)
# A value for every numeric argument, the same in half precision.
NUMBERS = {
    "alpha": 2.0,
    "axis": -1,
    "epsilon": 0.125,
    "input_axes": [0],
    "l1": 0.25,
    "l2": 0.5,
    "momentum": 0.75,
    "negative_slope": 0.25,
    "noise_shape": [None, 1],
    "output_axes": [1],
    "pieces": 2,
    "pool_size": [2, 3],
    "rate": 0.25,
    "rho": 0.25,
    "samples": 3,
    "seed": 7,
    "sigma": 1.0,
    "stddev": 0.5,
    "strength": 0.25,
    "strides": 2,
    "threshold": 0.5,
    "units": 3,
}
# Arguments that take no number.
OTHERS = {
    *("activation", "activity_regularizer", "arguments", "block", "branches"),
    *("data_format", "dtype", "f", "function", "g", "inference", "kwargs", "mask"),
    *("merge", "name", "padding", "reduction", "shortcut", "variance", "variant", "x"),
    *("center", "go_backwards", "monte_carlo", "return_sequences", "scale"),
    *("straight_through", "use_bias"),
}
SHAPES = {
    "RandomElasticDistortion": (2, 5, 4, 1),
    "SimpleRecurrent": (2, 3, 4),
    "StochasticPooling2D": (2, 4, 6, 1),
}
KINDS = {
    "numpy": {float: np.float64, int: np.int64},
    "small": {float: np.float16, int: np.uint8},
}


def components():
    for path in MODULES:
        module = importlib.import_module(f"study.{path}")
        for name in module.__all__:
            yield name, getattr(module, name)


def numeric(thing):
    return [name for name in inspect.signature(thing).parameters if name in NUMBERS]


THINGS = [thing for _, thing in components() if numeric(thing)]


def scalars(value, kinds):
    """Return a value with NumPy's scalars in the place of its numbers."""
    if isinstance(value, dict):
        return {name: scalars(each, kinds) for name, each in value.items()}
    if isinstance(value, list):
        return [scalars(each, kinds) for each in value]
    if value is None:
        return None
    kind = np.int64 if value == -1 else kinds[type(value)]
    return kind(value)


def outcome(thing, arguments):
    """Return what a component computes."""
    name = thing.__name__
    shape = SHAPES.get(name, (4, 6))
    x = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    if inspect.isfunction(thing):
        return np.asarray(thing(keras.ops.convert_to_tensor(x), **arguments))
    component = thing(**arguments)
    if isinstance(component, keras.initializers.Initializer):
        return np.asarray(component((4, 6)))
    if isinstance(component, keras.regularizers.Regularizer):
        return np.asarray(component(keras.ops.convert_to_tensor(abs(x))))
    keras.utils.set_random_seed(5)
    inputs = keras.Input(shape[1:])
    model = keras.Sequential([inputs, component, keras.layers.Flatten()])
    model.add(keras.layers.Dense(1))
    model.compile("sgd", "mse", jit_compile=False)
    y = x[:, :1].reshape(len(x), -1)[:, :1]
    for _ in range(2):
        model.train_on_batch(x, y)
    return np.asarray(keras.ops.convert_to_numpy(model(x)))


def arguments(thing):
    """Return a value for every numeric argument of a component, and what they need."""
    needed = {"inference": "gaussian"} if thing.__name__ == "DropConnect" else {}
    return {name: NUMBERS[name] for name in numeric(thing)}, needed


def test_every_argument_of_every_component_is_a_number_or_no_number():
    for _, thing in components():
        for name in inspect.signature(thing).parameters:
            other = name in OTHERS or name.endswith(
                ("_initializer", "_regularizer", "_constraint")
            )
            assert other != (name in NUMBERS), name


@pytest.mark.parametrize("kinds", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.usual(
    "elu-numpy",
    "leaky_relu-numpy",
    "softmax-numpy",
    "step-numpy",
    "Glorot-numpy",
    "He-numpy",
    "Normal-numpy",
    "Xavier-numpy",
    "BatchNormalization-numpy",
    "Dropout-numpy",
    "Maxout-numpy",
    "L1-numpy",
    "L1L2-numpy",
    "L2-numpy",
    "KLSparsity-numpy",
)
def test_numpy_scalars_compute_what_numbers_do(thing, kinds):
    plain, needed = arguments(thing)
    wanted = outcome(thing, plain | needed)
    found = outcome(thing, scalars(plain, kinds) | needed)
    np.testing.assert_array_equal(found, wanted)
    assert found.dtype == wanted.dtype


@pytest.mark.parametrize("thing", [each for each in THINGS if inspect.isclass(each)])
def test_numpy_scalars_are_kept_as_numbers(thing):
    plain, needed = arguments(thing)
    config = thing(**plain, **needed).get_config()
    config.pop("name", None)
    for kinds in KINDS.values():
        for name, value in plain.items():
            mixed = plain | {name: scalars(value, kinds)}
            again = thing(**mixed, **needed).get_config()
            again.pop("name", None)
            assert json.dumps(again) == json.dumps(config)


@pytest.mark.parametrize("kinds", KINDS.values(), ids=KINDS)
def test_pretraining_takes_them(kinds):
    x = np.random.default_rng(1).uniform(size=(20, 6)).astype("float32")

    def trained(number):
        rbm = RBM(
            number(4),
            k=number(1),
            learning_rate=number(0.5),
            momentum=number(0.25),
            weight_decay=number(0.125),
            seed=number(3),
        )
        rbm.fit(x, epochs=number(2), batch_size=number(8))
        keras.utils.set_random_seed(2)
        dense = [keras.layers.Dense(4, "sigmoid"), keras.layers.Dense(2)]
        model = keras.Sequential([keras.Input((6,)), *dense])
        pretrain(model, x, rate=number(0.25), epochs=number(1), seed=number(3))
        stack = model.get_weights()
        settings = {"tolerance": number(0.25), "max_iterations": number(3)}
        lsuv(model, x, seed=number(3), **settings)
        return [rbm.kernel, *stack, *model.get_weights()]

    plain = trained(lambda value: value)
    for one, other in zip(
        plain, trained(lambda value: scalars(value, kinds)), strict=True
    ):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kinds", KINDS.values(), ids=KINDS)
def test_probes_take_them(kinds):
    hidden = keras.layers.Dense(3, "tanh", name="hidden")
    model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(1)])
    x = np.random.default_rng(1).normal(size=(20, 2)).astype("float32")

    def read(number):
        statistics = probes.activation_statistics(model, x, number(0.25))
        ends = number(-0.5), number(0.5)
        counts = probes.activation_histograms(model, x, number(4), ends)
        slopes = probes.gradient_histograms(model, "mse", x, x[:, :1], number(4), ends)
        return keras.tree.map_structure(float, statistics), [
            np.asarray(each["hidden"]).tolist() for each in (counts, slopes)
        ]

    assert read(lambda value: value) == read(lambda value: scalars(value, kinds))


def test_a_seed_that_is_no_integer_is_refused():
    with pytest.raises(ValueError, match=r"seed.*integer.*1\.5"):
        Dropout(0.5, seed=1.5)
