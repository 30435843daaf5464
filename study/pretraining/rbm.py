"""Train restricted Boltzmann machines, and start a network from a stack of them.

The arithmetic is NumPy's: nothing is differentiated, so there is nothing to compile,
and a seed draws the same samples whatever backend Keras runs on. Its products are
small: on a busy machine one thread (`OPENBLAS_NUM_THREADS=1`) is many times faster.
"""

from itertools import pairwise
from typing import Any

import keras
import numpy as np


class RBM:
    """Learn a distribution of binary vectors from samples of it.

    Formula: a visible vector `v` and a hidden vector `h`, both of 0 and 1, have

        p(v, h) = exp(-E(v, h)) / Z
        E(v, h) = -v @ visible_bias - h @ hidden_bias - v @ kernel @ h
        free_energy(v) = -log(sum over h of exp(-E(v, h)))

    Contrastive divergence (CD-k) follows the gradient of `mean(log(p(v)))` with the
    model's mean replaced by one over `v_k`, a sample `k` Gibbs steps from the data:

        gradient = mean(v.T @ p(h | v)) - mean(v_k.T @ p(h | v_k))
        step     = momentum * step + learning_rate * (gradient - weight_decay * kernel)
        kernel   = kernel + step

    In the chain from `v` to `v_k` hidden and visible units are sampled, so that the
    gradient becomes that of the likelihood as `k` grows; the two means take the hidden
    units' probabilities, which removes noise. (Hinton also allows probabilities for
    the last visible units: less noise, but never the likelihood's gradient.) Biases
    follow their own gradients, without decay.

    The kernel starts from a normal distribution of standard deviation 0.01, the hidden
    biases from 0, the visible biases from `log(on / off)`, each visible unit's odds
    in the first data seen, one example added on either side.

    Args:
        units: Positive integer, the number of hidden units.
        k: Positive integer, Gibbs steps to each gradient. Defaults to 1.
        learning_rate: Positive float. Defaults to 0.1.
        momentum: Float from 0 to 1, 1 excluded. Defaults to 0.5, which Hinton raises
            to 0.9 once the error falls slowly: set the attribute between two fits.
        weight_decay: Non-negative float. Defaults to 2e-4.
        seed: Non-negative integer or `numpy.random.Generator`. Equal seeds and calls
            bring equal weights. Defaults to `None`, a fresh seed.

    Attributes:
        kernel: Array, `(visible, units)`; `None` before the first fit.
        visible_bias: Array, `(visible,)`; likewise.
        hidden_bias: Array, `(units,)`; likewise.

    Raises:
        ValueError: An argument is out of its range, data are not of shape
            `(examples, visible)` or not within 0 and 1, or nothing has been fitted.

    Example:

    >>> halves = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 50, axis=0)
    >>> rbm = RBM(2, learning_rate=0.5, seed=1)
    >>> history = rbm.fit(halves, epochs=100, batch_size=10)
    >>> history["reconstruction_error"][0] > 0.2 > history["reconstruction_error"][-1]
    True
    >>> seen, unseen = rbm.free_energy([[1, 1, 0, 0], [1, 0, 1, 0]])
    >>> bool(seen < unseen)  # the lower, the more probable
    True

    Reference:
        Hinton, 2010, A practical guide to training restricted Boltzmann machines.
    """

    def __init__(
        self,
        units: int,
        k: int = 1,
        learning_rate: Any = 0.1,
        momentum: float = 0.5,
        weight_decay: float = 2e-4,
        seed: Any = None,
    ) -> None:
        _check_count("units", units, "the number of hidden units")
        _check_count("k", k, "the number of Gibbs steps to a gradient")
        if not 0 < learning_rate < float("inf"):
            raise ValueError(
                "`learning_rate` is the length of a step: expected a finite number "
                f"above 0. Received: learning_rate={learning_rate}"
            )
        if not 0 <= momentum < 1:
            raise ValueError(
                "`momentum` is the share kept of the last step: expected a number from "
                f"0 to 1, 1 excluded. Received: momentum={momentum}"
            )
        if not 0 <= weight_decay < float("inf"):
            raise ValueError(
                "`weight_decay` pulls the kernel towards 0: expected a finite number "
                f"from 0 up. Received: weight_decay={weight_decay}"
            )
        self.units = units
        self.k = k
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.kernel = self.visible_bias = self.hidden_bias = None
        self._generator = np.random.default_rng(seed)

    def fit(
        self,
        x: Any,
        epochs: int = 10,
        batch_size: int = 100,
        validation_data: Any = None,
    ) -> Any:
        """Train on `x`, from where the last fit stopped.

        While the free energy of validation data stays beside that of training data,
        the model does not overfit; a gap that grows says that it does. The values
        themselves, without the unknown `log(Z)`, compare only within one epoch.

        Args:
            x: Array, `(examples, visible)`, of 0 and 1 or of probabilities.
            epochs: Non-negative integer; 0 only starts the weights. Defaults to 10.
            batch_size: Positive integer; the last batch may be smaller. Defaults to
                100.
            validation_data: Array like `x`, watched and not learned. Defaults to
                `None`.

        Returns:
            A dictionary of lists with one value an epoch, measured at its end:
            `"reconstruction_error"`, the mean of `(x - reconstruct(x)) ** 2`, and
            `"free_energy"`, the mean of `free_energy(x)`; the same with `"val_"` in
            front for validation data.
        """
        _check_count("epochs", epochs, "the number of passes over `x`", least=0)
        _check_count("batch_size", batch_size, "the examples to a step")
        batch_size = int(batch_size)  # small kinds of NumPy's could not count examples
        data = {"": _binary("x", x)}
        if validation_data is not None:
            data["val_"] = _binary("validation_data", validation_data)
        if self.kernel is None:
            self._start(data[""])
        for each in data.values():
            self._check_width(each)
        history = {
            f"{prefix}{name}": []
            for prefix in data
            for name in ("reconstruction_error", "free_energy")
        }
        steps = [0.0, 0.0, 0.0]
        for _ in range(epochs):
            order = self._generator.permutation(len(data[""]))
            for start in range(0, len(order), batch_size):
                batch = data[""][order[start : start + batch_size]]
                steps = self._update(batch, steps)
            for prefix, each in data.items():
                error, energy = self._watch(each)
                history[f"{prefix}reconstruction_error"].append(error)
                history[f"{prefix}free_energy"].append(energy)
        return history

    def gradient(self, x: Any) -> Any:
        """Estimate the gradient of the mean log-likelihood of `x` by CD-k.

        Args:
            x: Array, `(examples, visible)`; one Gibbs chain starts at each example.

        Returns:
            A list of arrays: for `kernel`, `visible_bias` and `hidden_bias`.
        """
        return self._gradient(self._fitting(x))

    def transform(self, x: Any) -> Any:
        """Return the hidden units' probabilities, `sigmoid(x @ kernel + hidden_bias)`.

        Args:
            x: Array, `(examples, visible)`.

        Returns:
            Array, `(examples, units)`.
        """
        return self._hidden(self._fitting(x))

    def reconstruct(self, x: Any) -> Any:
        """Return the visible units' probabilities given `transform(x)`.

        Formula: `sigmoid(transform(x) @ kernel.T + visible_bias)`.

        Args:
            x: Array, `(examples, visible)`.

        Returns:
            Array, `(examples, visible)`.
        """
        return self._visible(self.transform(x))

    def free_energy(self, x: Any) -> Any:
        """Return the free energy of each example, `-log(p(x)) - log(Z)`.

        Formula: `-x @ visible_bias - sum(log(1 + exp(x @ kernel + hidden_bias)))`.

        Args:
            x: Array, `(examples, visible)`.

        Returns:
            Array, `(examples,)`.
        """
        x = self._fitting(x)
        hidden = np.logaddexp(0, x @ self.kernel + self.hidden_bias)
        return -x @ self.visible_bias - hidden.sum(axis=1)

    def _start(self, x):
        on = x.sum(axis=0, dtype="float64")
        odds = (on + 1) / (len(x) - on + 1)
        shape = (x.shape[1], self.units)
        self.kernel = self._generator.normal(0.0, 0.01, shape).astype("float32")
        self.visible_bias = np.log(odds).astype("float32")
        self.hidden_bias = np.zeros(self.units, "float32")

    def _update(self, batch, steps):
        """Move one step on a batch; return the steps, for momentum."""
        # NumPy's scalars would take the arrays along to their own precision.
        learning_rate, momentum = float(self.learning_rate), float(self.momentum)
        kernel, *biases = self._gradient(batch)
        gradients = [kernel - float(self.weight_decay) * self.kernel, *biases]
        steps = [
            momentum * step + learning_rate * gradient
            for step, gradient in zip(steps, gradients, strict=True)
        ]
        self.kernel += steps[0]
        self.visible_bias += steps[1]
        self.hidden_bias += steps[2]
        return steps

    def _gradient(self, visible):
        hidden = self._hidden(visible)
        data = _means(visible, hidden)
        for _ in range(self.k):
            visible = self._sample(self._visible(self._sample(hidden)))
            hidden = self._hidden(visible)
        model = _means(visible, hidden)
        return [one - other for one, other in zip(data, model, strict=True)]

    def _watch(self, x, size=1000):
        """Return the means of reconstruction error and free energy, part by part."""
        errors = energies = 0.0
        for start in range(0, len(x), size):
            part = x[start : start + size]
            errors += np.square(part - self.reconstruct(part)).sum(dtype="float64")
            energies += self.free_energy(part).sum(dtype="float64")
        return float(errors / x.size), float(energies / len(x))

    def _hidden(self, visible):
        return _sigmoid(visible @ self.kernel + self.hidden_bias)

    def _visible(self, hidden):
        return _sigmoid(hidden @ self.kernel.T + self.visible_bias)

    def _sample(self, probabilities):
        draws = self._generator.random(probabilities.shape, dtype="float32")
        return (draws < probabilities).astype("float32")

    def _fitting(self, x):
        """Return `x` as an array that fits the weights."""
        if self.kernel is None:
            raise ValueError(
                "The RBM has no weights yet: expected one that was fitted. Call "
                "`fit(x)` first; epochs=0 only starts the weights."
            )
        x = _binary("x", x)
        self._check_width(x)
        return x

    def _check_width(self, x):
        if x.shape[1] != len(self.kernel):
            raise ValueError(
                f"The RBM was first fitted to {len(self.kernel)} visible units: "
                f"expected data of shape (examples, {len(self.kernel)}). Received: "
                f"shape={x.shape}"
            )


