"""Say which pages are missing or stale."""

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute.commands.options import add_profile

add_options = add_profile


def call(options) -> int:
    """say which pages are missing or stale, and why"""
    from study.lab.show import states

    profile = PROFILES[options.profile]
    if profile.name == "standard":
        found = states.recall(options.experiments, profile.folder)
    else:
        found = {
            entry.name: states.say(entry, profile.folder, profile).state
            for entry in registry.load_all(options.experiments).values()
            if not profile.source or entry.definition.sized(profile)
        }
    for name, state in found.items():
        print(f"{name}: {state}")
    return int({*found.values()} != {states.UP_TO_DATE})
