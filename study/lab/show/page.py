"""One finding's page: recorded tables in, README.md and figures out."""

import csv
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from study.lab.declare import elsewhere, labels, profiles, words
from study.lab.declare.definition import Claim
from study.lab.declare.elsewhere import Elsewhere
from study.lab.declare.experiment import Experiment
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.declare.simulation import Simulation
from study.lab.declare.teach import Box
from study.lab.declare.words import Words
from study.lab.errors import StudyError
from study.lab.figures.base import Figure
from study.lab.figures.shown import Shown
from study.lab.judge import judge_all, undecided_all
from study.lab.rules.named import RESULTS, Tables, alone, named, one
from study.lab.rules.verdicts import FACTS, Rule, Verdict
from study.lab.show import edges, history, sizes, tables
from study.lab.show.claims import level, meanings
from study.lab.show.costs import Costs
from study.lab.show.doubts import doubts
from study.lab.show.drawing import ROOT, drawings
from study.lab.show.handed import handed, results
from study.lab.show.markdown import part, template
from study.lab.show.protocol import components, origin, protocol
from study.lab.train import provenance

FOLDED = 8  # with more claims than this, their rules are folded
STALE = "**This page is stale.**"
SIZES = "## In larger runs"


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """All that a page is made of; drawing it reads nothing else.

    Args:
        name: The finding's name, that of its file and folder.
        definition: What was declared, with the profile's overrides applied.
        docstring: The finding in one sentence.
        profile: The profile it was run at.
        table: results.csv, one row a run; the tables of a simulation with several.
        curves: curves.csv, one row a run and one column a step, or None.
        errors: errors.csv, one row a run and split and one column a look, or None.
        outputs: outputs.csv, or None.
        provenance: What produced the tables.
        folder: Where the page stands.
        path: The file of the definition.
        larger: The page of the same finding at the profile paper, where its larger runs
            are there to their end: they judge in place of these.
        changed: On how many days its rule or a setting changed after a result was
            recorded; None where no history is kept.
        elsewhere: The other data set to which the definition was moved.
        words: How columns and arms are told.
        box: By which it is taught, where somebody has written that.
    """

    name: str
    definition: Experiment | Simulation
    docstring: str
    profile: Profile
    table: Tables
    curves: pd.DataFrame | None
    errors: pd.DataFrame | None
    outputs: pd.DataFrame | None
    provenance: Mapping[str, Any]
    folder: Path
    path: Path
    larger: "Page | None" = None
    changed: int | None = None
    elsewhere: Elsewhere | None = None
    words: Words = field(default_factory=Words)
    box: Box | None = None

    @cached_property
    def judged(self) -> list[tuple[Claim, Verdict | None]]:
        """Every claim with its verdict; a smoke run judges none."""
        if not self.profile.judged:
            return [(claim, None) for claim in self.definition.claims]
        return judge_all(self.definition, self.table, self.edges, self.words.arms)

    @cached_property
    def edges(self) -> list[Mapping]:
        """Every cell whose best value lies at an edge of its grid that is no bound."""
        recorded = self.provenance.get("edges", ())
        return edges.found(self.definition, recorded, self.table)

    @cached_property
    def left_open(self) -> dict[str, list[Rule]]:
        """The comparisons of each claim that fresh seeds alone judge."""
        trained = self.profile.judged and isinstance(self.definition, Experiment)
        if not trained or self.table["replicate"].isin(self.definition.first).all():
            return {}
        return undecided_all(self.definition, self.table)

    @cached_property
    def costs(self) -> Costs:
        """What training takes, by its own runs."""
        return Costs(self, partial(command, self))

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
    def results(self) -> Shown:
        """results.csv, with the words for what stands in it."""
        return results(self)

    @cached_property
    def handed(self) -> dict[tuple, Shown]:
        """What figures were handed, so that those that read the same share it."""
        return {}

    @cached_property
    def picture(self) -> tuple[str, str] | None:
        """The file of the first figure that is drawn, and its words."""
        drawn = (each for each in self.definition.figures if each.suffix == ".svg")
        first = next(drawn, None)
        return (first.file, first.alt(handed(self, first))) if first else None

    @cached_property
    def figures(self) -> list[tuple[Figure, str, str]]:
        """Every figure with its caption and, for those who do not see it, its words."""
        found = [(each, handed(self, each)) for each in self.definition.figures]
        return [(each, each.caption(shown), each.alt(shown)) for each, shown in found]

    @property
    def seeds(self) -> str:
        """Say whether its seeds came after what was seen of it."""
        definition = self.definition
        if definition.first_replicate:
            return (
                "Its seeds are later than the last change: replicates from "
                f"{definition.first_replicate:,} on."
            )
        if isinstance(definition, Simulation) and not definition.drawn:
            return "It draws no random numbers."
        return "Its seeds are those of before the last change."

    @property
    def files(self) -> list[str]:
        """The files of the tables that rules read."""
        return [f"{name}.csv" for name in named(self.table)]

    @property
    def rows(self) -> int:
        """How many rows these have."""
        return sum(map(len, named(self.table).values()))

    def seen_by(self, reader) -> "Page":
        """Return the page with the one table that a figure or an anchor reads."""
        if reader.table == RESULTS:
            return self
        return replace(self, table=one(self.table, reader.table))


