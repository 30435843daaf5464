"""What all figures share: columns checked before drawing, one look, the same bytes."""

import functools
import re
import weakref
from dataclasses import dataclass, field

from study.lab.errors import StudyError, nearest
from study.lab.rules import arms
from study.lab.rules.named import RESULTS


def once(find):
    """Let a figure find once what a method finds in the same tables.

    Headline, caption, words and drawing all ask for it.
    """
    known = weakref.WeakKeyDictionary()

    @functools.wraps(find)
    def found(figure, shown):
        mine = known.setdefault(shown, {})
        if id(figure) not in mine:  # which is kept too, so that its id stays its own
            mine[id(figure)] = figure, find(figure, shown)
        return mine[id(figure)][1]

    return found


@dataclass(frozen=True)
class Figure:
    """Base of the figures. A figure declares what it shows and never holds data.

    Each defines `measures`, `needs`, `in_numbers`, `caption`, `alt` and `_draw`; one
    that is no SVG also its `suffix` and `render`. All it gets of a finding is `Shown`.
    Matplotlib is imported where something is drawn, since every worker loads
    declarations.

    Args:
        table: The table that it shows, of a simulation with several.
        says: The headline, where another than `in_numbers` says it better.
    """

    table: str = field(default=RESULTS, kw_only=True)
    says: str = field(default="", kw_only=True)

    suffix = ".svg"

    def measures(self) -> set[str]:
        """Name the measures it reads."""
        raise NotImplementedError

    def needs(self) -> tuple[tuple[str, str], ...]:
        """List (table, column) of everything it reads."""
        raise NotImplementedError

    def reads(self, table: str) -> bool:
        """Say whether it reads anything of a table."""
        return any(name == table for name, _ in self.needs())

    def in_numbers(self, shown) -> str:
        """Say in one line what the numbers are, with those that matter."""
        raise NotImplementedError

    def headline(self, shown) -> str:
        """Say in one line what it shows."""
        return self.says or self.in_numbers(shown)

    def caption(self, shown) -> str:
        """Say what is shown and how to read it."""
        raise NotImplementedError

    def alt(self, shown) -> str:
        """Say in at most 250 letters what it shows, for those who do not see it."""
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

    def render(self, shown) -> bytes:
        """Draw it as the bytes of its file, the same ones for the same tables."""
        return self.svg(shown)

    def draw(self, shown):
        """Draw tables as a Matplotlib figure."""
        from study.lab.figures import style

        self._check(shown)
        with style.look():
            return self._draw(shown)

    def svg(self, shown) -> bytes:
        """Draw it as the bytes of an SVG."""
        from study.lab.figures import svg

        figure, headline = self.draw(shown), self.headline(shown)
        return svg.save(figure, f"{shown.title}: {headline}", headline, self.alt(shown))

    def _draw(self, shown):
        raise NotImplementedError

    def _where(self, shown):
        """Name itself at the beginning of a message."""
        return f"{shown.name or shown.title}: figures[{type(self).__name__}]"

    def _check(self, shown):
        for name, column in self.needs():
            where = self._where(shown)
            table = getattr(shown, name)
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
