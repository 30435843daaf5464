"""Tell where our defaults, the papers', differ from Keras's."""

import inspect
from typing import Any

import keras

# The Keras twin of each class, and what the twin does where it has no argument for it.
TWINS = {
    "SGD": (keras.optimizers.SGD, {}),
    "Momentum": (keras.optimizers.SGD, {"decay": 0.0}),
    "Nesterov": (keras.optimizers.SGD, {}),
    "AdaGrad": (keras.optimizers.Adagrad, {"epsilon_inside": True}),
    "RMSProp": (keras.optimizers.RMSprop, {"epsilon_inside": True}),
    "AdaDelta": (keras.optimizers.Adadelta, {}),
    "Adam": (keras.optimizers.Adam, {"epsilon_hat": True}),
    "Nadam": (keras.optimizers.Nadam, {"momentum_decay": 1.0}),
}


def keras_defaults(optimizer: Any) -> Any:
    """Return the arguments that set one of our optimizers like its Keras twin.

    Args:
        optimizer: Optimizer class of this package.

    Returns:
        Dictionary from each argument whose default differs to Keras's value.

    Raises:
        ValueError: If `optimizer` is none of this package's classes.

    Example:

    >>> from study.optimizers import AdaGrad
    >>> keras_defaults(AdaGrad)["initial_accumulator_value"]
    0.1
    >>> AdaGrad(**keras_defaults(AdaGrad)).initial_accumulator_value
    0.1
    """
    name = getattr(optimizer, "__name__", optimizer)
    if name not in TWINS:
        raise ValueError(
            f"`optimizer` must be one of the classes {', '.join(TWINS)}. "
            f"Received: optimizer={name}"
        )
    twin, fixed = TWINS[name]
    ours, theirs = _defaults(optimizer), _defaults(twin) | fixed
    return {name: theirs[name] for name in ours if theirs[name] != ours[name]}


def differing_defaults(optimizers: Any) -> Any:
    """List every default that differs from Keras's.

    Args:
        optimizers: Optimizer classes of this package.

    Returns:
        List of tuples (optimizer's name, argument, our default, Keras's default).

    Raises:
        ValueError: If one of `optimizers` is none of this package's classes.

    Example:

    >>> from study import optimizers
    >>> for row in differing_defaults([getattr(optimizers, name) for name in TWINS]):
    ...     print(*row)
    Momentum momentum 0.9 0.0
    Nesterov momentum 0.9 0.0
    AdaGrad learning_rate 0.01 0.001
    AdaGrad initial_accumulator_value 0.0 0.1
    AdaGrad epsilon_inside False True
    RMSProp epsilon_inside False True
    AdaDelta learning_rate 1.0 0.001
    AdaDelta epsilon 1e-06 1e-07
    Adam epsilon 1e-08 1e-07
    Nadam learning_rate 0.002 0.001
    Nadam epsilon 1e-08 1e-07
    Nadam momentum_decay 0.004 1.0
    """
    return [
        (optimizer.__name__, argument, _defaults(optimizer)[argument], theirs)
        for optimizer in optimizers
        for argument, theirs in keras_defaults(optimizer).items()
    ]


def _defaults(optimizer):
    """Return the arguments that have a default, with it."""
    parameters = inspect.signature(optimizer.__init__).parameters.values()
    return {
        each.name: each.default for each in parameters if each.default is not each.empty
    }
