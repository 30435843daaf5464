"""Send inputs through layers of drawn weights, and measure how the outputs spread."""

import keras
import numpy as np

__all__ = ["layer_outputs", "spread"]


def layer_outputs(inputs, function, initializer, seeds):
    """Yield the outputs of each layer, one after the other, all of the same width.

    Args:
        inputs: NumPy array, (examples, units).
        function: Activation in Keras's operations.
        initializer: Function of `seed` that returns a Keras initializer.
        seeds: Integers, one a layer.
    """
    units, outputs = inputs.shape[1], inputs
    for seed in seeds:
        weights = initializer(seed=int(seed))((units, units))
        outputs = function(keras.ops.matmul(outputs, weights))
        yield keras.ops.convert_to_numpy(outputs).astype("float64")


def spread(outputs, first, lower, upper, bins):
    """Measure the outputs of one layer, and count them in bins.

    Args:
        outputs: NumPy array.
        first: The outputs of the first layer, whose scale is compared.
        lower, upper: The range of the histogram.
        bins: How many.

    Returns:
        Mapping with the mean and the standard deviation, the share in the outer
        twentieths of the range (%), whether that is more than half, whether more than
        half are near 0.5, the change of scale since the first layer (log2), and the
        share in each bin (%).
    """
    position = (outputs - lower) / (upper - lower)
    counts, _ = np.histogram(outputs, bins, (lower, upper))
    ends = np.mean((position < 0.05) | (position > 0.95))
    return {
        "mean": outputs.mean(),
        "deviation": outputs.std(),
        "at_ends": 100 * ends,
        "mostly_at_ends": float(ends > 0.5),
        "mostly_at_half": float(np.mean(np.abs(outputs - 0.5) < 0.05) > 0.5),
        "drift": np.abs(np.log2(outputs.std() / first.std())),
        **{f"bin_{i:02d}": 100 * n / outputs.size for i, n in enumerate(counts)},
    }
