"""Make some runs again and compare them with the tables."""

import sys
import time
from pathlib import Path

from study.lab import machine
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.commands import findings
from study.lab.execute.commands.options import (
    add_names,
    add_profile,
    add_workers,
    at_least_one,
)

SHARE = 0.05  # of the runs of a page: about ten minutes on two cores for all pages


def add_options(parser):
    """Add which runs to make again."""
    add_names(parser)
    add_profile(parser)
    add_workers(parser)
    parser.add_argument(
        "--share", type=float, default=SHARE, help="of the runs of each page"
    )
    parser.add_argument("--seed", type=int, default=0, help="which of them")
    parser.add_argument(
        "--long", action="store_true", help="also runs of the profile paper over 1 min"
    )


def call(options) -> int:
    """make some runs of every page again and compare them with its tables"""
    if not 0 < options.share <= 1:
        raise StudyError(
            "--share: expected a number above 0 and at most 1. Received: "
            f"--share={options.share}"
        )
    profile = PROFILES[options.profile]
    if not profile.judged:
        raise StudyError(
            "verify: expected a profile whose pages are committed, standard or paper. "
            f"Received: --profile={profile.name}"
        )
    chosen = findings.chosen(options.experiments, options.names)
    from study.lab.execute.progress import Progress
    from study.lab.execute.supervisor import Workers
    from study.lab.execute.verify import NUDGES, Verifier
    from study.lab.files.store import write
    from study.lab.show.verified import render_verified

    machine.require_device()
    start = time.perf_counter()
    with Workers(at_least_one(options.workers)) as workers, Progress() as progress:
        verifier = Verifier(
            workers, progress, profile, options.share, options.seed, options.long
        )
        found = verifier.verify(chosen, profile.folder)
    for each in found:
        for words in each.differing:
            print(f"different: {words}", file=sys.stderr)
    for name, content in render_verified(found, NUDGES).items():
        path = profile.folder / name if not options.names else Path("build") / name
        write(path, content)
        print(f"{path}: done in {time.perf_counter() - start:.0f} s")
    return int(any(each.differing for each in found))
