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
    moved = [
        np.nextafter(each, random.choice([-np.inf, np.inf], each.shape)).astype(
            each.dtype
        )
        for each in trainable
    ]
    return moved, non_trainable


# What these make is the same at every call; of others without a seed nobody knows.
_CONSTANT = tuple(
    getattr(keras.initializers, each)
    for each in ("Constant", "Zeros", "Ones", "Identity")
)
# Model to the functions that draw its weights, by the weights' ids.
_DRAWING = WeakKeyDictionary()


def _drawing(model):
    """Map each variable's id to a function from a seed to its initial values."""
    initializers = _initializers(model)
    return {id(each): _draws(initializers, each) for each in model.variables}


def _draws(initializers, variable):
    shape, dtype = variable.shape, variable.dtype
    if variable.name == "seed_generator_state":
        return lambda seed: np.array([seed, 0], dtype)  # key and counter
    initializer = initializers.get(id(variable))
    if initializer is None:
        raise DefinitionError(
            f"model: no initializer is known for weight {variable.path!r}. Expected an "
            f"attribute `{variable.name}_initializer` on its layer"
        )
    kind, config = type(initializer), initializer.get_config()

    def drawn(**seed):
        values = kind.from_config(config | seed)(shape, dtype=dtype)
        return keras.ops.convert_to_numpy(values)

    if isinstance(initializer, _CONSTANT):
        same = drawn()
        return lambda seed: same
    return lambda seed: drawn(**{"seed": seed} if "seed" in config else {})


def _initializers(model):
    """Map each variable's id to the initializer its layer keeps for it."""
    return {
        id(variable): getattr(layer, f"{variable.name}_initializer", None)
        or getattr(layer, f"{_BY_LAYER.get(variable.name)}_initializer", None)
        for layer in model._flatten_layers()  # a layer stands before those inside it
        for variable in layer.variables
    }


# Weights whose initializer Keras names otherwise.
_BY_LAYER = {"recurrent_kernel": "recurrent"}
