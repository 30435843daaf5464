"""Read the boxes by which pages are taught: a question to vote on, and an exercise.

Texts are by hand, numbers are not: an answer names them in braces, and the page's
tables fill them in, as they do a takeaway's.
"""

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from study.lab.declare.listed import toml
from study.lab.errors import DefinitionError, StudyError, nearest
from study.lab.rules.words import LEVELS, Stance

FILE = "teach.toml"
LETTERS = "abcde"
OPTIONS = range(2, len(LETTERS) + 1)  # how many there may be
TEXTS = "question", "answer", "misconception", "exercise", "solution"
FILLED = "answer", "solution"  # which may have numbers in braces
JUDGED = tuple(each.level for each in LEVELS if each is not Stance.NONE)


@dataclass(frozen=True, kw_only=True)
class Box:
    """What a lecturer needs to teach with a page.

    Args:
        claims: Id of a claim of the page to the level that its verdict must have for
            the box to be true: `"holds"`, `"depends"`, `"does not hold"`, `"open"`.
        question: What is voted on before the page is seen.
        options: Letter to what may be voted for, from `a` on.
        correct: The letter of the right one.
        answer: Why it is right, with `{names}` of numbers.
        misconception: What people believe instead.
        exercise: What can be done in a quarter of an hour.
        solution: What comes out, with `{names}` of numbers.
        numbers: Name to the fields of a `Number`; the names of the numbers that the
            page's takeaway tells need none.
        notebook: What its notebook shows: the name of a `figure` of the page, and the
            means of a `measure` of its table `by` some columns; without it the page
            has no notebook.
    """

    claims: Mapping[str, str]
    question: str
    options: Mapping[str, str]
    correct: str
    answer: str
    misconception: str
    exercise: str
    solution: str
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notebook: Mapping[str, Any] = field(default_factory=dict)

    def apart(self, levels: Mapping[str, str]) -> list[str]:
        """Say of which claims another verdict came out than the box is written for.

        Args:
            levels: A claim's id to the level of its verdict.

        Example:

        >>> box = Box(claims={"d0-14": "holds"}, **dict.fromkeys(TEXTS, "So."),
        ...           options={"a": "Yes", "b": "No"}, correct="a")
        >>> box.apart({"d0-14": "open"})
        ['d0-14 is open, and the box is for: holds']
        """
        return [
            f"{id} is {levels.get(id, Stance.NONE.level)}, and the box is for: {level}"
            for id, level in self.claims.items()
            if levels.get(id) != level
        ]


OWN = {each.name for each in fields(Box)}
NEEDED = OWN - {"numbers", "notebook"}
SHOWN = "figure", "measure", "by"  # in a notebook