def load_page(finding: Finding, folder: Path, profile: Profile | str) -> Page:
    """Read the tables of a page's folder."""
    profile, folder = profiles.get(profile), Path(folder)
    definition, recorded = finding.definition.at(profile), provenance.load(folder)
    return Page(
        name=finding.name,
        definition=definition,
        docstring=finding.docstring,
        profile=profile,
        table=_tables(folder, definition, recorded),
        curves=_steps(read_table(folder / "curves.csv", definition)),
        errors=_steps(read_table(folder / "errors.csv", definition)),
        outputs=read_table(folder / "outputs.csv", definition),
        provenance=recorded,
        folder=folder,
        path=finding.path.absolute(),
        larger=_larger(finding, folder, profile),
        changed=_changed(finding.name, folder.parent),
        elsewhere=finding.elsewhere,
        words=words.read(finding.path.parent, finding.path.stem),
        box=finding.box,
    )


def _larger(finding, folder, profile):
    """Load the page of larger runs, where they may judge."""
    source = profiles.SOURCE
    if profile.name != "standard" or not finding.definition.sized(source):
        return None
    there = profiles.at_source(folder.parent, finding.name)
    if sizes.unfinished(finding.definition.at(source), source, there):
        return None
    return load_page(finding, there, source)


def _changed(name, reports):
    told = history.read(reports)
    return None if told is None else history.changes(told)[name]


