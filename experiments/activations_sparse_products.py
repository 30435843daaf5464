"""Whether the zeros of ReLU make the next layer cheaper: dense and sparse products."""

import keras
import numpy as np
import pandas as pd
import scipy.sparse

from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Lowers
from study.theory.timing import alternated

BATCH, WIDTH = 1_024, 1_024
ZEROS = (0, 50, 90, 99)  # percent of the outputs
DENSE = ("NumPy, dense", "Keras, dense")
SPARSE = "SciPy, sparse (CSR)"
REPEATS = 3


def outputs(random, zeros):
    """Return outputs of a ReLU layer of which a percentage is 0.

    The threshold of 0 is shifted to the quantile, and 50 % are a ReLU's at the start.
    """
    z = random.standard_normal((BATCH, WIDTH), "float32")
    if not zeros:
        return np.abs(z) + np.float32(1e-3)
    return np.maximum(z - np.quantile(z, zeros / 100), 0).astype("float32")


def done(tensor):
    """Wait until a tensor is there, without copying it."""
    return keras.ops.convert_to_numpy(tensor[:1])


def products(random, zeros):
    """Map each kernel to a call that multiplies the outputs by the next weights."""
    h = outputs(random, zeros)
    weights = random.standard_normal((WIDTH, WIDTH), "float32")
    tensors = [keras.ops.convert_to_tensor(each) for each in (h, weights)]
    rows = scipy.sparse.csr_matrix(h)
    return {
        DENSE[0]: lambda: h @ weights,
        DENSE[1]: lambda: done(keras.ops.matmul(*tensors)),
        SPARSE: lambda: rows @ weights,
    }


def run(draws, rounds):
    """Time every product in turn, round after round."""
    random = draws(0, "outputs and weights")
    calls = {
        (kernel, zeros): call
        for zeros in ZEROS
        for kernel, call in products(random, zeros).items()
    }
    return pd.DataFrame(
        {
            "kernel": kernel,
            "zeros": zeros,
            "nonzero": 100 - zeros,
            "replicate": turn,
            "seconds_product": 1e3 * seconds,
        }
        for (kernel, zeros), turn, seconds in alternated(calls, rounds, REPEATS)
    )


def cheaper(kernel, zeros, than):
    """Whether outputs with zeros cost less in a kernel than others in another."""
    return Lowers(
        measure="seconds_product",
        arm={"kernel": kernel, "zeros": zeros},
        than={"kernel": than, "zeros": 0},
    )


def taken(kernel, zeros):
    return Number("seconds_product", {"kernel": kernel, "zeros": zeros})


EXPERIMENT = Simulation(
    title="ReLU: is a sparse network cheaper?",
    claims={
        "d2-21": Each(
            *(cheaper(SPARSE, each, DENSE[0]) for each in ZEROS[1:]),
            *(cheaper(each, zeros, each) for each in DENSE for zeros in ZEROS[1:]),
        )
    },
    takeaway=Takeaway(
        holds="Zeros make the next layer cheaper",
        depends="Zeros make the next layer cheaper {where}",
        fails="Zeros make the next layer no cheaper",
        open="Whether zeros make the next layer cheaper stays open",
        evidence="half of them, as a ReLU has at the start, leave a dense product at "
        "{half}, without zeros {dense}; a sparse one takes {sparse} with 99 % zeros.",
        numbers={
            "dense": taken(DENSE[0], 0),
            "half": taken(DENSE[0], 50),
            "sparse": taken(SPARSE, 99),
        },
    ),
    run=run,
    timed=True,
    settings={"rounds": 10},
    measures=(
        Column("seconds_product", "ms", "time of the product"),
        Column("nonzero", "%", "outputs that are not 0"),
    ),
    figures=Lines(
        "seconds_product",
        x="nonzero",
        hue="kernel",
        log="xy",
        title="Time of a layer's product of 1,024 x 1,024 outputs and weights "
        "against the share of outputs that are not 0",
    ),
    tables=Table(
        "Time of the product, means of the rounds with 95 % intervals",
        by=("kernel", "zeros"),
        columns=("seconds_product",),
        called={"zeros": "outputs that are 0 (%)"},
    ),
    differences={
        "cheap to compute": (
            "said to follow from sparse outputs",
            "the product with the next layer's weights: by shares of zeros, half being "
            "what ReLU has at the start, in the dense kernels that networks run on and "
            "in one for sparse outputs, against a dense one without zeros",
        ),
        "somewhat like dropout": (
            "said in words",
            "tried on a page of its own, for d2-88",
        ),
        "replicates": ("none", "10 rounds; in each every product has its turn"),
    },
    smoke={"settings": {"rounds": 2}},
)
