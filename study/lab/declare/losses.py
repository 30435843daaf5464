"""Say of a loss by which of Keras's accuracies its errors are counted, and its size."""

# How labels name classes: by a number, by 0 or 1 of each output, by a one among zeros.
SPARSE, BINARY, ONE_HOT = "sparse", "binary", "one-hot"
COUNTED = {
    "sparse_categorical_crossentropy": SPARSE,
    "binary_crossentropy": BINARY,
    "binary_focal_crossentropy": BINARY,
    "categorical_crossentropy": ONE_HOT,
    "categorical_focal_crossentropy": ONE_HOT,
    "categorical_generalized_cross_entropy": SPARSE,
    "categorical_hinge": ONE_HOT,
}
# Entropies of the labels are what a guess that knows nothing costs under these.
ENTROPIES = (
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
)


def problem(loss) -> str:
    """Say why no network can be trained by a loss; empty where one can."""
    if isinstance(loss, str):
        return _unknown(loss)
    if not hasattr(loss, "reduction"):
        return "expected a name of Keras's, or a keras.losses.Loss"
    if loss.reduction in (None, "none"):
        return (
            'expected one number of a batch, by reduction="sum_over_batch_size" or '
            '"sum": of a loss without reduction `fit` takes the sum on TensorFlow, '
            "and no step on JAX"
        )
    return ""


def labels(loss) -> str | None:
    """Return how labels name classes under a loss; None where errors have no meaning.

    Example:

    >>> labels("sparse_categorical_crossentropy")
    'sparse'
    >>> labels("mean_squared_error")
    """
    return COUNTED.get(_function(loss))


def uncounted(loss) -> str:
    """Say that errors are measured under a loss that has none; empty where it has."""
    if labels(loss):
        return ""
    return (
        "it counts errors: expected a loss of classes, "
        f"{', '.join(COUNTED)}. Received: loss={loss!r}; measure its loss instead"
    )


def is_entropy(loss) -> bool:
    """Return whether a loss is the plain cross-entropy of its labels."""
    return _function(loss) in ENTROPIES and not getattr(loss, "label_smoothing", 0)


def takes_logits(loss) -> bool:
    """Return whether a loss expects logits in place of probabilities."""
    return bool(getattr(loss, "from_logits", False))


def scale(loss, batch_size: int) -> int:
    """Return by what a loss exceeds the mean over examples: a batch's size for sums."""
    return batch_size if getattr(loss, "reduction", "") == "sum" else 1


def _function(loss):
    """Return the name of Keras's function behind a loss, "" for one's own."""
    if isinstance(loss, str):
        if loss in ENTROPIES:  # most are, and Keras takes a second to import
            return loss
        loss = _named(loss)
    found = getattr(loss, "fn", loss)
    ours = not getattr(found, "__module__", "").startswith("keras.")
    return "" if ours else getattr(found, "__name__", "")


def _named(name):
    import keras

    return keras.losses.get(name)


def _unknown(name):
    if name in ENTROPIES:
        return ""
    try:
        _named(name)
    except (TypeError, ValueError):
        return f"expected a name of Keras's, such as {', '.join(ENTROPIES)}"
    return ""
