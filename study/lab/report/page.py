"""One finding's page: recorded tables in, README.md and figures out."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from study.lab import labels, profiles, provenance
from study.lab.errors import StudyError
from study.lab.experiment import Claim, Experiment, Simulation
from study.lab.figures.base import Figure
from study.lab.judgement import judge_all, undecided_all
from study.lab.profiles import Profile
from study.lab.registry import Entry
from study.lab.report import tables
from study.lab.report.conduct import components, conduct, origin
from study.lab.report.drawing import ROOT, drawn
from study.lab.report.findings import findings, level
from study.lab.report.markdown import template
from study.lab.verdicts import Cited, Exact, Rule, Verdict

FOLDED = 8  # with more claims than this, their rules are folded
STALE = "**This page is stale.**"


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """All that a page is made of; drawing it reads nothing else.

    Args:
        name: The finding's name, that of its file and folder.
        definition: What was declared, with the profile's overrides applied.
        docstring: The finding in one sentence.
        profile: The profile it was run at.
        table: results.csv, one row a run.
        curves: curves.csv, one row a run and one column a step, or None.
        errors: errors.csv, one row a run and split and one column a look, or None.
        outputs: outputs.csv, or None.
        provenance: What produced the tables.
        folder: Where the page stands.
        path: The file of the definition.
    """

    name: str
    definition: Experiment | Simulation
    docstring: str
    profile: Profile
    table: pd.DataFrame
    curves: pd.DataFrame | None
    errors: pd.DataFrame | None
    outputs: pd.DataFrame | None
    provenance: Mapping[str, Any]
    folder: Path
    path: Path

    @cached_property
    def judged(self) -> list[tuple[Claim, Verdict]]:
        """Every claim with its verdict; index, README and pages all ask for them."""
        return judge_all(self.definition, self.table)

    @cached_property
    def left_open(self) -> dict[str, list[Rule]]:
        """The comparisons of each claim that fresh seeds alone judge."""
        first = getattr(self.definition, "first", None)
        if first is None or self.table["replicate"].isin(first).all():
            return {}
        return undecided_all(self.definition, self.table)

    @cached_property
    def cells(self) -> tables.Grid | None:
        """The table of every cell, which the explorer shows too."""
        return tables.cells(self)

    @cached_property
    def overview(self) -> tables.Grid | None:
        """The table of the main measure alone."""
        return tables.overview(self)

    @cached_property
    def declared(self) -> list[tables.Grid]:
        """The tables that the definition declares."""
        return [tables.declared(self, each) for each in self.definition.tables]

    @cached_property
    def shown(self) -> list[tuple[Figure, str, str]]:
        """Every figure with its caption and, for those who do not see it, its words."""
        figures = self.definition.figures
        return [(each, each.caption(self), each.alt(self)) for each in figures]


def load_page(entry: Entry, folder: Path, profile: Profile | str) -> Page:
    """Read the tables of a page's folder."""
    profile, folder = profiles.get(profile), Path(folder)
    definition = entry.definition.at(profile)
    return Page(
        name=entry.name,
        definition=definition,
        docstring=entry.docstring,
        profile=profile,
        table=_read(folder / "results.csv", definition, needed=True),
        curves=_steps(_read(folder / "curves.csv", definition)),
        errors=_steps(_read(folder / "errors.csv", definition)),
        outputs=_read(folder / "outputs.csv", definition),
        provenance=provenance.load(folder),
        folder=folder,
        path=entry.path.absolute(),
    )


def render_page(page: Page, ledger: Mapping, stale: str = "") -> dict[str, bytes]:
    """Render README.md and every figure of a page, the same bytes for the same data.

    Args:
        page: The page.
        ledger: Claim's id to its row, with `claim`, `lecture` and `lines`.
        stale: What has changed since the tables were recorded; "" for nothing.
    """
    _check(page)
    found = findings(page, ledger)
    text = template("page.md.j2").render(
        page=page,
        definition=page.definition,
        failed=page.provenance.get("failed", ()),
        here=here(page.folder),
        command=command(page),
        stale=_stale(page, stale),
        findings=found,
        FOLDED=FOLDED,
        compares=any(
            not isinstance(each.claim.verdict, Exact | Cited) for each in found
        ),
        level=level(page.definition),
        unit=_unit(found),
        diverged=tables.diverged(page),
        noise=tables.noise(page),
        anchors=tables.anchors(page),
        conduct=conduct(page),
        components=components(page.definition),
        origin=origin(page.provenance),
    )
    figures = {each.file: drawn(each, page) for each in page.definition.figures}
    return {"README.md": text.encode(), **figures}


def standing(page: Page, stale: str) -> dict[str, bytes] | None:
    """Return the files of a page as they stand, which may be an earlier rendering's.

    None where one is not there, or the page tells otherwise what is stale of it.

    Args:
        page: The page.
        stale: What has changed since the tables were recorded; "" for nothing.
    """
    _check(page)
    names = ["README.md", *(each.file for each in page.definition.figures)]
    files = {name: page.folder / name for name in names}
    if not all(each.is_file() for each in files.values()):
        return None
    text = files["README.md"].read_text(encoding="utf-8")
    if (_stale(page, stale) not in text) if stale else (STALE in text):
        return None
    return {name: each.read_bytes() for name, each in files.items()}


def _stale(page, stale):
    """Return what a page tells first where it is stale; "" where it is not."""
    values = {"STALE": STALE, "stale": stale, "command": command(page)}
    return Markup(template("stale.md.j2").render(values) if stale else "")


def here(folder: Path) -> Callable[[Path | str], str]:
    """Return what makes of the path of a file, one of ours or any, a link."""
    return lambda path: Path(os.path.relpath(ROOT / path, folder)).as_posix()


def command(page: Page) -> str:
    """Return the command that makes a page."""
    name = page.profile.name
    profile = "" if name == "standard" else f" PROFILE={name}"
    return f"make report NAME={page.name}{profile}"


def _unit(found):
    """The unit that all numbers of the verdicts share, or "" where they differ."""
    units = {each.unit for each in found if each.bound}
    return units.pop() if len(units) == 1 else ""


def _check(page):
    missing = [each for each in page.definition.units() if each not in page.table]
    if missing:
        raise StudyError(
            f"{page.name}: results.csv lacks a measure that is declared. Received: no "
            f"{missing[0]!r}; run `{command(page)}`"
        )
    names = [each.name for each in page.definition.figures]
    if len({*names}) < len(names):
        raise StudyError(
            f"{page.name}: figures: two of them have the same name. "
            f"Received: {', '.join(names)}"
        )


def _steps(table):
    """Turn the columns that count steps into numbers."""
    if table is None:
        return None
    return table.rename(columns=lambda each: int(each) if each.isdigit() else each)


def _read(path, definition, needed=False):
    """Read a table, with the labels of swept names as the definition has them."""
    if not path.exists() and not needed:
        return None
    swept = {**getattr(definition, "vary", {}), **getattr(definition, "tune", {})}
    there = pd.read_csv(path, nrows=0).columns
    named = [name for name in swept if name in there]
    table = pd.read_csv(
        path,
        dtype=dict.fromkeys(named, str),
        keep_default_na=False,
        na_values={name: "" for name in there if name not in named},
    )
    for name in named:
        table[name] = labels.read(table[name], swept[name])
    return table.copy()  # in one piece, of which rows are taken many times faster
