"""The findings that words of the command line mean."""

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError


def paths(experiments, words):
    """Return the files of the findings that words mean."""
    from study.lab.show import catalog

    found = catalog.findings(experiments, PROFILES["standard"].folder)
    return [experiments / f"{name}.py" for name in catalog.find(found, words)]


def chosen(experiments, words):
    """Load the findings that words mean, and no others."""
    return [registry.load(each) for each in paths(experiments, words)]


def one(experiments, word):
    """Load the one finding that a word means."""
    finding, *others = chosen(experiments, [word])
    if others:
        raise StudyError(
            f"expected one finding. Received: {word!r}, which means "
            f"{', '.join(each.name for each in (finding, *others))}"
        )
    return finding


def recorded(finding, reports):
    """List the files of a finding's tables."""
    from study.lab.declare.simulation import Simulation
    from study.lab.train import provenance

    folder, files = reports / finding.name, ["results.csv"]
    simulated = isinstance(finding.definition, Simulation)
    if simulated and (folder / provenance.FILE).exists():
        files = [*provenance.load(folder)["tables"]]
    for file in files:
        if not (folder / file).exists():
            raise StudyError(
                f"{finding.name}: expected {folder / file}. Received: none; run `make "
                f"report NAME={finding.name}`"
            )
    return files
