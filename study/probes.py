"""Read numbers off a network: activations, dead units, norms of weights and gradients.

Each function takes a built model and returns a dictionary from the names of its layers
to tensors. It reads the weights' current values and has no branch on tensors, so that
it runs in plain Python and, for a whole stack of networks at once, in
`tf.vectorized_map` or `jax.vmap` around a `keras.StatelessScope` that holds the values
of a network. Networks are read in inference, and numbers are float32 whatever the
model's precision.

`activations`, and what is computed from them, sees the *hidden layers with an
activation* at the top level of a functional or Sequential model: layers whose
`activation` is not linear and Keras's activation layers, the output layer left out. A
layer's units lie along its last axis. The kernels are all variables whose name ends in
"kernel", in nested layers too; a layer with several has an entry for each, named by
its path, such as `"block/dense/kernel"`.
"""

from numbers import Integral
from typing import Any

import keras
import numpy as np
from keras import ops

from study.gradients import gradients

__all__ = [
    "activation_histograms",
    "activation_statistics",
    "activations",
    "active_share",
    "dead_units",
    "gradient_histograms",
    "gradient_norms",
    "histogram_edges",
    "weight_norms",
]

ACTIVATION_LAYERS = (
    keras.layers.Activation,
    keras.layers.ELU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ReLU,
    keras.layers.Softmax,
)
# The values that bounded activations approach, by the activation's name.
BOUNDS = {
    "hard_sigmoid": (0, 1),
    "hard_tanh": (-1, 1),
    "sigmoid": (0, 1),
    "softsign": (-1, 1),
    "tanh": (-1, 1),
}
# What `compile` makes of a function; Keras exports it under no name of its own.
_OF_FUNCTION = keras.losses.MeanSquaredError.__base__


def activations(model: Any, x: Any) -> Any:
    """Return the outputs of every hidden layer with an activation.

    Args:
        model: Functional or built Sequential model.
        x: Examples: what the model takes, an array or a structure of arrays.

    Returns:
        Dictionary from layer names to float32 tensors `(examples, ..., units)`. A layer
        that the model calls several times counts with its first call.

    Raises:
        ValueError: The model is neither functional nor a built Sequential, or no hidden
            layer has an activation, or one was first called in another model.

    Example:

    >>> hidden = keras.layers.Dense(2, "relu", kernel_initializer="ones", name="hidden")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    >>> outputs = activations(model, keras.ops.array([[-3.0], [3.0]]))
    >>> [float(each) for each in outputs["hidden"][:, 0]]
    [0.0, 3.0]
    """
    tensors = {layer.name: _output(layer) for layer in _hidden(model)}
    try:
        inner = keras.Model(model.inputs, tensors)
    except ValueError as error:
        raise ValueError(
            "The outputs of hidden layers are read where a layer was called first: "
            "expected layers first called in this model; copy it with "
            f"keras.models.clone_model. Received: model={model.name}"
        ) from error
    outputs = inner(keras.tree.flatten(x), training=False)
    return {name: _float(outputs[name]) for name in tensors}  # in the model's order


def activation_statistics(
    model: Any, x: Any, margin: float = 0.01
) -> dict[str, dict[str, float]]:
    """Describe the outputs of every hidden layer with an activation.

    The numbers are taken over all examples and units of a layer together:

    - `mean` and `stddev`;
    - `zeros`, the share of outputs that are exactly 0;
    - `saturated`, for sigmoid, tanh, softsign and the hard ones alone: the share of
      outputs no farther from an end of the activation's range than `margin` times its
      width.

    Args:
        model: Functional or built Sequential model.
        x: Examples, as `activations` takes them.
        margin: Float from 0 to 0.5, a share of the range. Defaults to 0.01: above 0.99
            and below 0.01 for the sigmoid, 0.98 from 0 for tanh.

    Returns:
        Dictionary from layer names to dictionaries of numbers.

    Raises:
        ValueError: `margin` is out of its range, or as `activations` does.

    Example:

    >>> hidden = keras.layers.Dense(2, "tanh", kernel_initializer="ones", name="hidden")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    >>> found = activation_statistics(model, keras.ops.array([[0.0], [1.0], [9.0]]))
    >>> [(name, round(float(each), 3)) for name, each in found["hidden"].items()]
    [('mean', 0.587), ('stddev', 0.426), ('zeros', 0.333), ('saturated', 0.333)]

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """
    if not 0 <= margin <= 0.5:
        raise ValueError(
            "`margin` is the share of an activation's range that counts as saturated "
            f"at either end: expected a number from 0 to 0.5. Received: margin={margin}"
        )
    found = {}
    for name, outputs in activations(model, x).items():
        found[name] = {
            "mean": ops.mean(outputs),
            "stddev": ops.std(outputs),
            "zeros": _share(ops.equal(outputs, 0)),
        }
        layer = model.get_layer(name)
        activation = getattr(layer, "activation", None)
        if getattr(activation, "__name__", None) in BOUNDS:
            low, high = BOUNDS[activation.__name__]
            middle, reach = (low + high) / 2, (0.5 - float(margin)) * (high - low)
            far = ops.greater_equal(ops.abs(outputs - middle), reach)
            found[name]["saturated"] = _share(far)
    return found


