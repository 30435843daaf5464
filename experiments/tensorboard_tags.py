"""What a training run writes for TensorBoard, read back from its files."""

import re
import tempfile

import keras
import pandas as pd

from study.callbacks import (
    ActivationStatistics,
    DeadUnits,
    GradientNorms,
    LearningRateRecord,
    WeightNorms,
)
from study.gradients import gradients
from study.initializers import He
from study.lab.declare.facts import fact
from study.lab.declare.finding import Column, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.execute.tensorboard import recorded, watchers
from study.lab.figures import Lines, Table
from study.probes import activation_histograms, gradient_histograms, histogram_edges

EPOCHS, EXAMPLES = 10, 256
HIDDEN = ("hidden_1", "hidden_2")
LAYERS = len((*HIDDEN, "out"))
BUILT = "how it is built: the network"
NORMS = "gradients: a norm a layer"
HISTOGRAMS = "activations: a histogram a hidden layer"
# What TensorBoard is to show: the tags it has, and how many there are in this network.
KINDS = {
    BUILT: ("train:keras", 1),
    "loss of training and validation": ("(train|validation):epoch_loss", 2),
    "accuracy of training and validation": ("(train|validation):epoch_accuracy", 2),
    "learning rate": ("learning_rate:learning_rate/.*", 1),
    "weights: a histogram an array": ("train:.*(kernel|bias)/histogram", 2 * LAYERS),
    "weights: a norm a layer": ("weight_norms:weight_norms/.*", LAYERS),
    NORMS: ("gradient_norms:gradient_norms/[^/]*", LAYERS),
    "gradients: a histogram a layer": (
        "gradient_norms:gradient_norms/.*/histogram",
        LAYERS,
    ),
    HISTOGRAMS: ("activations:activations/.*/histogram", len(HIDDEN)),
    "activations: a mean a hidden layer": (
        "activations:activations/.*/mean",
        len(HIDDEN),
    ),
    "dead units: a share a hidden layer": ("dead_units:dead_units/.*", len(HIDDEN)),
}


def network():
    layers = [
        keras.layers.Dense(8, "relu", kernel_initializer=He(seed=seed), name=name)
        for seed, name in enumerate(HIDDEN)
    ]
    out = keras.layers.Dense(3, "softmax", kernel_initializer=He(seed=2), name="out")
    return keras.Sequential([keras.Input((4,)), *layers, out])


def train(folder, random):
    """Train for some epochs with what `make tensorboard` watches a training with."""
    x = random.standard_normal((EXAMPLES, 4)).astype("float32")
    y = (x[:, 0] > 0) + (x[:, 1] > 0).astype("int32")
    model = network()
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.SGD(0.3), loss, metrics=["accuracy"])
    model.fit(
        x,
        y,
        batch_size=32,
        epochs=EPOCHS,
        validation_split=0.25,
        shuffle=False,
        verbose=0,
        callbacks=watchers(folder, x, y),
    )


def of(found, pattern):
    """Return the values whose tags are of a pattern."""
    return found[[re.fullmatch(pattern, tag) is not None for tag in found["tag"]]]


def counts(found):
    """Yield how many tags there are of each kind, and in how many epochs."""
    for kind, (pattern, expected) in KINDS.items():
        rows = of(found, pattern)
        epochs = rows.groupby("tag")["epoch"].nunique()
        complete = 1 if kind == BUILT else EPOCHS
        yield {
            "table": "kind",
            "kind": kind,
            "expected": str(expected),
            "found": len(epochs),
            "epochs": str(complete),
            "missing": abs(len(epochs) - expected) + int((epochs != complete).sum()),
        }


def run(draws):
    """Train, read the files back, and count."""
    with tempfile.TemporaryDirectory() as folder:
        train(folder, draws(0, "examples"))
        found = pd.DataFrame(recorded(folder), columns=("tag", "epoch", "norm"))
    values = of(found, KINDS[NORMS][0]).assign(table="value", replicate=0)
    values["layer"] = values.pop("tag").str.rpartition("/")[2]
    values = values[["table", "replicate", "layer", "epoch", "norm"]]
    return tables([*counts(found), *values.to_dict("records")])


EXPERIMENT = Simulation(
    title="TensorBoard: what is written and read back",
    about=(
        ActivationStatistics,
        DeadUnits,
        GradientNorms,
        LearningRateRecord,
        WeightNorms,
        activation_histograms,
        gradient_histograms,
        histogram_edges,
        gradients,
    ),
    claims=(fact("d4-04", "kind", 0, "missing"),),
    takeaway=Takeaway(
        holds="TensorBoard shows how a network is built and how it trains: in the "
        "files of a run every tag that was written is read back, its values too.",
        fails="TensorBoard does not show all of how a network is built and how it "
        "trains: in the files of a run tags are missing, too many or incomplete.",
    ),
    run=run,
    measures=(
        Column("missing", "tags", "tags missing, too many or incomplete"),
        Column("found", "tags", "tags found"),
        Column("norm", "", "norm of the gradient, read back"),
    ),
    figures=Lines(
        "norm",
        x="epoch",
        hue="layer",
        table="value",
        title="Norms of the gradients, read back from the event files",
    ),
    tables=Table(
        "Tags in the event files of one training run",
        table="kind",
        called={
            "kind": "what is shown",
            "expected": "tags expected",
            "epochs": "values each",
        },
    ),
    differences={
        "visualize": (
            "a screen",
            "the files that the screen is drawn from: every tag is there, with a value "
            "an epoch. Loss, accuracy, network and weights are written by Keras's own "
            "callback, the rest by ours",
        ),
        "network": ("none", "4-8-8-3 on 256 drawn examples, 10 epochs"),
    },
)
