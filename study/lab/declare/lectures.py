"""Know where in a lecture something stands: its sections and slides."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from study.lab.declare.listed import listed
from study.lab.errors import StudyError

FILE = "lectures.csv"
SPAN = re.compile(r"(\d+)(?:-(\d+))?")
PLACE = re.compile(r"(\w+):(\d+(?:-\d+)?(?:(?:, | and )\d+(?:-\d+)?)*)")


@dataclass(frozen=True)
class Slide:
    """A slide of a lecture, as its text has it.

    Args:
        key: The lecture's key, with which the ids of its claims begin.
        by: Who gives the lecture, on its first slide, as far as it says so.
        line: The line of the lecture's text with which the slide begins.
        section: The part of the lecture, "" before the first.
        slide: The slide's heading; what stands in parentheses tells it from others of
            the same heading, or translates it.
    """

    key: str
    by: str
    line: int
    section: str
    slide: str


class Lectures:
    """Find the slides that lines of lectures' texts stand on.

    Args:
        slides: The slides of every lecture, in its order.
    """

    def __init__(self, slides: Iterable[Slide] = ()):
        self._slides: dict[str, list[Slide]] = {}
        for each in slides:
            self._slides.setdefault(each.key, []).append(each)

    @classmethod
    def read(cls, folder: Path) -> "Lectures":
        """Read the table of slides beside the definitions; without it none is known."""
        return cls(_slides(listed(Path(folder) / FILE, Slide)))

    def __getitem__(self, key: str) -> list[Slide]:
        """Return the slides of a lecture; none of one that is not known."""
        return self._slides.get(key, [])

    def slides(self, key: str, lines: str) -> list[Slide]:
        """Return the slides on which lines such as "28;34-40" stand, each once."""
        found = dict.fromkeys(
            slide
            for first, last in _spans(lines)
            for slide, end in self._ended(key)
            if slide.line <= last and first < end
        )
        return [*found]

    def place(self, key: str, lines: str) -> str:
        """Say where lines stand: the section and the headings of the slides."""
        if not SPAN.search(lines):
            return f"the lecture's {lines}" if lines else ""
        found = self.slides(key, lines)
        if not found:
            several = any(each in lines for each in ";-")
            return f"{'lines' if several else 'line'} {lines.replace(';', ', ')}"
        sections = dict.fromkeys(each.section for each in found if each.section)
        said = ", ".join(f"“{each}”" for each in dict.fromkeys(x.slide for x in found))
        slides = f"{'slides' if len(found) > 1 else 'slide'} {said}"
        return ", ".join([*sections, slides])

    def told(self, where: str) -> str:
        """Say the places in a text such as "d0:97, d2:225 against d4:196" in words."""

        def words(found):
            lines = found[2].replace(" and ", ";").replace(", ", ";")
            return f"{found[1]}: {self.place(found[1], lines)}"

        return PLACE.sub(words, where)

    def headings(self, where: str) -> dict[str, list[str]]:
        """Map lectures to the headings of the slides that such a text names."""
        found: dict[str, list[str]] = {}
        for key, lines in PLACE.findall(where):
            mine = found.setdefault(key, [])
            new = (each.slide for each in self.slides(key, lines))
            mine += [each for each in dict.fromkeys(new) if each not in mine]
        return found

    def _ended(self, key):
        """Yield the slides of a lecture, each with the line before which it ends."""
        slides = self[key]
        ends = [*(each.line for each in slides[1:]), float("inf")]
        yield from zip(slides, ends, strict=True) if slides else ()


def _spans(lines: str) -> Iterator[tuple[int, int]]:
    for found in SPAN.finditer(lines):
        yield int(found[1]), int(found[2] or found[1])


def _slides(rows):
    """Yield the slides of a table whose lines are numbers that rise in a lecture."""
    last = {}
    for where, row in rows:
        line = row["line"]
        if not (line or "").isdecimal() or int(line) <= last.get(row["key"], 0):
            raise StudyError(
                f"{where}: line: expected the number of the line "
                f"with which the slide begins, after the slide before. Received: {line}"
            )
        last[row["key"]] = int(line)
        yield Slide(**row | {"line": int(line)})