def pretrain(
    model: Any,
    x: Any,
    rate: float = 0.0,
    epochs: int = 10,
    batch_size: int = 100,
    validation_data: Any = None,
    **arguments: Any,
) -> Any:
    """Start the hidden Dense layers of a model from a stack of RBMs, in place.

    One `RBM` a layer, from the inputs on: it is trained on the hidden probabilities of
    the one before, and its `kernel` and `hidden_bias` become the layer's. The last
    Dense layer, the classifier, stays as it is.

    Formula: `layer.kernel = rbm.kernel / (1 - rate)`, `layer.bias = rbm.hidden_bias`.

    `rate` is for dropout that scales at inference: its outputs in training have
    `1 - rate` of the mean that the RBM saw, and the next kernel makes up for it (the
    paper's `1 / p`). `keras.layers.Dropout` and other inverted dropout keep the mean:
    leave `rate` at 0 with them.

    An RBM's hidden units are sigmoid. Layers with another activation get the same
    weights, though what they compute with them is another function.

    Args:
        model: Built `keras.Sequential` or functional model. Up to its last Dense layer
            it is a chain of Dense layers, with biases, and of layers without trainable
            weights.
        x: Array, `(examples, features)`, within 0 and 1.
        rate: Float from 0 to 1, 1 excluded: the share of a hidden Dense layer's inputs
            that training drops. One for all layers or a list with one each: `[0, 0.5]`
            where the data stay whole. Defaults to 0.
        epochs: Non-negative integer, of each RBM. Defaults to 10.
        batch_size: Positive integer. Defaults to 100.
        validation_data: Array like `x`, watched and not learned. Defaults to `None`.
        **arguments: `k`, `learning_rate`, `momentum`, `weight_decay` and `seed` of the
            RBMs. One seed serves the whole stack, whose samples differ.

    Returns:
        A list of histories, one an RBM, as `RBM.fit` returns them.

    Raises:
        ValueError: The model is none of this kind, or an argument is out of its range.

    Example:

    >>> model = keras.Sequential(
    ...     [
    ...         keras.Input((4,)),
    ...         keras.layers.Dense(3, "sigmoid"),
    ...         keras.layers.Dense(2, "sigmoid"),
    ...         keras.layers.Dense(1),
    ...     ]
    ... )
    >>> halves = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 50, axis=0)
    >>> histories = pretrain(model, halves, epochs=100, learning_rate=0.5, seed=1)
    >>> [sorted(history) for history in histories][0]
    ['free_energy', 'reconstruction_error']
    >>> one, other = keras.ops.convert_to_numpy(model.layers[0](halves[[0, -1]]))
    >>> bool(abs(one - other).max() > 0.5)  # a hidden unit tells the halves apart
    True

    Reference:
        Hinton and Salakhutdinov, 2006, Reducing the dimensionality of data with neural
        networks; for `rate` Srivastava, Hinton, Krizhevsky, Sutskever and
        Salakhutdinov, 2014, Dropout: a simple way to prevent neural networks from
        overfitting.
    """
    x = _binary("x", x)
    layers = _hidden_layers(model, x.shape[1])
    rates = list(rate) if isinstance(rate, (list, tuple)) else [rate] * len(layers)
    if len(rates) != len(layers) or not all(0 <= each < 1 for each in rates):
        raise ValueError(
            "`rate` is the share of a hidden Dense layer's inputs dropped: expected a "
            "number from 0 to 1, 1 excluded, or a list of such, one for each of "
            f"{[layer.name for layer in layers]}. Received: rate={rate}"
        )
    seed = np.random.default_rng(arguments.pop("seed", None))
    machines = [RBM(layer.units, seed=seed, **arguments) for layer in layers]
    histories = []
    for rbm in machines:
        histories.append(rbm.fit(x, epochs, batch_size, validation_data))
        x = rbm.transform(x)
        if validation_data is not None:
            validation_data = rbm.transform(validation_data)
    for layer, rbm, each in zip(layers, machines, rates, strict=True):
        layer.kernel.assign(rbm.kernel / (1 - float(each)))
        layer.bias.assign(rbm.hidden_bias)
    return histories


