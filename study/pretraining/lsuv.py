"""Scale a model's kernels, layer by layer, until outputs have unit variance."""

from typing import Any

import keras
import numpy as np


def lsuv(
    model: Any,
    x: Any,
    tolerance: float = 0.1,
    max_iterations: int = 10,
    seed: Any = None,
) -> Any:
    """Start the Dense and Conv2D layers of a model with unit variance, in place.

    Layer-sequential unit variance: first every kernel becomes orthonormal; then, from
    the inputs to the outputs,

        while abs(variance - 1) >= tolerance, at most max_iterations times:
            kernel = kernel / sqrt(variance)

    where `variance` is that of all the layer's outputs on `x` together, taken before
    the activation inside the layer. Biases and other layers stay as they are.

    Args:
        model: Built `keras.Sequential` or functional model. Dense and Conv2D layers
            inside another layer or model are not reached.
        x: Array, `(examples, ...)`: one batch of the model's inputs, which passes
            through the model as a whole; some hundred examples are enough.
        tolerance: Positive float. Defaults to 0.1, as in the paper.
        max_iterations: Positive integer. Defaults to 10.
        seed: Integer, for the orthonormal kernels. Defaults to `None`, a fresh seed.

    Returns:
        A dictionary from the layer's name to two floats: its variance on `x` with the
        weights that the model came with, and the one it has now. The latter misses
        the tolerance only where biases vary so much that no kernel could mend it.

    Raises:
        ValueError: An argument is out of its range, the model has no such layer, all
            examples are equal, or a layer's outputs have variance 0 or none. The model
            then keeps the weights it came with.

    Example:

    >>> layers = [keras.layers.Dense(50, "relu") for _ in range(5)]
    >>> model = keras.Sequential([keras.Input((20,)), *layers])
    >>> x = np.random.default_rng(1).normal(0.0, 9.0, (200, 20))
    >>> variances = lsuv(model, x, seed=1)
    >>> [round(now, 1) for before, now in variances.values()]
    [1.0, 1.0, 1.0, 1.0, 1.0]

    Reference:
        Mishkin and Matas, 2016, All you need is a good init.
    """
    if not 0 < tolerance < float("inf"):
        raise ValueError(
            "`tolerance` is how far a variance may be from 1: expected a finite number "
            f"above 0. Received: tolerance={tolerance}"
        )
    if not isinstance(max_iterations, (int, np.integer)) or max_iterations < 1:
        raise ValueError(
            "`max_iterations` is the number of times that a kernel may be scaled: "
            f"expected an integer from 1 up. Received: max_iterations={max_iterations}"
        )
    kinds = (keras.layers.Dense, keras.layers.Conv2D)
    layers = [each for each in model.layers if isinstance(each, kinds) and each.built]
    if not layers:
        raise ValueError(
            "LSUV scales Dense and Conv2D kernels: expected a built model with such "
            f"layers. Received: model.layers={[each.name for each in model.layers]}"
        )
    x = np.asarray(x)
    if not len(x) or (x == x[:1]).all():
        raise ValueError(
            "Variances are measured on `x`: expected examples that differ. Received: "
            f"shape={x.shape}, all examples equal"
        )
    before = [_variance(model, layer, x) for layer in layers]
    weights = model.get_weights()
    try:
        seed = int(seed) if isinstance(seed, np.integer) else seed
        draw = keras.initializers.Orthogonal(seed=keras.random.SeedGenerator(seed))
        for layer in layers:
            layer.kernel.assign(draw(layer.kernel.shape))
        now = [_scale(model, layer, x, tolerance, max_iterations) for layer in layers]
    except ValueError:
        model.set_weights(weights)
        raise
    names = [layer.name for layer in layers]
    return dict(zip(names, zip(before, now, strict=True), strict=True))


def _scale(model, layer, x, tolerance, max_iterations):
    """Scale a layer's kernel to unit variance; return the variance it then has."""
    variance = _variance(model, layer, x)
    for _ in range(max_iterations):
        if not 0 < variance < float("inf"):
            raise ValueError(
                f"The outputs of {layer.name} cannot be scaled to variance 1: expected "
                "a variance above 0, and finite. Are its inputs all 0, or not finite? "
                f"Received: variance={variance}"
            )
        if abs(variance - 1) < tolerance:
            break
        layer.kernel.assign(layer.kernel / variance**0.5)
        variance = _variance(model, layer, x)
    return variance


def _variance(model, layer, x):
    """Measure the variance of a layer's outputs before its activation."""
    activation, layer.activation = layer.activation, None
    try:
        outputs = keras.Model(model.inputs, layer.output)([x], training=False)
    finally:
        layer.activation = activation
    return float(np.var(keras.ops.convert_to_numpy(outputs), dtype="float64"))
