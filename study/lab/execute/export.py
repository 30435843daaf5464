"""Train one network of a finding once more, to use it elsewhere."""

from collections.abc import Mapping
from pathlib import Path

from study.lab.declare import profiles
from study.lab.declare.experiment import Experiment
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.errors import StudyError, nearest
from study.lab.execute.runner import Runner
from study.lab.rules import arms
from study.lab.show.page import load_page
from study.lab.train import plan


def file(
    runner: Runner,
    finding: Finding,
    profile: Profile | str,
    arm: Mapping[str, str],
    reports: Path,
) -> bytes:
    """Train the first replicate of a cell and return its network's `.keras` file.

    It is the finding's first network of that cell, to the bit where the same machine
    trains it, and is not compiled.

    Args:
        runner: Who has it trained.
        finding: The finding.
        profile: The profile to train at.
        arm: Swept name to label; what is not named takes its first label.
        reports: The profile's folder of pages; tuned values are read there.
    """
    profile = profiles.get(profile)
    experiment = _trained(finding).at(profile)
    cell = _cell(finding.name, experiment, arm)
    cell |= _tuned(finding, cell, profile, reports / finding.name)
    return runner.network(finding, profile, cell)


def _trained(finding):
    if not isinstance(finding.definition, Experiment):
        raise StudyError(
            f"{finding.name}: a simulation has no model; expected a finding that "
            f"trains networks. Received: {finding.name!r}"
        )
    return finding.definition


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


def _tuned(finding, cell, profile, folder):
    """Read the values that were tuned for a cell off the finding's page."""
    tuned = finding.definition.at(profile).tune
    if not tuned:
        return {}
    if not (folder / "provenance.json").exists():
        raise StudyError(
            f"{finding.name}: expected {folder / 'results.csv'}, where the values "
            "tuned for each arm stand. Received: none; run `make report "
            f"NAME={finding.name}`"
        )
    page = load_page(finding, folder, profile)
    run = page.table[arms.equal(page.table, cell)].iloc[0]
    return {
        name: next(each for each in labels if each == run[name])
        for name, labels in tuned.items()
    }
