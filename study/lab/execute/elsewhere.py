"""Run findings on another data set: which can be, and where their pages stand."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from study.lab.data.prepared import Prepared
from study.lab.declare import elsewhere, profiles, registry
from study.lab.declare.experiment import Experiment
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding, LedgerRow
from study.lab.errors import DefinitionError, StudyError
from study.lab.show import elsewhere as show
from study.lab.show.book import Book
from study.lab.train import plan, provenance

FOLDER = Path("build", "elsewhere")


def folder(prepared: Prepared, profile: Profile, out: Path = FOLDER) -> Path:
    """Return where pages on a data set stand."""
    place = out / prepared.label
    return place if profile.name == "standard" else place / profile.name


def movable(
    findings: Iterable[Finding],
    prepared: Prepared,
    word: str,
    profile: Profile,
    say: Callable[[str], None],
) -> list[Finding]:
    """Return findings moved to a data set; those that cannot be are told and left out.

    Args:
        findings: The findings.
        prepared: The data set.
        word: By which the user names it.
        profile: At which they are to be run.
        say: Who is told of sizes that are otherwise, and of what is left out.
    """
    found, refused, idle = [], [], []
    for finding in findings:
        if not isinstance(finding.definition, Experiment):
            idle.append(elsewhere.refusal(finding, prepared))
            continue
        try:
            moved = elsewhere.move(finding, prepared, word)
            _try(moved, profile)
        except DefinitionError as error:
            refused.append(" ".join(str(error).split()))
        else:
            found.append(moved)
            say(_told(moved, profile))
    if not found:
        problems = refused + idle
        raise StudyError(
            problems[0]
            if len(problems) == 1
            else f"--data: expected a finding that can be run on {word}. Received: "
            f"{len(problems)}, of which none can; asked for alone each says why"
        )
    for problem in refused:
        say(f"left out: {problem}")
    if idle:
        say(
            f"left out: {len(idle)} findings that train nothing, and so know no data "
            "set"
        )
    return found


def publish(
    chosen: list[Finding],
    ledger: Mapping[str, LedgerRow],
    pages: Path,
    profile: Profile,
) -> Book:
    """Render the pages of findings, and the overview with those of earlier commands.

    Args:
        chosen: The findings, moved to the data set.
        ledger: Claim's id to its row.
        pages: Where the pages stand.
        profile: At which profile they were run.
    """
    first = chosen[0].elsewhere
    findings = {each.name: each for each in chosen}
    for path in registry.paths(chosen[0].path.parent):
        there = (pages / path.stem / provenance.FILE).exists()
        if there and path.stem not in findings:
            with contextlib.suppress(
                DefinitionError
            ):  # changed since, and moves no more
                finding = registry.load(path)
                moved = elsewhere.move(finding, first.prepared, first.word)
                findings[path.stem] = moved
    ordered = [findings[name] for name in sorted(findings)]
    reports = profiles.PROFILES["standard"].folder
    return show.publish(ordered, ledger, pages, profile, reports)


def _told(moved, profile):
    rows = moved.elsewhere.differences(profile)
    sizes = "; ".join(
        f"{what} {here} in place of {there}" for what, there, here in rows
    )
    return f"{moved.called}: {sizes or 'every size as it was'}"


def _try(moved, profile):
    """Build a network and augment two examples, for what only that can show."""
    definition = moved.definition.at(profile)
    cell = plan.cells({**definition.vary, **definition.tune})[0]
    try:
        plan.build(definition, cell)
        for change in definition.values("augmentation"):
            if change is not None:
                change(np.zeros((2, *moved.elsewhere.prepared.shape), "float32"), 0)
    except Exception as error:
        raise DefinitionError(
            f"{moved.path}: on {moved.elsewhere.word}: {error}"
        ) from error