def activation_histograms(
    model: Any, x: Any, bins: int, range: tuple[float, float]
) -> Any:
    """Count the outputs of every hidden layer with an activation in bins.

    The bins are those of `np.histogram(outputs, bins, range)`: of equal width, each
    with its left edge and the last with both. Outputs outside of the range, and those
    that are not a number, are in no bin.

    Args:
        model: Functional or built Sequential model.
        x: Examples, as `activations` takes them.
        bins: Positive integer, the number of bins.
        range: The lowest and the highest value, two floats.

    Returns:
        Dictionary from layer names to int32 tensors `(bins,)`.

    Raises:
        ValueError: `bins` is no positive integer, `range` has no width, or as
            `activations` does.

    Example:

    >>> hidden = keras.layers.Dense(2, "relu", kernel_initializer="ones", name="hidden")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    >>> x = keras.ops.array([[-1.0], [0.5], [1.5], [2.0]])
    >>> counts = activation_histograms(model, x, bins=2, range=(0.0, 2.0))
    >>> [int(each) for each in counts["hidden"]]
    [4, 4]
    """
    edges = histogram_edges(bins, range)
    outputs = activations(model, x)
    return {name: _histogram(each, edges) for name, each in outputs.items()}


def histogram_edges(bins: int, range: tuple[float, float]) -> Any:
    """Return the edges of the bins of the histograms, float32 `(bins + 1,)`.

    Args:
        bins: Positive integer, the number of bins.
        range: The lowest and the highest value, two floats.

    Raises:
        ValueError: `bins` is no positive integer or `range` has no width.

    Example:

    >>> histogram_edges(2, (0.0, 1.0)).tolist()
    [0.0, 0.5, 1.0]
    """
    if not isinstance(bins, Integral) or bins < 1:
        raise ValueError(
            "`bins` is the number of bins: expected a positive integer. "
            f"Received: bins={bins!r}"
        )
    if len(range) != 2 or not -np.inf < range[0] < range[1] < np.inf:
        raise ValueError(
            "`range` holds the lowest and the highest value: expected two finite "
            f"numbers, the first below the second. Received: range={range!r}"
        )
    return np.linspace(*range, int(bins) + 1, dtype="float32")


def active_share(model: Any, x: Any) -> Any:
    """Return the share of outputs that are not 0, for every hidden layer.

    Args:
        model: Functional or built Sequential model.
        x: Examples, as `activations` takes them.

    Returns:
        Dictionary from layer names to numbers from 0 to 1.

    Raises:
        ValueError: As `activations` does.

    Example:

    >>> hidden = keras.layers.Dense(2, "relu", kernel_initializer="ones", name="hidden")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    >>> share = active_share(model, keras.ops.array([[-3.0], [-1.0], [0.0], [2.0]]))
    >>> float(share["hidden"])
    0.25

    Reference:
        Glorot, Bordes and Bengio, 2011, Deep sparse rectifier neural networks.
    """
    return {
        name: _share(ops.not_equal(outputs, 0))
        for name, outputs in activations(model, x).items()
    }


