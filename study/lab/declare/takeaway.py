"""State what a page found in one to three plain sentences, one text for each outcome.

The leading claim's verdict chooses the text, and the page's tables fill in its numbers:
nobody writes what was measured.
"""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from study.lab.declare import fields
from study.lab.declare.profiles import PROFILES
from study.lab.errors import DefinitionError, nearest
from study.lab.rules.named import RESULTS
from study.lab.rules.verdicts import FACTS, possible
from study.lab.rules.words import Stance

WORDS, SENTENCES = 60, 3  # at most
# What a text may tell of verdicts: how many of the page's claims hold, 23 of 25, and,
# where its own claim depends, in which cases that holds.
HELD, WHERE = "held", "where"
# The text that a stance of the leading claim chooses.
TEXTS = MappingProxyType(
    {
        Stance.FOR: "holds",
        Stance.DEPENDS: "depends",
        Stance.AGAINST: "fails",
        Stance.OPEN: "open",
        Stance.NONE: "shows",
    }
)
ENDS = re.compile(r"[.!?](?=\s|$)")
# Names of the code and signs of the verdict's arithmetic are no plain words.
BARE = re.compile(r"\w*[^\W_]_\w+|[`δ]|\w+=\S+")


@dataclass(frozen=True)
class Number:
    """Name what some runs measure: a mean, a median of a censored count, or a share.

    It is told with its unit as the page's cells are: 9.7 %, 91 of 100, never.

    Args:
        measure: The measure's name, or a column of a simulation's table.
        arm: Column to label of the runs. Defaults to all.
        table: The table that is read, of several.
        unit: What follows the number, of a measure that has no unit: `""` where the
            sentence goes on with what is counted.
    """

    measure: str = fields.holds(fields.text, "a measure's name")
    arm: Mapping[str, Any] = fields.holds(
        fields.mapping, "a mapping from name to label", default_factory=dict
    )
    table: str = fields.holds(fields.text, "a table's name", default=RESULTS)
    unit: str | None = fields.holds(
        fields.or_none(fields.any_text), "a unit", default=None
    )

    def __post_init__(self):
        fields.check(self)

    def read(self) -> tuple["Number", ...]:
        """Return the numbers that it is made of."""
        return (self,)


class Least(Number):
    """Name the least center of a measure over the cells that an arm leaves open."""


@dataclass(frozen=True)
class Pair:
    """Compare a number with another.

    Args:
        number: The number.
        than: The one that it is compared with.
    """

    number: Number = fields.holds(fields.one_of(Number), "a Number")
    than: Number = fields.holds(fields.one_of(Number), "a Number")

    def __post_init__(self):
        fields.check(self)

    def read(self) -> tuple[Number, ...]:
        """Return the numbers that it is made of."""
        return self.number, self.than


class Ratio(Pair):
    """Say how many times the other a number is: 2.3."""


class Difference(Pair):
    """Say by how much a number is above the other, in its unit: 1.1 points."""


