"""Averaging the sub-networks of dropout, and scaling weights in their place."""

import itertools
from functools import partial

import keras
import numpy as np

from study.gradients import gradient
from study.initializers import He
from study.lab.data import digits, mnist
from study.lab.declare.experiment import Anchor, Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.declare.rows import tables
from study.lab.figures import Table, Trend
from study.lab.rules.verdicts import Equivalent, Exact, Less, Shape
from study.layers import Dropout
from study.theory.activations import relu
from study.theory.checks import largest_deviation
from study.theory.dropout import cut_out, sub_network_slope
from study.theory.ensembles import averages, first_hidden, probabilities, scored

UNITS, RATE, BATCH = 256, 0.5, 100
DATA = {"MNIST": mnist, "digits": digits}
MOST = 120  # masks drawn
AVERAGED = (1, 2, 3, 5, 10, 20, 30, 60, MOST)
FEW, SINGLE = 1, 60
MONTE_CARLO, SCALING = "average of masks", "weight scaling"
SMALL = (6, 8, 3)  # a network all of whose 2^8 sub-networks are taken
TOLERANCE = 1e-12


def learner(inputs):
    """Compile a network with two hidden layers under dropout."""
    layers = [keras.Input((inputs,))]
    for _ in range(2):
        layers += [keras.layers.Dense(UNITS, "relu"), Dropout(RATE)]
    model = keras.Sequential([*layers, keras.layers.Dense(10, "softmax")])
    model.compile(
        keras.optimizers.SGD(0.05, momentum=0.9),
        "sparse_categorical_crossentropy",
        jit_compile=False,
    )
    model.optimizer.build(model.trainable_variables)
    return model


def restart(model, random):
    """Give a network the weights, masks and momentum of a seed of its own."""
    for layer in model.layers:
        if isinstance(layer, Dropout):
            layer.seed_generator.state.assign([random.integers(2**31 - 1), 0])
        else:
            seed = int(random.integers(2**31 - 1))
            layer.kernel.assign(He(seed=seed)(layer.kernel.shape))
            layer.bias.assign(np.zeros(layer.bias.shape))
    for slot in model.optimizer.variables[2:]:  # after iteration and learning rate
        slot.assign(np.zeros(slot.shape))


def trained(model, arrays, train, epochs, random):
    """Train a network on some examples and return its kernels and biases."""
    restart(model, random)
    chosen = random.permutation(len(arrays.x))[:train]
    for _ in range(epochs):
        order = random.permutation(chosen)
        model.fit(
            arrays.x[order],
            arrays.y[order],
            batch_size=BATCH,
            epochs=1,
            shuffle=False,
            verbose=0,
        )
    return [each.get_weights() for each in model.layers if each.get_weights()]


def dense_only(weights):
    """Leave out the states of dropout's random generators."""
    return [each for each in weights if len(each) == 2 and each[0].ndim == 2]


def predictions(weights, x, y, random):
    """Yield rows of averaged masks and of scaled weights, and where they meet."""
    # the scaled network is the one Keras has: masks were divided by 1 - rate
    masks = (random.random((MOST, 2, UNITS)) >= RATE) / np.float32(1 - RATE)
    hidden = first_hidden(weights, x)
    members = np.stack([probabilities(weights, hidden, each) for each in masks])
    everything = np.ones((2, UNITS), "float32")
    error, loss = scored(probabilities(weights, hidden, everything), y)
    crossing = MOST
    for k, *found in averages(members, y, AVERAGED):
        yield arm(MONTE_CARLO, k) | {"error": found[0], "loss": found[1]}
        yield arm(SCALING, k) | {"error": error, "loss": loss}
        if found[0] <= error:
            crossing = min(crossing, k)
    yield {"table": "crossing", "crossing": float(crossing)}


def ensembles(draws, data, train, tests, epochs, replicates):
    """Train a network for every seed and predict with it."""
    arrays = DATA[data]().load()
    model = learner(arrays.x.shape[1])
    x, y = arrays.x_test[:tests], arrays.y_test[:tests]
    for replicate in range(replicates):
        random = draws(replicate, "ensemble")
        weights = dense_only(trained(model, arrays, train, epochs, random))
        for row in predictions(weights, x, y, random):
            yield {"table": "prediction", **row, "replicate": replicate}


def network_loss(x, second, targets, first):
    outputs = keras.ops.matmul(keras.ops.relu(keras.ops.matmul(x, first)), second)
    return keras.ops.sum(keras.ops.square(outputs - targets)) / 2