def dead_units(model: Any, x: Any) -> Any:
    """Return the share of units that are 0 for every example, for every hidden layer.

    In a convolution a unit is a channel, dead if it is 0 everywhere.

    Args:
        model: Functional or built Sequential model.
        x: Examples, as `activations` takes them; a unit that is dead for a few may be
            active for others.

    Returns:
        Dictionary from layer names to numbers from 0 to 1.

    Raises:
        ValueError: As `activations` does.

    Example:

    >>> hidden = keras.layers.Dense(2, "relu", name="hidden")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    >>> hidden.set_weights([keras.ops.array([[1.0, -1.0]]), keras.ops.zeros(2)])
    >>> share = dead_units(model, keras.ops.array([[1.0], [2.0]]))
    >>> float(share["hidden"])
    0.5

    Reference:
        Maas, Hannun and Ng, 2013, Rectifier nonlinearities improve neural network
        acoustic models.
    """

    def dead(outputs):
        silent = ops.equal(outputs, 0)
        return _share(ops.all(silent, axis=tuple(range(len(outputs.shape) - 1))))

    return {name: dead(outputs) for name, outputs in activations(model, x).items()}


def weight_norms(model: Any) -> Any:
    """Return the Euclidean norm of every kernel.

    Formula: `norm = sqrt(sum(kernel**2))` over all entries.

    Args:
        model: Any built model.

    Returns:
        Dictionary from layer names to numbers. Kernels that are not trained count too.

    Example:

    >>> layer = keras.layers.Dense(1, name="dense")
    >>> model = keras.Sequential([keras.Input((2,)), layer])
    >>> layer.set_weights([keras.ops.array([[3.0], [-4.0]]), keras.ops.array([9.0])])
    >>> {name: float(norm) for name, norm in weight_norms(model).items()}
    {'dense': 5.0}
    """
    kernels = _kernels(model).items()
    return {name: _norm(ops.convert_to_tensor(each.value)) for name, each in kernels}


def gradient_norms(model: Any, loss: Any, x: Any, y: Any) -> Any:
    """Return the Euclidean norm of the loss's gradient by every trained kernel.

    Formula: `norm = sqrt(sum(gradient**2))` with the gradient of `loss(y, model(x))`,
    reduced as `fit` reduces it: to the mean, but for a loss object that says otherwise.
    Labels are shaped and cast as in `fit`, too: (n,) and (n, 1) are the same.

    Penalties of regularizers are no part of it. Norms down to 1e-38 are told from 0. In
    half precision, gradients below about 1e-7 are lost on the way: the loss is not
    scaled here.

    Args:
        model: Any built model.
        loss: Function of the true and the predicted outputs, or what
            `keras.losses.get` takes, such as `"mse"` or a `keras.losses.Loss`. One
            without reduction counts with its sum.
        x: Examples: what the model takes, an array or a structure of arrays.
        y: Their true outputs, as the loss takes them.

    Returns:
        Dictionary from layer names to numbers.

    Example:

    >>> layer = keras.layers.Dense(1, kernel_initializer="ones", name="dense")
    >>> model = keras.Sequential([keras.Input((2,)), layer])
    >>> x, y = keras.ops.array([[3.0, 4.0]]), keras.ops.array([[6.0]])
    >>> norm = gradient_norms(model, "mse", x, y)["dense"]  # of 2 * (7 - 6) * [3, 4]
    >>> round(float(norm), 4)
    10.0

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """
    return {name: _norm(each) for name, each in _slopes(model, loss, x, y).items()}


def gradient_histograms(
    model: Any, loss: Any, x: Any, y: Any, bins: int, range: tuple[float, float]
) -> Any:
    """Count the entries of the loss's gradient by every trained kernel in bins.

    It is the gradient whose norm `gradient_norms` returns. The bins are those of
    `np.histogram(gradient, bins, range)`: of equal width, each with its left edge and
    the last with both. Entries outside of the range, and those that are not a number,
    are in no bin.

    Args:
        model: Any built model.
        loss: Function of the true and the predicted outputs, or its name, as
            `gradient_norms` takes it.
        x: Examples: what the model takes, an array or a structure of arrays.
        y: Their true outputs, as the loss takes them.
        bins: Positive integer, the number of bins.
        range: The lowest and the highest value, two floats.

    Returns:
        Dictionary from layer names to int32 tensors `(bins,)`.

    Raises:
        ValueError: `bins` is no positive integer or `range` has no width.

    Example:

    >>> layer = keras.layers.Dense(1, kernel_initializer="ones", name="dense")
    >>> model = keras.Sequential([keras.Input((2,)), layer])
    >>> x, y = keras.ops.array([[3.0, 4.0]]), keras.ops.array([[6.0]])
    >>> counts = gradient_histograms(model, "mse", x, y, bins=2, range=(0.0, 14.0))
    >>> [int(each) for each in counts["dense"]]  # of 2 * (7 - 6) * [3, 4]
    [1, 1]

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """
    edges = histogram_edges(bins, range)
    slopes = _slopes(model, loss, x, y)
    return {name: _histogram(each, edges) for name, each in slopes.items()}


