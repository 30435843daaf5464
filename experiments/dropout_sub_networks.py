"""All sub-networks of dropout are cut out of one weight matrix, and update it."""

import itertools
from functools import partial

import keras
import numpy as np

from study.gradients import gradient
from study.lab.declare.facts import Facts
from study.lab.declare.finding import Takeaway
from study.layers import Dropout
from study.theory.activations import relu
from study.theory.dropout import cut_out, sub_network_slope

INPUTS, UNITS, OUTPUTS = 6, 8, 3  # all of the 2^8 sub-networks are taken
KEPT = (1, 4, UNITS)  # units of those whose update is followed
TOLERANCE = 1e-12


def half_squares(x, second, targets, first):
    outputs = keras.ops.matmul(keras.ops.relu(keras.ops.matmul(x, first)), second)
    return keras.ops.sum(keras.ops.square(outputs - targets)) / 2


def shared(draws, replicate):
    """Yield how far all sub-networks are from parts of one weight matrix."""
    random = draws(replicate, "sub-networks")
    first = random.normal(size=(INPUTS, UNITS))
    second = random.normal(size=(UNITS, OUTPUTS))
    x, targets = random.normal(size=(5, INPUTS)), random.normal(size=(5, OUTPUTS))
    for bits in itertools.product([False, True], repeat=UNITS):
        mask = np.array(bits)
        a, b = cut_out(first, second, mask)
        pair = relu(x @ first) * mask @ second, relu(x @ a) @ b
        yield "d0-28", "its outputs are those of the masked network", *pair
        if mask.sum() in KEPT:
            loss = partial(half_squares, x, second * mask[:, None], targets)
            embedded = np.zeros_like(first)
            embedded[:, mask] = sub_network_slope(x, a, b, targets)
            pair = gradient(loss, first), embedded
            yield "d0-28", "its update is of the common weights", *pair


EXPERIMENT = Facts(
    title="Dropout: sub-networks share weights",
    about=(Dropout,),
    statements=shared,
    claims=("d0-28",),
    takeaway=Takeaway(
        holds="All sub-networks of dropout share one set of weights: each of the 256 "
        "of a small network computes what the masked network does, and its update is "
        "one of the common weights.",
        fails="Not all sub-networks of dropout are cut out of one set of weights: some "
        "compute something else than the masked network, or update other weights.",
    ),
    tolerance=TOLERANCE,
    table="Sub-networks cut out of one weight matrix",
    figure="Deviations of all sub-networks from parts of one weight matrix",
    replicates=3,
    smoke=1,
    differences={
        "2^n networks": (
            "symbols",
            "all 256 sub-networks of eight hidden units, three seeds, float64",
        )
    },
)
