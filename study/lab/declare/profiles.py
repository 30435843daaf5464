"""Say at what sizes findings are run, and where their pages stand."""

from dataclasses import dataclass
from pathlib import Path

from study.lab.errors import DefinitionError, nearest

# Tuning has seeds of its own, as many for every arm; a draft, which judges nothing, has
# one.
TUNING_SEEDS = 2


@dataclass(frozen=True)
class Profile:
    """One of the sizes at which every finding can be run.

    Args:
        name: What a user calls it.
        stage: Whose seeds it takes: `"judge"` or `"draft"`.
        folder: Where its pages stand; drafts never stand among the reports.
        judged: Whether claims are judged.
        source: Whether its runs are larger, up to the sources' own sizes. They may
            take days: git carries those that are finished, and they judge.
    """

    name: str
    stage: str
    folder: Path
    judged: bool
    source: bool = False

    @property
    def tuning_seeds(self) -> int:
        """Return how many seeds tune."""
        return TUNING_SEEDS if self.judged else 1


PROFILES = {
    each.name: each
    for each in (
        Profile("smoke", "draft", Path("build", "smoke"), judged=False),
        Profile("standard", "judge", Path("reports"), judged=True),
        Profile("paper", "judge", Path("reports", "paper"), judged=True, source=True),
    )
}


SOURCE = next(each for each in PROFILES.values() if each.source)


def get(profile: Profile | str) -> Profile:
    """Return a profile by its name; raise a DefinitionError where there is none."""
    if isinstance(profile, Profile):
        return profile
    if profile not in PROFILES:
        raise DefinitionError(
            f"profile: no such profile. Received: {profile!r}; "
            f"{nearest(profile, PROFILES)}"
        )
    return PROFILES[profile]


def at_source(reports: Path, name: str) -> Path:
    """Return the folder of a page's larger runs, beside the standard one."""
    return reports / SOURCE.folder.name / name