def read(folder: Path, pages: Collection[str]) -> dict[str, Box]:
    """Read the boxes that stand beside the definitions; none where there is no file.

    Args:
        folder: The folder of the definitions.
        pages: The names of the findings, of which each may have a box.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        return {}
    return _boxes(path, path.read_text(encoding="utf-8"), frozenset(pages))


@functools.cache  # every definition of a folder asks for its box
def _boxes(path, text, pages):
    tables = toml(path, text)
    for name in tables:
        if name not in pages:
            raise StudyError(
                f"{path}: expected the name of a finding. Received: [{name}]; "
                f"{nearest(name, pages)}"
            )
    return {name: _box(f"{path}: {name}", given) for name, given in tables.items()}


def _box(where, given):
    if not isinstance(given, dict):
        raise StudyError(f"{where}: expected a table, [name]. Received: {given!r}")
    for name in given:
        if name not in OWN:
            raise StudyError(
                f"{where}: no such field. Received: {name!r}; {nearest(name, OWN)}"
            )
    if lacks := sorted(NEEDED - {*given}):
        raise StudyError(f"{where}: expected {lacks[0]}. Received: none")
    for name in TEXTS:
        _text(f"{where}: {name}", given[name])
        if name not in FILLED and "{" in given[name]:
            raise StudyError(
                f"{where}: {name}: expected no number in braces, which "
                f"{' and '.join(FILLED)} may have. Received: {given[name]!r}"
            )
    _options(where, given["options"], given["correct"])
    claims = given["claims"]
    if not isinstance(claims, dict) or not claims:
        raise StudyError(
            f'{where}: claims: expected {{d0-14 = "holds"}}. Received: {claims!r}'
        )
    for id, level in claims.items():
        if level not in JUDGED:
            raise StudyError(
                f"{where}: claims.{id}: expected one of {', '.join(JUDGED)}. "
                f"Received: {level!r}"
            )
    if given.get("notebook") and {*given["notebook"]} != {*SHOWN}:
        raise StudyError(
            f"{where}: notebook: expected {', '.join(SHOWN)}. Received: "
            f"{given['notebook']!r}"
        )
    return Box(**given)


def _text(where, value):
    if not isinstance(value, str) or not value.strip():
        raise StudyError(f"{where}: expected a text. Received: {value!r}")


def _options(where, options, correct):
    letters = [*options] if isinstance(options, dict) else []
    if len(letters) not in OPTIONS or letters != [*LETTERS[: len(letters)]]:
        raise StudyError(
            f"{where}: options: expected {OPTIONS[0]} to {OPTIONS[-1]} texts, "
            f"options.a, options.b and so on. Received: {options!r}"
        )
    for letter, text in options.items():
        _text(f"{where}: options.{letter}", text)
    if correct not in letters:
        raise StudyError(
            f"{where}: correct: expected an option, {', '.join(letters)}. Received: "
            f"{correct!r}"
        )


def left_out(
    boxes: Mapping[str, Box], levels: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the pages whose box is left out, since another verdict came out, and why.

    Args:
        boxes: A page's name to its box.
        levels: The ids of the claims that are judged to the levels of their verdicts.
    """
    for name, box in boxes.items():
        if {*box.claims} <= {*levels} and (apart := box.apart(levels)):
            yield name, "; ".join(apart)


def check(box: Box, definition) -> None:
    """Raise where a box does not fit the definition of its page.

    Args:
        box: The box.
        definition: An `Experiment` or a `Simulation`, at its standard size.

    Raises:
        DefinitionError: It names a claim or a number that is not there.
    """
    from study.lab.declare import takeaway
    from study.lab.rules.verdicts import FACTS

    claims = {each.id: each for each in definition.claims}
    for id in box.claims:
        if id not in claims:
            raise DefinitionError(
                f"teach: claims: expected a claim of this page. Received: {id!r}; "
                f"{nearest(id, claims)}"
            )
    told = numbers(box, definition)
    named = {
        name: takeaway.placeholders(f"teach.{name}", getattr(box, name))
        for name in FILLED
    }
    for name, found in named.items():
        for each in found:
            if each not in told:
                raise DefinitionError(
                    f"teach.{name}: no such number. Received: {{{each}}}; "
                    f"{nearest(each, told)}"
                )
    if unused := {*box.numbers}.difference(*named.values()):
        raise DefinitionError(
            "teach.numbers: expected numbers that a text tells. Received: "
            f"{min(unused)!r}, which none does; leave it out"
        )
    compares = any(not isinstance(claims[id].verdict, FACTS) for id in box.claims)
    if compares and not named["answer"]:
        raise DefinitionError(
            "teach.answer: expected a number that was measured. Received: "
            f"{box.answer!r}; name one in braces"
        )
    for name in box.numbers:
        takeaway.check_number(definition, f"teach.numbers.{name}", told[name])
    drawn = {each.name for each in definition.figures if not _more(each)}
    if box.notebook and box.notebook["figure"] not in drawn:
        raise DefinitionError(
            "teach.notebook: expected a figure of one table of the page. Received: "
            f"{box.notebook['figure']!r}; {nearest(box.notebook['figure'], drawn)}"
        )


def _more(figure):
    """Say whether a figure reads what a run in a notebook does not give."""
    return any(map(figure.reads, ("curves", "errors", "outputs")))


def numbers(box: Box, definition) -> dict[str, Any]:
    """Map names to the numbers that a box may tell: its own, and the takeaway's."""
    from study.lab.declare.takeaway import Number

    found = dict(definition.takeaway.numbers) if definition.takeaway else {}
    for name, given in box.numbers.items():
        try:
            found[name] = Number(**given)
        except TypeError as error:
            raise DefinitionError(
                f"teach.numbers.{name}: expected measure, and as needed arm, table and "
                f"unit. Received: {given!r}"
            ) from error
    return found
