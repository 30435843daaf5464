"""Say whether the runs of a page are there to their end, so that they may judge."""

from pathlib import Path

from study.lab.declare.profiles import Profile
from study.lab.train import provenance


def unfinished(definition, profile: Profile, folder: Path) -> str:
    """Say why a page's tables judge nothing; empty where they do.

    Args:
        definition: The definition at the profile.
        profile: The profile.
        folder: The page's folder.
    """
    if not (folder / provenance.FILE).exists():
        return "not run to the end"
    try:
        recorded = provenance.load(folder)
        sums, failed = recorded["tables"], recorded["failed"]
        stale = provenance.staleness(definition, profile, recorded)
    except (ValueError, KeyError, TypeError) as error:
        return f"{provenance.FILE} cannot be read: {error}"
    if stale:
        return f"stale: changed since it ran: {stale}"
    for name, told in sums.items():
        path = folder / name
        if not path.exists() or provenance.digest_of(path.read_bytes()) != told:
            return f"{name} is not what was recorded"
    return f"programs failed: {len(failed)}" if failed else ""