@dataclass(frozen=True, kw_only=True)
class Takeaway:
    """Say what a page found, in words that its leading claim's verdict chooses.

    Args:
        of: The id of the claim that leads the page. Defaults to the first.
        holds, depends, fails, open: The text for each level of verdict that this
            claim's rule can come to, and none for another: plain sentences with
            `{names}` of `numbers`. Each may have `{held}`, how many of the page's
            claims hold, and `depends` may have `{where}`, in which cases its own does.
        shows: The text of a page that judges nothing.
        evidence: What all of these texts end with, said once: after a text without a
            full stop it follows a colon, after one with it begins a sentence.
        numbers: Name to `Number`, `Least`, `Difference` or `Ratio`.

    Example:

    >>> told = Takeaway(
    ...     holds="Half of the units err less",
    ...     fails="Half of the units err no less",
    ...     evidence="in {half} of the images, and all in {all}.",
    ...     numbers={
    ...         "half": Number("test_error", {"kept": 0.5}),
    ...         "all": Number("test_error", {"kept": 1.0}),
    ...     },
    ... )
    >>> told.filled("holds", {"half": "8.6 %", "all": "9.7 %"})
    'Half of the units err less: in 8.6 % of the images, and all in 9.7 %.'
    """

    of: str = fields.holds(fields.any_text, "a claim's id", default="")
    holds: str = fields.holds(fields.any_text, "plain sentences", default="")
    depends: str = fields.holds(fields.any_text, "plain sentences", default="")
    fails: str = fields.holds(fields.any_text, "plain sentences", default="")
    open: str = fields.holds(fields.any_text, "plain sentences", default="")
    shows: str = fields.holds(fields.any_text, "plain sentences", default="")
    evidence: str = fields.holds(fields.any_text, "plain sentences", default="")
    numbers: Mapping[str, Number | Pair] = fields.holds(
        lambda value: (
            fields.mapping(value)
            and all(isinstance(each, Number | Pair) for each in value.values())
        ),
        "a mapping from name to Number, Difference or Ratio",
        default_factory=dict,
    )

    def __post_init__(self):
        fields.check(self, where="takeaway.")
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))
        for name in self.texts:
            valid = {*self.numbers, HELD} | ({WHERE} if name == "depends" else set())
            for each in self.named(name):
                if each not in valid:
                    raise DefinitionError(
                        f"takeaway.{name}: no such number. Received: {{{each}}}; "
                        f"{nearest(each, valid)}"
                    )
            self.filled(name, dict.fromkeys(self.named(name), "1"))
        used = {each for name in self.texts for each in self.named(name)}
        for name in self.numbers:
            if name not in used:
                raise DefinitionError(
                    "takeaway.numbers: expected numbers that a text tells. Received: "
                    f"{name!r}, which none does; write {{{name}}}, or leave it out"
                )

    @property
    def texts(self) -> dict[str, str]:
        """Map levels of verdict to their texts, those that are given."""
        found = {name: getattr(self, name) for name in TEXTS.values()}
        return {name: self._ended(text) for name, text in found.items() if text}

    def _ended(self, text):
        """Return a text with the evidence that all end with."""
        if not self.evidence:
            return text
        if text.endswith("."):
            return f"{text} {self.evidence[0].upper()}{self.evidence[1:]}"
        return f"{text}: {self.evidence}"

    def named(self, level: str) -> list[str]:
        """List the names of the numbers that a text tells."""
        return placeholders(f"takeaway.{level}", self.texts[level])

    def filled(self, level: str, told: Mapping[str, str]) -> str:
        """Return a text with its numbers.

        Args:
            level: The text's name.
            told: Name to how it is told, of all that the text names. What `where` says
                counts as a word, and need not be plain.

        Raises:
            DefinitionError: It is too long so, or not plain.
        """
        text = self.texts[level]
        said = text.format_map({**told, WHERE: WHERE})
        if wrong := _not_plain(said):
            raise DefinitionError(
                f"takeaway.{level}: expected {wrong}. Received: {said!r}"
            )
        return text.format_map(told)

    def leading(self, definition):
        """Return the claim that leads a definition's page; None where it has none."""
        claims = {each.id: each for each in definition.claims}
        if self.of and self.of not in claims:
            raise DefinitionError(
                "takeaway.of: expected a claim of this definition. Received: "
                f"{self.of!r}; {nearest(self.of, claims)}"
            )
        return claims[self.of] if self.of else next(iter(claims.values()), None)


def placeholders(where: str, text: str) -> list[str]:
    """List the names that stand in braces in a text.

    Args:
        where: What the text is, with which messages begin.
        text: The text.

    Raises:
        DefinitionError: The text has a brace that is no `{name}`.

    Example:

    >>> placeholders("answer", "It is {half}, and not {all}.")
    ['half', 'all']
    """
    try:
        parts = [*string.Formatter().parse(text)]
    except ValueError as error:
        raise _no_name(where, str(error)) from error
    for _, name, how, kind in parts:
        if name is not None and (how or kind or not name.isidentifier()):
            raise _no_name(where, name)
    return [name for _, name, _, _ in parts if name is not None]


