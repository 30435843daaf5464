"""Train a program and keep its first network."""

import tempfile
from pathlib import Path

import numpy as np

from study.lab.errors import StudyError
from study.lab.rules import arms


def network_file(engine, program, report) -> bytes:
    """Train a program and return its first network, not compiled, as a `.keras` file.

    A network that diverged is a StudyError.
    """
    result, stack, state = engine.train(program, report)
    bad = ~np.isfinite(result.loss[0])
    if bad.any():
        cell, _ = program.runs[0]
        raise StudyError(
            f"{engine.experiment.title}: expected a network that learns. Received: one "
            f"with {arms.name(cell)}, which diverged at step {bad.argmax() + 1}; name "
            "another --arm"
        )
    model = stack.network.model
    variables = model.trainable_variables, model.non_trainable_variables
    for part, values in zip(variables, state, strict=False):  # optimizer and numbers
        for variable, stacked in zip(part, values, strict=True):
            variable.assign(stack.numpy(stacked)[0])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "network.keras")
        model.save(file)
        return file.read_bytes()