def _hidden_layers(model, features):
    """Return the Dense layers before the last one, or say why a stack does not fit."""
    dense = [
        each
        for each in model.layers
        if isinstance(each, keras.layers.Dense) and each.built
    ]
    if len(dense) < 2:
        raise ValueError(
            "A stack of RBMs starts the Dense layers before the last one: expected a "
            "built model with two Dense layers or more. Received: "
            f"model.layers={[each.name for each in model.layers]}"
        )
    *hidden, last = dense
    chain = model.layers[: model.layers.index(last) + 1]
    for before, layer in pairwise(chain):
        if layer.input is not before.output:
            raise ValueError(
                "A stack of RBMs starts a chain of layers: expected each layer to "
                f"take the outputs of the one before. Received: {layer.name}, which "
                f"does not take those of {before.name} alone"
            )
    for layer in chain:
        if layer not in dense and layer.trainable_weights:
            raise ValueError(
                "A stack of RBMs starts Dense layers: expected no other trainable "
                f"weights before the last of them. Received: {layer.name}, a "
                f"{type(layer).__name__}"
            )
    for layer in hidden:
        if not layer.use_bias:
            raise ValueError(
                "An RBM brings a bias for each hidden unit: expected Dense layers with "
                f"use_bias=True. Received: {layer.name}, without"
            )
        if layer.kernel.shape[0] != features:
            raise ValueError(
                f"The RBM for {layer.name} would see {features} features: expected a "
                "kernel with as many rows; flatten images first. Received: "
                f"kernel.shape={tuple(layer.kernel.shape)}"
            )
        features = layer.units
    return hidden


def _sigmoid(inputs):
    return 0.5 * np.tanh(0.5 * inputs) + 0.5  # no overflow at either end


def _means(visible, hidden):
    """Return what the gradients of kernel, visible and hidden bias compare."""
    return [
        visible.T @ hidden / len(visible),
        visible.mean(axis=0, dtype="float64"),
        hidden.mean(axis=0, dtype="float64"),
    ]


def _binary(name, x):
    x = np.asarray(x, "float32")
    if x.ndim != 2 or not x.size:
        raise ValueError(
            f"`{name}` holds one example a row: expected an array of shape (examples, "
            f"features), none of them 0; flatten images. Received: shape={x.shape}"
        )
    low, high = x.min(), x.max()
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"`{name}` holds values of binary units or their probabilities: expected "
            "numbers from 0 to 1; divide pixels by 255. Received: values from "
            f"{low} to {high}"
        )
    return x


def _check_count(name, value, meaning, least=1):
    if not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(
            f"`{name}` is {meaning}: expected an integer from {least} up. Received: "
            f"{name}={value}"
        )
