"""Draw the initial weights of many runs from one built model."""

from weakref import WeakKeyDictionary

import keras
import numpy as np

from study.lab.data import generator
from study.lab.errors import DefinitionError


def draw(model: keras.Model, stage: str, replicate: int):
    """Return a replicate's initial (trainable, non-trainable) values as NumPy arrays.

    Each weight is drawn by a copy of its layer's own initializer with a seed that
    follows from the stage, the replicate and the weight's place in the model, so that
    a replicate starts alike in every cell of the same structure. Building a model for
    each of a thousand runs would cost a minute.
    """
    seeds = generator(stage, replicate, "weights").integers(
        2**31 - 1, size=len(model.variables)
    )
    if model not in _DRAWING:
        _DRAWING[model] = _drawing(model)
    drawing = _DRAWING[model]
    values = {
        id(variable): drawing[id(variable)](int(seed))
        for variable, seed in zip(model.variables, seeds, strict=True)
    }
    return (
        [values[id(each)] for each in model.trainable_variables],
        [values[id(each)] for each in model.non_trainable_variables],
    )


def nudged(drawn, seed: int):
    """Return initial values with every weight moved by one unit in the last place.

    It is what another rounding may do to a run, and no more. Up or down is drawn with
    the seed.
    """
    random = np.random.default_rng(seed)
    trainable, non_trainable = drawn

    def moved(values):
        # In their own type: towards a float64 it is that type's smaller unit.
        ends = np.array([-np.inf, np.inf], values.dtype)
        return np.nextafter(values, random.choice(ends, values.shape))

    return [moved(each) for each in trainable], non_trainable


# What these make is the same at every call; of others without a seed nobody knows.
_CONSTANT = tuple(
    getattr(keras.initializers, each)
    for each in ("Constant", "Zeros", "Ones", "Identity")
)
# Model to the functions that draw its weights, by the weights' ids.
_DRAWING = WeakKeyDictionary()


def _drawing(model):
    """Map each variable's id to a function from a seed to its initial values."""
    owners = _owners(model)
    return {id(each): _draws(*owners[id(each)], each) for each in model.variables}


def _owners(model):
    """Map each variable's id to its layer and the initializer kept there for it."""
    found = {}
    for layer in model._flatten_layers():  # a layer stands before those inside it
        for variable in layer.variables:
            names = variable.name, _BY_LAYER.get(variable.name)
            kept = [getattr(layer, f"{name}_initializer", None) for name in names]
            found[id(variable)] = layer, kept[0] or kept[1]
    return found


def _draws(layer, initializer, variable):
    """Return how a layer draws a weight when it is built, as a function of the seed."""
    shape, dtype = variable.shape, variable.dtype
    if variable.name == "seed_generator_state":
        return lambda seed: np.array([seed, 0], dtype)  # key and counter
    if initializer is None:
        raise DefinitionError(
            f"model: no initializer is known for weight {variable.path!r}. Expected an "
            f"attribute `{variable.name}_initializer` on its layer"
        )
    kind, config = type(initializer), initializer.get_config()
    if isinstance(layer, keras.layers.EinsumDense) and variable.name == "kernel":
        config |= _axes(layer, initializer)
    forgets = getattr(layer, "unit_forget_bias", False) and variable.name == "bias"

    def drawn(**seed):
        seeded = kind.from_config(config | seed)
        make = _remembering if forgets else kind.__call__
        return keras.ops.convert_to_numpy(make(seeded, shape, dtype=dtype))

    if isinstance(initializer, _CONSTANT):
        same = drawn()
        return lambda seed: same
    return lambda seed: drawn(**{"seed": seed} if "seed" in config else {})


# Weights whose initializer Keras names otherwise.
_BY_LAYER = {"recurrent_kernel": "recurrent"}


def _axes(layer, initializer):
    """Name the axes of a kernel that a layer fills in where nobody did."""
    scaled = isinstance(initializer, keras.initializers.VarianceScaling)
    if not scaled or None not in (initializer.input_axes, initializer.output_axes):
        return {}
    before, output = layer.equation.split("->")
    kernel = before.split(",")[1]
    return {
        "input_axes": [i for i, each in enumerate(kernel) if each not in output],
        "output_axes": [i for i, each in enumerate(kernel) if each in output],
    }


def _remembering(initializer, shape, dtype):
    """Draw the biases of an LSTM's gates, of which that to forget begins at 1."""
    units = shape[0] // 4
    parts = (
        initializer((units,), dtype=dtype),
        keras.ops.ones((units,), dtype),
        initializer((2 * units,), dtype=dtype),
    )
    return keras.ops.concatenate(parts)