def check(definition) -> None:
    """Raise where a definition's takeaways do not fit its claims, measures and arms.

    Args:
        definition: An `Experiment` or a `Simulation`, at its standard size; a larger
            one may have a takeaway of its own.

    Raises:
        DefinitionError: A text is missing or superfluous, or names what is not there.
    """
    sizes = [definition.at(each) for each in PROFILES.values() if each.judged]
    for takeaway in {id(each.takeaway): each.takeaway for each in sizes}.values():
        if takeaway is not None:
            _check(takeaway, sizes)


def _check(takeaway, sizes):
    """Raise where a takeaway does not fit a definition at the sizes that have it."""
    own = [each for each in sizes if each.takeaway is takeaway]
    claim, wanted = takeaway.leading(own[0]), levels(takeaway, own)
    ever = levels(takeaway, sizes)
    who = claim.id if claim else "a page that judges nothing"
    compares = claim is None or not isinstance(claim.verdict, FACTS)
    for name in TEXTS.values():
        text = takeaway.texts.get(name)
        if name in wanted and not text:
            raise DefinitionError(
                f"takeaway.{name}: expected a text, for {who} can come to it. "
                "Received: none"
            )
        if text and name not in ever:
            raise DefinitionError(
                f"takeaway.{name}: expected no text, for {who} comes to "
                f"{', '.join(sorted(ever))} alone. Received: {text!r}; leave it "
                "out"
            )
        if text and compares and not {*takeaway.named(name)} & {*takeaway.numbers}:
            raise DefinitionError(
                f"takeaway.{name}: expected a number that was measured. Received: "
                f"{text!r}; name one in braces"
            )
    for each in own:
        for name, number in takeaway.numbers.items():
            for read in number.read():
                check_number(each, f"takeaway.numbers[{name}]", read)


def levels(takeaway: Takeaway, sizes) -> set[str]:
    """Name the texts that a takeaway is called for at some sizes of a definition."""
    found = set()
    for each in sizes:
        claim = takeaway.leading(each)
        if claim is None:
            found.add(Stance.NONE)
        else:
            words = possible(claim.verdict, scaled=bool(each.scaled(claim)))
            found |= {word.stance for word in words}
    return {TEXTS[each] for each in found}


def check_number(definition, where: str, number: Number) -> None:
    """Raise where a definition does not measure a number.

    Args:
        definition: An `Experiment` or a `Simulation`.
        where: What names the number, with which messages begin.
        number: The number.
    """
    units = definition.units()
    if hasattr(definition, "vary"):
        first = {name: next(iter(labels)) for name, labels in definition.vary.items()}
        left = first if isinstance(number, Least) else {}
        definition.check_arm(where, {**left, **number.arm})
        if number.measure not in units:
            raise DefinitionError(
                f"{where}: no such measure. Received: {number.measure!r}; "
                f"{nearest(number.measure, units)}"
            )
    elif isinstance(number, Least):
        raise DefinitionError(
            f"{where}: expected a sweep whose cells are compared. Received: a "
            "Simulation; name a Number"
        )
    if number.unit and units.get(number.measure):
        raise DefinitionError(
            f"{where}: `{number.measure}` has its unit, {units[number.measure]}. "
            f"Received: unit={number.unit!r}; leave it out"
        )


def _no_name(where, received):
    return DefinitionError(
        f"{where}: expected the name of a number in braces, {{name}}. "
        f"Received: {received!r}"
    )


def _not_plain(text):
    """Say what is expected of a text that is no plain sentences; "" where it is."""
    words, sentences = len(text.split()), len(ENDS.findall(text))
    if not ENDS.match(text[-1:]):
        return "sentences, which end with a full stop"
    if sentences > SENTENCES:
        return f"at most {SENTENCES} sentences, not {sentences}"
    if words > WORDS:
        return f"at most {WORDS} words, not {words}"
    if bare := BARE.search(text):
        return f"plain words in place of {bare[0]!r}"
    return ""
