"""Tables of pages to move through by a slider, which a reader's browser makes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from study.lab.declare.listed import toml
from study.lab.errors import StudyError, nearest
from study.lab.show.tables import Grid

FILE = "sliders.toml"


@dataclass(frozen=True)
class Slider:
    """What moves through a table of a page.

    Args:
        page: The finding's name.
        along: The column that the slider moves through.
        shown: The columns whose numbers it shows.
        by: The column that tells rows with the same setting apart, "" for none.
    """

    page: str
    along: str
    shown: tuple[str, ...]
    by: str = ""

    @property
    def columns(self) -> str:
        """The columns that are shown, as JSON."""
        return json.dumps(self.shown, ensure_ascii=False)


def load(folder: Path) -> list[Slider]:
    """Read the sliders declared beside definitions; without a file there are none."""
    path = folder / FILE
    if not path.exists():
        return []
    declared = toml(path, path.read_text(encoding="utf-8"))
    if {*declared} != {"slider"} or not isinstance(declared["slider"], list):
        raise StudyError(f"{path}: expected [[slider]] tables. Received: {[*declared]}")
    found = [_slider(path, each) for each in declared["slider"]]
    pages = {each.stem for each in folder.glob("*.py")}
    for each in found:
        if each.page not in pages:
            raise StudyError(
                f"{path}: page: expected a finding. Received: {each.page!r}; "
                f"{nearest(each.page, pages)}"
            )
    return found


def _slider(path, given):
    known = {each.name for each in fields(Slider)}
    for key in given:
        if key not in known:
            raise StudyError(
                f"{path}: expected {', '.join(sorted(known))} in each [[slider]]. "
                f"Received: {key!r}; {nearest(key, known)}"
            )
    shown = given.get("shown")
    words = [given.get("page"), given.get("along"), given.get("by", "")]
    listed = isinstance(shown, list) and shown
    if not listed or not all(isinstance(each, str) for each in (*words, *shown)):
        raise StudyError(
            f"{path}: expected page, along and by as texts, and shown as a list of "
            f"them, in each [[slider]]. Received: {given}"
        )
    return Slider(**given | {"shown": tuple(shown)})


def check(slider: Slider, grids: Iterable[Grid]) -> None:
    """Refuse a slider for which a page has no table, or one with rows that are alike.

    Args:
        slider: What is declared.
        grids: The tables of its page.
    """
    grids = [*grids]
    chosen = [slider.along, *filter(None, [slider.by])]
    wanted = {*chosen, *slider.shown}
    grid = next((each for each in grids if wanted <= {*each.headings}), None)
    if grid is None:
        heads = {head for each in grids for head in each.headings}
        lacking = sorted(wanted - heads)
        said = "; ".join(f"{each!r}, {nearest(each, heads)}" for each in lacking)
        raise StudyError(
            f"{FILE}: {slider.page}: expected columns of one of its tables. "
            f"Received: {said or sorted(wanted)}"
        )
    at = [grid.headings.index(each) for each in chosen]
    rows = [tuple(row[each] for each in at) for row in grid.rows]
    if len({*rows}) < len(rows):
        raise StudyError(
            f"{FILE}: {slider.page}: expected one row for each {' and '.join(chosen)}; "
            f"name the column that tells them apart as `by`. Received: {len(rows)} "
            f"rows of {len({*rows})}"
        )
