"""Start a model from the weights of another."""

from pathlib import Path
from typing import Any

import keras


def warm_start(model: Any, source: Any) -> Any:
    """Copy weights from a trained model into layers of equal kind and shape, in place.

    The model's layers are walked in order. Each takes the weights of the next layer of
    `source` that has its class and its weights' shapes; a layer for which there is
    none is skipped, and keeps its weights. Layers without weights do not count.

    Nothing else is copied. A model that is compiled keeps its learning rate, its count
    of steps and its optimizer's memory; `load_weights` of a file that a compiled model
    wrote overwrites all three, without a word, and so a changed learning rate too.

    Args:
        model: Built `keras.Model`.
        source: Trained `keras.Model`, or the path of one saved as `.keras`. It is
            loaded in safe mode, which runs no code that the file brings.

    Returns:
        Two lists of names of layers of `model`: those copied into, those skipped.

    Raises:
        ValueError: No layer fits, or the path does not end in `.keras`.

    Example:

    Train a small network on little data, then start a deeper one from it.

    >>> def network(*units):
    ...     hidden = [keras.layers.Dense(each, "relu") for each in units]
    ...     return keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    >>> small, deep = network(8), network(8, 8, 8)
    >>> small.compile("sgd", "mean_squared_error")
    >>> x = keras.ops.reshape(keras.ops.arange(20.0) / 20, (10, 2))
    >>> history = small.fit(x, x[:, :1], epochs=2, verbose=0)
    >>> copied, skipped = warm_start(deep, small)
    >>> copied == [deep.layers[0].name, deep.layers[3].name], len(skipped)
    (True, 2)
    """
    if not isinstance(source, keras.Model):
        if Path(source).suffix != ".keras":
            raise ValueError(
                "`source` is where weights come from: expected a keras.Model or the "
                f"path of a .keras file. Received: source={source}"
            )
        source = keras.saving.load_model(source, compile=False, safe_mode=True)
    targets, candidates = _weighted(model), _weighted(source)
    pairs, skipped, start = [], [], 0
    for layer in targets:
        for index in range(start, len(candidates)):
            if _kind(candidates[index]) == _kind(layer):
                pairs.append((layer, candidates[index]))
                start = index + 1
                break
        else:
            skipped.append(layer.name)
    if not pairs:
        raise ValueError(
            "Nothing can be copied: expected layers of equal class and shapes in both "
            f"models, built. Received: {_described(targets)} to start from "
            f"{_described(candidates)}"
        )
    for layer, candidate in pairs:
        layer.set_weights(candidate.get_weights())
    return [layer.name for layer, _ in pairs], skipped


def _weighted(model):
    return [layer for layer in model.layers if layer.weights]


def _kind(layer):
    return type(layer), [tuple(each.shape) for each in layer.weights]


def _described(layers):
    described = [f"{each.name} {_kind(each)[1]}" for each in layers]
    return ", ".join(described) or "no layer with weights"
