"""Say which runs definitions reach, at any profile."""

from collections.abc import Iterable, Iterator

from study.lab.declare.experiment import Experiment
from study.lab.declare.identity import Identity, simulated
from study.lab.declare.profiles import PROFILES, TUNING_SEEDS
from study.lab.declare.registry import Finding
from study.lab.declare.simulation import Simulation
from study.lab.train import plan


def reached(findings: Iterable[Finding]) -> frozenset[str]:
    """Return what each run is that some profile of a finding may ask for.

    Whichever values tuning would choose are among them.
    """
    return frozenset(
        run
        for finding in findings
        for profile in PROFILES.values()
        for run in _runs(finding.definition.at(profile), profile.stage)
    )


def _runs(definition, stage):
    if isinstance(definition, Simulation):
        yield simulated(definition, stage).digest
        return
    identity = Identity(definition)
    for each in every(definition, stage):
        yield identity.run(*each)


def every(definition: Experiment, stage: str) -> Iterator[tuple[str, dict, int]]:
    """Yield stage, cell and replicate of each run that an experiment may ask for."""
    replicates = range(definition.first.start, definition.fresh.stop)
    for cell in plan.cells({**definition.vary, **definition.tune}):
        for replicate in replicates:
            yield stage, cell, replicate
        for replicate in range(TUNING_SEEDS):
            yield "tune", cell, replicate