def render_page(
    page: Page, book, stale: str = "", there: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """Render README.md and every figure of a page, the same bytes for the same data.

    Args:
        page: The page.
        book: The `Book` that has its claims.
        stale: What has changed since the tables were recorded; "" for nothing.
        there: A claim's id to its word on the definition's own data set, for a page of
            another one.
    """
    _check(page)
    claims = book.claims(page)
    own = {each.id: each for each in claims}
    text = template("page.md.j2").render(
        page=page,
        opening=book.opening(page),
        home=os.path.relpath(book.home(page), page.folder),
        smaller=_smaller(page, book),
        definition=page.definition,
        failed=page.provenance.get("failed", ()),
        edges=edges.read(page),
        here=here(page.folder),
        command=command(page, page.profile),
        stale=_stale(page, stale),
        sizes=_sizes(page, claims),
        claims=claims,
        there=there,
        RULE=elsewhere.RULE,
        FOLDED=FOLDED,
        compares=any(not isinstance(each.claim.verdict, FACTS) for each in claims),
        facts=any(isinstance(each.claim.verdict, FACTS) for each in claims),
        level=level(page.definition),
        meanings=meanings(page.definition),
        unit=_unit(claims),
        diverged=tables.diverged(page),
        noise=tables.noise(page),
        anchors=tables.anchors(page),
        errata=book.errata(own, own),
        taught=book.taught(page),
        doubts=doubts(page, claims),
        protocol=protocol(page),
        components=components(page.definition),
        origin=origin(page.provenance),
    )
    return {"README.md": text.encode(), **drawings(page)}


def _smaller(page, book):
    """Return the way to the page of the standard size; "" from that and without one."""
    there = book.home(page) / page.name
    apart = there != page.folder and (there / provenance.FILE).exists()
    return os.path.relpath(there, page.folder) if apart else ""


def standing(page: Page, book, stale: str) -> dict[str, bytes] | None:
    """Return the files of a page as they stand, which may be an earlier rendering's.

    None where one is not there, or the page tells otherwise what is stale of it or by
    which runs it is judged.

    Args:
        page: The page.
        book: The `Book` that has its claims.
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
    sizes = _sizes(page, book.claims(page))
    if (sizes not in text) if sizes else (SIZES in text):
        return None
    return {name: each.read_bytes() for name, each in files.items()}


def _stale(page, stale):
    """Return what a page tells first where it is stale; "" where it is not."""
    values = {"STALE": STALE, "stale": stale, "command": command(page, page.profile)}
    return part("stale.md.j2", values) if stale else ""


def _sizes(page, claims):
    """Return the section that sets both sizes side by side; "" where there is one."""
    if page.larger is None:
        return ""
    both = [each for each in claims if each.smaller]
    smaller, larger = map(_run_with, (page, page.larger))
    values = {
        "SIZES": SIZES,
        "link": os.path.relpath(page.larger.folder, page.folder),
        "claims": both,
        "apart": [each for each in both if each.word != each.smaller.word],
        "facts": [
            (what, smaller.get(what, ""), larger.get(what, ""))
            for what in {**smaller, **larger}
            if smaller.get(what) != larger.get(what)
        ],
    }
    return part("sizes.md.j2", values)


def _run_with(page):
    """Map what a page's runs were made with to how."""
    seeds = getattr(page.definition, "replicates", None)
    return {"seeds a cell": str(seeds)} | dict(protocol(page).facts)


def here(folder: Path) -> Callable[[Path | str], str]:
    """Return what makes of the path of a file, one of ours or any, a link."""
    return lambda path: Path(os.path.relpath(ROOT / path, folder)).as_posix()


def command(finding: Page | Finding, profile: Profile) -> str:
    """Return the command that makes the page of a finding at a profile."""
    size = "" if profile.name == "standard" else f" PROFILE={profile.name}"
    moved = f" DATA={finding.elsewhere.word}" if finding.elsewhere else ""
    return f"make report NAME={finding.name}{size}{moved}"


def _unit(claims):
    """The unit that all numbers of the verdicts share, or "" where they differ."""
    units = {each.unit for each in claims if each.bound}
    return units.pop() if len(units) == 1 else ""


def _check(page):
    again = command(page, page.profile)
    tables = named(page.table)
    for who, table in page.definition.tables_read():
        if table not in tables:
            raise StudyError(
                f"{page.name}: there is no table that is read by {who}. Received: no "
                f"{table}.csv; run `{again}`"
            )
    there = {column for each in tables.values() for column in each}
    missing = [each for each in page.definition.units() if each not in there]
    if missing:
        raise StudyError(
            f"{page.name}: {', '.join(page.files)} lacks a measure that is declared. "
            f"Received: no {missing[0]!r}; run `{again}`"
        )
    for figure in page.definition.figures:
        for name in ("curves", "errors", "outputs"):
            if figure.reads(name) and getattr(page, name) is None:
                raise StudyError(
                    f"{page.name}: figures[{type(figure).__name__}] draws {name}.csv. "
                    f"Received: no such file; run `{again}`"
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


def _tables(folder, definition, recorded):
    """Read the tables that rules read: results.csv, or those of a simulation."""
    names = [RESULTS]
    if isinstance(definition, Simulation):
        files = recorded.get("tables", ())
        names = [each.removesuffix(".csv") for each in files] or names
    return alone(
        {
            name: read_table(folder / f"{name}.csv", definition, needed=True)
            for name in names
        }
    )


def read_table(path: Path, definition, needed: bool = False) -> pd.DataFrame | None:
    """Read a table, with the labels of swept names as the definition has them."""
    if not path.exists() and not needed:
        return None
    swept = {**getattr(definition, "vary", {}), **getattr(definition, "tune", {})}
    with path.open(encoding="utf-8", newline="") as file:
        there = next(csv.reader(file), ())
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
