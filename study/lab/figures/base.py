"""What all figures share: columns checked before drawing, one look, the same bytes."""

import re
from dataclasses import dataclass, field

from study.lab import arms
from study.lab.errors import StudyError, nearest
from study.lab.named import RESULTS


@dataclass(frozen=True)
class Figure:
    """Base of the figures. A figure declares what it shows and never holds data.

    Each defines `measures`, `needs`, `caption`, `alt` and `_draw`; one that is no SVG
    also its `suffix` and `render`. Matplotlib is imported where something is drawn,
    since every worker loads declarations.

    Args:
        table: The table that it shows, of a simulation with several.
    """

    table: str = field(default=RESULTS, kw_only=True)

    suffix = ".svg"

    def measures(self) -> set[str]:
        """Name the measures it reads."""
        raise NotImplementedError

    def needs(self) -> tuple[tuple[str, str], ...]:
        """List (table, column) of everything it reads."""
        raise NotImplementedError

    def caption(self, page) -> str:
        """Say what is shown and how to read it."""
        raise NotImplementedError

    def alt(self, page) -> str:
        """Say the essential numbers, for those who do not see the figure."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The stem of its file: what it is, of which measure, table and cells."""
        where = getattr(self, "where", None) or {}
        shown = [self.table] if self.table != RESULTS else []
        shown += [*where.values()]
        parts = [type(self).__name__, *sorted(self.measures()), *shown]
        return re.sub(r"[^a-z0-9]+", "-", " ".join(map(str, parts)).lower()).strip("-")

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.name + self.suffix

    def render(self, page) -> bytes:
        """Draw it as the bytes of its file, the same ones for the same tables."""
        return self.svg(page)

    def draw(self, page):
        """Draw the page's tables as a Matplotlib figure."""
        from study.lab.figures import style

        self._check(page)
        with style.look():
            return self._draw(page)

    def svg(self, page) -> bytes:
        """Draw it as the bytes of an SVG."""
        from study.lab.figures import style

        figure = self.draw(page)
        title = f"{page.definition.title}: {self.name}"
        return style.to_svg(figure, title, self.alt(page))

    def _draw(self, page):
        raise NotImplementedError

    def _check(self, page):
        for name, column in self.needs():
            where = f"{page.name}: figures[{type(self).__name__}]"
            table = getattr(page, name)
            file = f"{self.table if name == 'table' else name}.csv"
            if table is None:
                raise StudyError(f"{where}: it draws {file}. Received: no such file")
            if column not in table.columns:
                raise StudyError(
                    f"{where}: {file} lacks a column. Received: no {column!r}; "
                    f"{nearest(column, table.columns)}"
                )


def select(table, where):
    """Return the rows equal to `where`."""
    return table[arms.equal(table, where)]


def levels(page, table, name) -> list:
    """List the values of a column in the order of the sweep, else of the rows."""
    there = list(dict.fromkeys(table[name]))
    swept = list(getattr(page.definition, "vary", {}).get(name, there))
    return [each for each in swept if each in there]


def label(page, measure, unit: bool = True) -> str:
    """Return a measure's label, with its unit."""
    (found,) = (each for each in page.definition.measures if each.name == measure)
    text = found.label or measure
    return f"{text} ({found.unit})" if unit and found.unit else text


def sentence(text: str) -> str:
    """Start with a capital."""
    return text[0].upper() + text[1:]


def listing(items) -> str:
    """Join as a sentence does: a, b and c."""
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last
