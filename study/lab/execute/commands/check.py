"""Say which pages are missing or stale."""

from study.lab.declare import registry, teach
from study.lab.declare.profiles import PROFILES
from study.lab.execute.commands.options import add_profile

add_options = add_profile


def call(options) -> int:
    """say which pages are missing or stale, and why"""
    from study.lab.show import states

    profile = PROFILES[options.profile]
    if profile.name == "standard":
        found = states.recall(options.experiments, profile.folder)
        _tell_boxes(options.experiments, profile.folder)
    else:
        found = {
            finding.name: states.say(finding, profile.folder, profile).state
            for finding in registry.load_all(options.experiments).values()
            if not profile.source or finding.definition.sized(profile)
        }
    for name, state in found.items():
        print(f"{name}: {state}")
    return int({*found.values()} != {states.UP_TO_DATE})


def _tell_boxes(experiments, reports):
    """Print which boxes to teach with no page shows, and why."""
    from study.lab.show import catalog

    if not (reports / catalog.CLAIMS).is_file():
        return
    levels = {row["id"]: row["level"] for row in catalog.claims(reports)}
    names = [each.stem for each in registry.paths(experiments)]
    for name, why in teach.left_out(teach.read(experiments, names), levels):
        print(f"{reports / name}: its box in {teach.FILE} is left out: {why}")
