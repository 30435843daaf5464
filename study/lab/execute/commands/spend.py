"""Record that replicates were seen and judge no more."""

from pathlib import Path

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.commands import findings


def add_options(parser):
    """Add whose replicates were seen, and why they judge no more."""
    parser.add_argument(
        "name", help="a finding, or a file with a definition of your own"
    )
    parser.add_argument(
        "--why", required=True, help="what changed after they were seen"
    )


def call(options) -> int:
    """record that a finding's replicates were seen and judge no more"""
    from study.lab.declare import spent
    from study.lab.train import provenance

    if options.name.endswith(".py"):
        finding = registry.load(Path(options.name))
    else:
        finding = findings.one(options.experiments, options.name)
    if not finding.definition.first:
        raise StudyError(
            f"{finding.name}: it draws no random numbers, and so has no replicates to "
            "spend; expected a finding that trains or draws. Received: "
            f"{options.name!r}"
        )
    # A definition that was changed may have fewer replicates than were seen.
    page = PROFILES["standard"].folder / finding.name
    last = max(finding.definition.last, provenance.last_seen(page))
    added = spent.spend(finding.path.parent, finding.name, last, options.why)
    print(
        f"{finding.path.parent / spent.FILE}: replicates {added.first} to {added.last} "
        f"of {added.finding} are spent; {last + 1} is the next that judges"
    )
    return 0
