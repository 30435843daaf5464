"""Show in TensorBoard, on this machine alone, how a small network trains."""

import itertools
from pathlib import Path

import keras

from study.callbacks import (
    ActivationStatistics,
    DeadUnits,
    GradientNorms,
    LearningRateRecord,
    WeightNorms,
)
from study.datasets import Reshuffled
from study.initializers import He
from study.lab.data import Data, mnist
from study.lab.errors import StudyError

HIDDEN = ("hidden_1", "hidden_2")
DATA = mnist(train=5_000, validation=1_000)
EPOCHS, PROBED = 30, 500  # examples that the callbacks look at
BINS, OUTPUTS, SLOPES = 40, (0.0, 5.0), (-0.05, 0.05)  # and ranges of histograms
HOST = "127.0.0.1"
RELOAD = 2  # seconds from one look at the event files to the next


def watchers(folder: Path, x, y) -> list[keras.callbacks.Callback]:
    """Return Keras's TensorBoard callback and ours, all writing under one folder.

    Args:
        folder: Where the event files go.
        x: Examples for which activations and gradients are recorded.
        y: Their true outputs.
    """
    return [
        keras.callbacks.TensorBoard(folder, histogram_freq=1),
        WeightNorms(log_dir=folder),
        GradientNorms(x, y, bins=BINS, range=SLOPES, log_dir=folder),
        ActivationStatistics(x, bins=BINS, range=OUTPUTS, log_dir=folder),
        DeadUnits(x, log_dir=folder),
        LearningRateRecord(log_dir=folder),
    ]


def network(inputs: int) -> keras.Model:
    """Build a network with two hidden layers of 100 ReLU units and ten outputs."""
    layers = [
        keras.layers.Dense(100, "relu", kernel_initializer=He(seed=seed), name=name)
        for seed, name in enumerate(HIDDEN)
    ]
    out = keras.layers.Dense(10, "softmax", kernel_initializer=He(seed=2), name="out")
    return keras.Sequential([keras.Input((inputs,)), *layers, out])


def train(folder: Path, data: Data, epochs: int) -> None:
    """Train a small network, with every number on its way written under `folder`."""
    arrays = data.load()
    train, validation = data.split("draft", 0)
    x, y = arrays.x[train], arrays.y[train]
    model = network(x.shape[1])
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
    model.fit(
        Reshuffled(x, y, batch_size=50, seed=0),
        shuffle=False,
        epochs=epochs,
        validation_data=(arrays.x[validation], arrays.y[validation]),
        verbose=2,
        callbacks=watchers(folder, x[:PROBED], y[:PROBED]),
    )


def recorded(folder: Path):
    """Yield (tag behind its place, step, number) of every value in the event files.

    The number is None where a histogram or the network was written.
    """
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.util.tensor_util import make_ndarray

    for file in sorted(Path(folder).rglob("events.out.tfevents.*")):
        place = file.parent.relative_to(folder).as_posix()
        for event in EventFileLoader(str(file)).Load():
            for value in event.summary.value:
                found = make_ndarray(value.tensor)
                scalar = found.dtype.kind == "f" and found.size == 1
                number = found.item() if scalar else None
                yield f"{place}:{value.tag}", event.step, number


def fresh(parent: Path) -> Path:
    """Make a folder for the next run: run-1, run-2 and so on."""
    for number in itertools.count(1):
        folder = parent / f"run-{number}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder


def serve(folder: Path) -> str:
    """Serve a folder's event files as long as this process lives; return the address.

    The port is TensorBoard's own, 6006, or the next that is free.

    Raises:
        StudyError: No port is free.
    """
    from tensorboard import program

    board = program.TensorBoard()
    # Files are read in this process: a reader of its own could outlive it.
    board.configure(
        host=HOST, logdir=str(folder), load_fast="false", reload_interval=RELOAD
    )
    try:
        return board.launch()
    except program.TensorBoardServerException as error:
        raise StudyError(f"TensorBoard cannot be shown: {error.msg}") from error
