"""Build the networks that several experiments share."""

import keras

from study.lab.declare.shapes import takes_shape


@takes_shape
def mlp(
    inputs: int | tuple[int],
    hidden: tuple[int, ...],
    outputs: int,
    *,
    activation="relu",
    kernel_initializer="glorot_uniform",
    kernel_regularizer=None,
    output_activation="softmax",
) -> keras.Model:
    """Build a fully connected network with zero biases at the start.

    Args:
        inputs: Numbers an example has, or its shape.
        hidden: Units of each hidden layer; empty for none.
        outputs: Units of the output layer.
        activation: Activation of the hidden layers.
        kernel_initializer: Initializer of all weights.
        kernel_regularizer: Penalty of all weights, or none.
        output_activation: Activation of the output layer.

    Returns:
        A built `keras.Model` from (batch, inputs) to (batch, outputs).

    Example:

    >>> mlp(2, (5, 4), 1, output_activation="sigmoid").count_params()
    44
    """
    activations = [activation] * len(hidden) + [output_activation]
    layers = [keras.Input((inputs,))]
    for units, each in zip((*hidden, outputs), activations, strict=True):
        dense = keras.layers.Dense(
            units,
            each,
            kernel_initializer=_own(kernel_initializer),
            kernel_regularizer=_own(kernel_regularizer),
        )
        layers.append(dense)
    return keras.Sequential(layers)


def _own(given):
    """Copy an object, so that each layer has its own; names and None are no objects."""
    # Initializers draw the same values at each call, and numbers of a regularizer that
    # are stacked belong to one layer.
    if hasattr(given, "get_config"):
        return type(given).from_config(given.get_config())
    return given