def _slopes(model, loss, x, y):
    """Return the gradient by every trained kernel, by the names of their layers."""
    loss = _as_fitted(loss)
    x, y = keras.tree.map_structure(ops.convert_to_tensor, (x, y))
    trained = {id(each) for each in model.trainable_variables}
    found = _kernels(model).items()
    kernels = {name: each for name, each in found if id(each) in trained}
    by = {id(each) for each in kernels.values()}
    # The others keep their values, also those that a scope around this one holds.
    others = [(each, each.value) for each in model.variables if id(each) not in by]

    def error(values):
        values = [*zip(kernels.values(), values, strict=True), *others]
        with keras.StatelessScope(state_mapping=values):
            outputs = model(x, training=False)
        return ops.sum(loss(y, outputs))

    slopes = gradients(error, [each.value for each in kernels.values()])
    return dict(zip(kernels, slopes, strict=True))


def _as_fitted(loss):
    """Return a loss as `fit` takes it, which shapes labels and reduces to a number."""
    loss = keras.losses.get(loss)
    return loss if isinstance(loss, keras.losses.Loss) else _OF_FUNCTION(loss)


def _histogram(values, edges):
    """Count values between the edges."""
    # Bin by bin, so that memory is needed for one comparison of the values alone.
    values = _float(values)
    above = [_count(ops.greater_equal(values, edge)) for edge in edges[:-1]]
    above.append(_count(ops.greater(values, edges[-1])))
    above = ops.stack(above)
    return above[:-1] - above[1:]


def _hidden(model):
    """List the hidden layers with an activation, or say why there are none."""
    if getattr(model, "inputs", None) is None:
        raise ValueError(
            "Outputs of hidden layers are read off a graph of layers: expected a "
            "functional model, or a Sequential one that starts with keras.Input or has "
            f"been called. Received: model={model.name}, a {type(model).__name__}"
        )
    last = keras.Model(model.inputs, model.outputs).output_names
    found = [
        layer
        for layer in model.layers
        if _has_activation(layer) and layer.name not in last
    ]
    if not found:
        raise ValueError(
            "There is nothing to read: expected a hidden layer with an activation "
            "beside the output layer, at the model's top level. Received: layers="
            f"{[layer.name for layer in model.layers]}"
        )
    return found


def _has_activation(layer):
    activation = getattr(layer, "activation", None)
    if activation is None:
        return isinstance(layer, ACTIVATION_LAYERS)
    return activation is not keras.activations.linear


def _output(layer):
    """Return a layer's symbolic output, the first of several."""
    return keras.tree.flatten(layer.output)[0]


def _kernels(model):
    """Return all kernels by the names of their layers."""
    found = {}
    for layer in model.layers:
        kernels = [each for each in layer.weights if each.name.endswith("kernel")]
        for kernel in kernels:
            within = kernel.path.rpartition(f"{layer.name}/")[2]
            alone = len(kernels) == 1
            found[layer.name if alone else f"{layer.name}/{within}"] = kernel
    return found


def _float(x):
    return ops.cast(x, "float32")


def _count(mask):
    return ops.sum(ops.cast(mask, "int32"))


def _share(mask):
    return ops.mean(_float(mask))


def _norm(x):
    """Return the root of the sum of squares, of numbers whose squares underflow too."""
    x = _float(x)
    largest = ops.max(ops.abs(x))
    usual = ops.logical_and(largest > np.finfo("float32").tiny, largest < np.inf)
    scale = ops.where(usual, largest, 1.0)
    return scale * ops.sqrt(ops.sum(ops.square(x / scale)))
