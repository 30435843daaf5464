"""Averaging the sub-networks of dropout, and scaling weights in their place."""

import numpy as np

from study.initializers import He
from study.lab.data import digits, mnist
from study.lab.declare.controls import ROSE, Control, Controlled
from study.lab.declare.finding import Anchor, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.declare.wide import HALF, momentum, network
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import DoesNotRaise, Each, Level, Lowers, Margin, Shape
from study.layers import Dropout
from study.theory.ensembles import averages, first_hidden, probabilities, scored

UNITS, BATCH = 512, 100
LEARNING_RATE = 0.05  # which the network with half dropped chooses on few images
DATA = {"MNIST": mnist, "digits": digits}
MOST = 120  # masks drawn
NEVER = MOST + 1  # stands for more masks than are drawn
AVERAGED = (1, 2, 3, 5, 10, 20, 30, 60, MOST)
FEW, SINGLE = 1, 60
MONTE_CARLO, SCALING = "average of masks", "weight scaling"


def learner(inputs, units=UNITS):
    """Compile the network with dropout that other findings about it train."""
    model = network(HALF | {"hidden": (units, units)}, (inputs,), 10)
    model.compile(
        momentum(LEARNING_RATE), "sparse_categorical_crossentropy", jit_compile=False
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
    kept, units = np.float32(HALF["share"]), len(weights[1][0])
    masks = (random.random((MOST, 2, units)) < kept) / kept
    hidden = first_hidden(weights, x)
    members = np.stack([probabilities(weights, hidden, each) for each in masks])
    everything = np.ones((2, units), "float32")
    error, loss = scored(probabilities(weights, hidden, everything), y)
    crossing = NEVER
    for k, *found in averages(members, y, AVERAGED):
        yield arm(MONTE_CARLO, k) | {"test_error": found[0], "test_loss": found[1]}
        yield arm(SCALING, k) | {"test_error": error, "test_loss": loss}
        if found[0] <= error:
            crossing = min(crossing, k)
    yield {"table": "crossing", "crossing": float(crossing)}


def ensembles(draws, data, units, train, tests, epochs, replicates):
    """Train a network for every seed and predict with it."""
    arrays = DATA[data]().load()
    model = learner(arrays.x.shape[1], units)
    x, y = arrays.x_test[:tests], arrays.y_test[:tests]
    for replicate in range(replicates):
        random = draws(replicate, "ensemble")
        weights = dense_only(trained(model, arrays, train, epochs, random))
        for row in predictions(weights, x, y, random):
            yield {"table": "prediction", **row, "replicate": replicate}


def run(draws, data, units, train, tests, epochs, replicates):
    return tables(ensembles(draws, data, units, train, tests, epochs, replicates))


def arm(predictor, masks):
    return {"predictor": predictor, "masks": masks}


ONE, AVERAGE = arm(MONTE_CARLO, FEW), arm(MONTE_CARLO, SINGLE)
LOSS = Margin(ROSE, because="a fiftieth of what a guess among ten costs")

SIZES = {"data": "MNIST", "units": UNITS, "train": 2_000, "tests": 10_000}
SIZES |= {"epochs": 60, "replicates": 5}


def lower(measure, ensemble, **own):
    return Lowers(measure=measure, table="prediction", arm=ensemble, than=ONE, **own)


def learned(rule):
    """Let a rule speak where sub-networks have learned what they are trained for."""
    most = Level(measure="test_error", table="prediction", arm=ONE, below=50)
    control = Control("a sub-network alone names most digits", most, "more epochs")
    return Controlled(rule, control)


EXPERIMENT = Simulation(
    title="Dropout as an ensemble",
    about=(Dropout,),
    claims={
        "d1-19": learned(
            Shape(
                lower("test_error", AVERAGE),
                DoesNotRaise(
                    measure="test_error",
                    table="prediction",
                    arm=arm(SCALING, SINGLE),
                    than=AVERAGE,
                ),
            )
        ),
        "d3-30": learned(
            Each(
                lower("test_error", arm(SCALING, FEW)),
                lower("test_loss", arm(SCALING, FEW), margin=LOSS),
            )
        ),
    },
    takeaway=Takeaway(
        holds="Dropout acts as an ensemble that scaled weights stand for",
        fails="Dropout does not act as an ensemble that scaled weights can stand for",
        open="Whether dropout acts as an ensemble stays open",
        evidence="a single sub-network errs on {one} of the test images, the average "
        "of 60 of them on {average}, and the network with scaled weights on {scaled}.",
        numbers={
            "one": Number("test_error", ONE, "prediction"),
            "average": Number("test_error", AVERAGE, "prediction"),
            "scaled": Number("test_error", arm(SCALING, SINGLE), "prediction"),
        },
    ),
    run=run,
    settings=SIZES,
    measures=(
        Column("test_error", "%", "test error"),
        Column("test_loss", "nats", "test loss"),
        Column("crossing", "masks", "masks whose average is as good as scaling", NEVER),
    ),
    figures=tuple(
        Lines(
            measure,
            x="masks",
            hue="predictor",
            table="prediction",
            log="x",
            title=f"{what} of the average of so many masks, and of scaled weights",
        )
        for measure, what in (("test_error", "Test error"), ("test_loss", "Test loss"))
    ),
    tables=Table(
        "Averages of masks against scaled weights, means with 95 % intervals",
        table="prediction",
        by=("predictor", "masks"),
    ),
    anchors=Anchor(
        source="Srivastava et al. 2014, figure 11: about 50 masks",
        measure="crossing",
        arm={},
        value=50,
        read=True,
        table="crossing",
    ),
    differences={
        "ensemble": (
            "said in words",
            "d1-19: sub-networks averaged make fewer mistakes than one of them, and "
            "the network with all nodes, which stands for their average, no more than "
            f"{SINGLE} of them. d3-30: that network is better than one of them",
        ),
        "network": (
            "784-1024-1024-1024-10, all images (Srivastava, figure 11)",
            "784-512-512-10 on 2,000 images, 60 epochs",
        ),
        "masks": (
            "drawn for each test case",
            f"drawn for all test images together, {MOST} in all; an average of fewer "
            "is the mean over all groups of so many",
        ),
    },
    smoke={
        "settings": SIZES | {"train": 500, "tests": 200, "epochs": 1, "replicates": 2}
    },
    paper={"settings": SIZES | {"units": 1_024, "train": 50_000}},
)