def shared(draws, replicates):
    """Yield how far all sub-networks are from parts of one weight matrix."""
    for replicate in range(replicates):
        random = draws(replicate, "sub-networks")
        first, second = random.normal(size=SMALL[:2]), random.normal(size=SMALL[1:])
        x, targets = random.normal(size=(5, SMALL[0])), random.normal(size=(5, 3))
        for bits in itertools.product([False, True], repeat=SMALL[1]):
            mask = np.array(bits)
            a, b = cut_out(first, second, mask)
            masked = relu(x @ first) * mask @ second
            apart = largest_deviation(masked, relu(x @ a) @ b)
            yield sub_network("its outputs are those of the masked network", apart)
            embedded = np.zeros_like(first)
            embedded[:, mask] = sub_network_slope(x, a, b, targets)
            if mask.sum() in (1, 4, SMALL[1]):
                loss = partial(network_loss, x, second * mask[:, None], targets)
                slope = gradient(loss, first)
                off = largest_deviation(slope, embedded)
                yield sub_network("its update is of the common weights", off)


def sub_network(statement, deviation):
    return {"table": "weights", "statement": statement, "deviation": deviation}


def run(draws, data, train, tests, epochs, replicates):
    found = tables(
        [
            *ensembles(draws, data, train, tests, epochs, replicates),
            *shared(draws, min(replicates, 3)),
        ]
    )
    weights = found["weights"]
    most = weights.groupby("statement", sort=False)["deviation"].agg(["max", "size"])
    most = most.rename(columns={"max": "deviation", "size": "networks"}).reset_index()
    return found | {"largest": most}


def arm(predictor, masks):
    return {"predictor": predictor, "masks": masks}


def better(measure, than_one):
    one = arm(MONTE_CARLO, FEW)
    return Less(measure=measure, table="prediction", arm=than_one, than=one)


EXPERIMENT = Simulation(
    title="Dropout as an ensemble",
    about=(Dropout,),
    claims=(
        Claim(
            "d0-28",
            verdict=Exact(measure="deviation", table="weights", tolerance=TOLERANCE),
        ),
        Claim(
            "d1-19",
            verdict=Shape(
                better("error", arm(MONTE_CARLO, SINGLE)),
                Equivalent(
                    measure="error",
                    table="prediction",
                    arm=arm(SCALING, SINGLE),
                    than=arm(MONTE_CARLO, SINGLE),
                    margin=0.3,
                ),
            ),
        ),
        Claim(
            "d3-30",
            verdict=Shape(
                better("error", arm(SCALING, FEW)),
                better("loss", arm(SCALING, FEW)),
            ),
        ),
    ),
    run=run,
    settings={
        "data": "MNIST",
        "train": 5_000,
        "tests": 2_000,
        "epochs": 6,
        "replicates": 10,
    },
    measures=(
        Column("error", "%", "test error"),
        Column("loss", "nats", "test loss"),
        Column("crossing", "masks", "masks whose average is as good as scaling"),
        Column("deviation", "", "largest deviation"),
    ),
    figures=(
        Trend(
            "error",
            x="masks",
            hue="predictor",
            table="prediction",
            log=True,
            title="Test error of the average of so many masks, and of scaled weights",
        ),
        Trend(
            "loss",
            x="masks",
            hue="predictor",
            table="prediction",
            log=True,
            title="Test loss of the average of so many masks, and of scaled weights",
        ),
    ),
    tables=(
        Table(
            "Averages of masks against scaled weights, means with 95 % intervals",
            table="prediction",
            by=("predictor", "masks"),
            columns={
                "predictor": "predictor",
                "masks": "masks",
                "error": "test error (%)",
                "loss": "test loss (nats)",
            },
        ),
        Table(
            "Sub-networks cut out of one weight matrix",
            table="largest",
            columns={
                "statement": "of each sub-network",
                "networks": "sub-networks",
                "deviation": "largest deviation",
            },
        ),
    ),
    anchors=(
        Anchor(
            source="Srivastava et al. 2014, figure 11: about 50 masks",
            measure="crossing",
            arm={},
            value=50,
            read=True,
            table="crossing",
        ),
    ),
    differences=(
        (
            "ensemble",
            "said in words",
            "sub-networks averaged do better than one of them, and the network with "
            "all nodes, which stands for their average, does as well as "
            f"{SINGLE} of them to within 0.3 points",
        ),
        (
            "network",
            "784-1024-1024-1024-10, all images (Srivastava, figure 11)",
            "784-256-256-10 on 5,000 images, 6 epochs",
        ),
        (
            "masks",
            "drawn for each test case",
            f"drawn for all test images together, {MOST} in all; an average of fewer "
            "is the mean over all groups of so many",
        ),
        (
            "2^n networks",
            "symbols",
            "all 256 sub-networks of eight hidden units, three seeds, float64",
        ),
    ),
    smoke={
        "settings": {
            "data": "MNIST",
            "train": 500,
            "tests": 200,
            "epochs": 1,
            "replicates": 2,
        }
    },
)
