"""A cycle of single steps over all examples, beside one step down their sum."""

import itertools
from functools import partial

import keras
import numpy as np

from study.gradients import gradient
from study.theory.descents import power

SMOOTH, LIPSCHITZ = "slopes Lipschitz", "only f_i Lipschitz"


def logistic(x, a):
    """Return the slope of log(1 + exp(-a · x))."""
    return -a / (1 + np.exp((a * x).sum(-1, keepdims=True)))


def mean_logistic(x, examples):
    """Return the slope of the mean of log(1 + exp(-a · x)) over examples a."""
    return logistic(x, examples).mean(axis=0)


def logistic_loss(examples):
    """Return that mean as a function of a tensor, for `study.gradients`."""

    def loss(x):
        scores = keras.ops.sum(examples * x, axis=-1)
        return keras.ops.mean(keras.ops.log1p(keras.ops.exp(-scores)))

    return loss


def squares(x, a):
    """Return the slope of (a · x - 1)² / 2."""
    return a * ((a * x).sum(-1, keepdims=True) - 1)


def slopes_of(family, examples):
    """List the slopes of the examples' losses, each a function of `x`.

    Args:
        family: Function of `x` and an example, such as `logistic`.
        examples: Array (examples, size).
    """
    return [lambda x, a=a: family(x, a) for a in examples]


def drawn(random, count, size):
    """Draw examples, (count, size), and a start, (size,)."""
    return random.normal(size=(count, size)), random.normal(size=size)


def minibatches(random, examples, size, count):
    """Draw minibatches, none of which repeats an example."""
    picked = (random.choice(len(examples), size, replace=False) for _ in range(count))
    return [examples[each] for each in picked]


def gradients_of(batches):
    """List the slopes of mean logistic losses, by automatic differentiation."""
    return [partial(gradient, logistic_loss(batch)) for batch in batches]


def worst_hubers(narrowest, count):
    """Return losses all alike, of slope at most 1, and starts: what is worst is sought.

    Slopes go from -1 to 1 within `narrowest` or more, one row each, starts beside.
    """
    widths = np.geomspace(narrowest, 1, 40)[:, None]
    starts = np.geomspace(1e-9, 1, 400)[None]
    return [lambda x: np.clip(x / widths, -1, 1)] * count, starts + 0 * widths


def cycle(slopes, x, t):
    """Take one step down each of the slopes in turn; return all points and slopes."""
    points, met = [x], []
    for slope in slopes:
        met.append(slope(points[-1]))
        points.append(points[-1] - t * met[-1])
    return points, met


def difference(slopes, x, t):
    """Return Σ [∇f_i(x⁽ᵏ⁺ⁱ⁻¹⁾) - ∇f_i(x⁽ᵏ⁾)], what a cycle has beside a batch."""
    _, met = cycle(slopes, x, t)
    return sum(met) - sum(slope(x) for slope in slopes)


def ends(random, count, size, t=0.25):
    """Tell where a cycle and a batch step end, by the formulas and by taking the steps.

    A cycle over m examples goes through m points, a batch step through one; m of these
    are taken.

    Args:
        random: NumPy generator, which draws logistic losses and a start.
        count: Number of examples m.
        size: Numbers of each.
        t: Step size. Defaults to `0.25`.

    Yields:
        A row: the labels that the formulas have, "as printed", "swapped" or "either";
        the quantity; and its deviation, in lengths of the batch step's end.
    """
    examples, x = drawn(random, count, size)
    slopes = slopes_of(logistic, examples)

    def whole(x):
        return sum(slope(x) for slope in slopes)

    points, met = cycle(slopes, x, t)
    batches, _ = cycle([whole] * len(slopes), x, t)
    by_cycle, by_batch = x - t * sum(met), x - t * whole(x)
    parted, formula = by_cycle - by_batch, -t * difference(slopes, x, t)
    for labels, quantity, end, point in (
        ("as printed", "cycle ends at x⁽ᵏ⁺¹⁾", by_cycle, points[1]),
        ("as printed", "batch step ends at x⁽ᵏ⁺ᵐ⁾", by_batch, batches[-1]),
        ("swapped", "cycle ends at x⁽ᵏ⁺ᵐ⁾", by_cycle, points[-1]),
        ("swapped", "batch step ends at x⁽ᵏ⁺¹⁾", by_batch, batches[1]),
        ("either", "cycle − batch = −t · difference", parted, formula),
    ):
        off = np.linalg.norm(end - point) / np.linalg.norm(by_batch)
        yield {"labels": labels, "quantity": quantity, "deviation": off}


def losses(randoms, count, size):
    """Yield losses whose cycles are looked at: the worst Huber functions, regressions.

    Args:
        randoms: NumPy generators, each of which draws examples and a start.
        count: Number of examples.
        size: Numbers of each.

    Yields:
        What they are, a row: assumption, f_i and the replicate, the generator's number;
        the slopes of the examples' losses; and the start.
    """

    def named(assumption, name, replicate):
        return {"assumption": assumption, "f_i": name, "replicate": replicate}

    smooth, sharp = (worst_hubers(each, count) for each in (1.0, 1e-9))
    yield named(SMOOTH, "Huber of width ≥ 1, the worst", 0), *smooth
    yield named(LIPSCHITZ, "Huber of any width, the worst", 0), *sharp
    for i, random in enumerate(randoms):
        examples, x = drawn(random, count, size)
        for name, family in (("logistic", logistic), ("squared error", squares)):
            cell = named(SMOOTH, f"{name} regression", i)
            yield cell, slopes_of(family, examples), x


def shrinking(slopes, x, sizes):
    """Tell how the difference of a cycle from a batch step shrinks with the step size.

    Args:
        slopes: List of functions of `x`, one an example.
        x: Start.
        sizes: Step sizes.

    Returns:
        The largest difference at each size over the number of examples, and a row: the
        power of the size that it falls with, and how far that is short of 1.
    """
    found = [abs(difference(slopes, x, t)).max() / len(slopes) for t in sizes]
    grown = power(sizes, found)
    return found, {"power": grown, "shortfall": max(0.0, 1 - grown)}


def bias(examples, x, size):
    """Return how far the mean slope of all minibatches is from the whole slope.

    Args:
        examples: Array (examples, size of x), of logistic losses.
        x: Where slopes are taken.
        size: Examples of a minibatch.
    """
    every = itertools.combinations(range(len(examples)), size)
    means = np.stack([mean_logistic(x, examples[[*batch]]) for batch in every])
    return abs(means.mean(axis=0) - mean_logistic(x, examples)).max()
