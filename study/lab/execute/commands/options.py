"""Options that several commands take, and what they mean."""

from pathlib import Path

from study.lab import machine
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError

STORE = Path("build", "results")


def add_names(parser):
    """Add the names of findings."""
    parser.add_argument(
        "names",
        nargs="*",
        help="findings by name, its beginning, a claim's id or a technique; or "
        "files with definitions of your own",
    )


def add_profile(parser):
    """Add the size at which findings are trained."""
    parser.add_argument("--profile", choices=[*PROFILES], default="standard")


def add_workers(parser):
    """Add the number of processes that train."""
    parser.add_argument("--workers", type=int, default=machine.usable(), metavar="N")


def at_least_one(workers: int) -> int:
    """Return a number of processes, refused if there is none."""
    if workers < 1:
        raise StudyError(
            f"--workers: expected at least 1. Received: --workers={workers}"
        )
    return workers
