"""Train one network of a finding once more, to use it elsewhere."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import keras

from study.lab import arms, plan
from study.lab.engine.loop import Engine
from study.lab.errors import StudyError, nearest
from study.lab.experiment import Experiment
from study.lab.registry import Entry
from study.lab.report.page import load_page
from study.lab.store import write


def model(
    entry: Entry,
    profile: str,
    arm: Mapping[str, str],
    reports: Path,
    say: Callable[[str], None] = print,
) -> keras.Model:
    """Train the first replicate of a cell and return its network, not compiled.

    It is the finding's first network of that cell but for rounding, since it trains
    without the others.

    Args:
        entry: The finding.
        profile: The profile to train at.
        arm: Swept name to label; what is not named takes its first label.
        reports: The profile's folder of pages; tuned values are read there.
        say: Told how the training goes.
    """
    experiment = _trained(entry).at(profile)
    cell = _cell(entry.name, experiment, arm)
    cell |= _tuned(entry, cell, profile, reports / entry.name)
    stage = "draft" if profile == "smoke" else "judge"
    program = plan.Program(stage, (cell,), tuple(experiment.first[:1]))
    experiment.data.prepare(say)
    result, stack, state = Engine(experiment).train(
        program, lambda step, loss: say(f"step {step:,.0f}: loss {loss:.4g}")
    )
    if result.diverged[0]:
        raise StudyError(
            f"{entry.name}: expected a network that learns. Received: one with "
            f"{arms.name(cell)}, which diverged at step {result.diverged[0]}; name "
            "another --arm"
        )
    network = stack.network.model
    variables = network.trainable_variables, network.non_trainable_variables
    for part, values in zip(variables, state, strict=False):  # optimizer and numbers
        for variable, stacked in zip(part, values, strict=True):
            variable.assign(stack.numpy(stacked)[0])
    return network


def save(network: keras.Model, path: Path) -> None:
    """Save a model as a `.keras` file, whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, path.name)
        network.save(file)
        write(path, file.read_bytes())


def _trained(entry):
    if not isinstance(entry.definition, Experiment):
        raise StudyError(
            f"{entry.name}: a simulation has no model; expected a finding that trains "
            f"networks. Received: {entry.name!r}"
        )
    return entry.definition


def _cell(name, experiment, arm):
    """Return the cell that an arm of words names."""
    for swept, word in arm.items():
        if swept not in experiment.vary:
            raise StudyError(
                f"{name}: --arm names what is not swept. Received: {swept!r}; "
                f"{nearest(swept, experiment.vary)}"
            )
        labels = [str(each) for each in experiment.vary[swept]]
        if word not in labels:
            raise StudyError(
                f"{name}: --arm names a value that {swept!r} does not take. Received: "
                f"{word!r}; valid: {', '.join(map(repr, labels))}"
            )
    return next(
        cell
        for cell in plan.cells(experiment.vary)
        if all(str(cell[swept]) == word for swept, word in arm.items())
    )


def _tuned(entry, cell, profile, folder):
    """Read the values that were tuned for a cell off the finding's page."""
    tuned = entry.definition.at(profile).tune
    if not tuned:
        return {}
    if not (folder / "provenance.json").exists():
        raise StudyError(
            f"{entry.name}: expected {folder / 'results.csv'}, where the values tuned "
            f"for each arm stand. Received: none; run `make report NAME={entry.name}`"
        )
    page = load_page(entry, folder, profile)
    run = page.table[arms.equal(page.table, cell)].iloc[0]
    return {
        name: next(each for each in labels if each == run[name])
        for name, labels in tuned.items()
    }
