"""Build the networks that several experiments share."""

import keras


def mlp(
    inputs: int,
    hidden: tuple[int, ...],
    outputs: int,
    *,
    activation="relu",
    kernel_initializer="glorot_uniform",
    output_activation="softmax",
) -> keras.Model:
    """Build a fully connected network with zero biases at the start.

    Args:
        inputs: Numbers an example has.
        hidden: Units of each hidden layer; empty for none.
        outputs: Units of the output layer.
        activation: Activation of the hidden layers.
        kernel_initializer: Initializer of all weights.
        output_activation: Activation of the output layer.

    Returns:
        A built `keras.Model` from (batch, inputs) to (batch, outputs).

    Example:

    >>> mlp(2, (5, 4), 1, output_activation="sigmoid").count_params()
    44
    """
    layers = [keras.Input((inputs,))]
    for units in hidden:
        layers.append(_dense(units, activation, kernel_initializer))
    layers.append(_dense(outputs, output_activation, kernel_initializer))
    return keras.Sequential(layers)


def _dense(units, activation, kernel_initializer):
    # An initializer object draws the same values at each call: one a layer.
    initializer = keras.initializers.get(kernel_initializer)
    if isinstance(initializer, keras.initializers.Initializer):
        initializer = initializer.clone()
    return keras.layers.Dense(
        units, activation=activation, kernel_initializer=initializer
    )
