"""Write a definition for a claim of one's own, and its line in a ledger beside it."""

import csv
import io
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from study.lab.declare import registry
from study.lab.declare.comparison import DIRECTIONS, MEASURES, SWEEPS, Comparison, write
from study.lab.errors import StudyError, nearest
from study.lab.files import store

LONGEST = 500  # characters of a claim
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Question:
    """Something that must be known, asked for where no option tells it.

    Args:
        name: The option's.
        asks: The question.
        check: Raises where an answer will not do, given those before it.
    """

    name: str
    asks: str
    check: Callable[[str, Mapping[str, str]], None]


def add_options(parser) -> None:
    """Give the command its options."""
    parser.set_defaults(run=f"{parser.prog.removesuffix('new')}run")
    parser.add_argument("name", nargs="?", help="the finding's name; asked for")
    for each in QUESTIONS:
        if each.name != "name":
            parser.add_argument(f"--{each.name}", help=each.asks.replace("%", "%%"))
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("lecture"),
        metavar="DIR",
        help="where the definition and its ledger go; lecture where none is named",
    )


def call(options) -> int:
    """write a definition and a ledger's line for a claim of your own"""
    folder = options.folder
    lines = _lines(folder)
    answers: dict[str, str] = {"folder": str(folder)}
    for each in QUESTIONS:
        answers[each.name] = _answer(each, getattr(options, each.name), answers)
    name, claim, lecture = (answers[each] for each in ("name", "claim", "lecture"))
    numbers = (re.fullmatch(r"own-(\d+)", each.id) for each in lines)
    count = 1 + max((int(each[1]) for each in numbers if each), default=0)
    line = registry.Line(f"own-{count}", lecture, "", "training", claim)
    told = {each.name: answers.get(each.name) for each in fields(Comparison)}
    title = name.replace("_", " ").capitalize()
    text = write(Comparison(**told | {"title": title, "id": line.id}))
    path = folder / f"{name}.py"
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    store.write(folder / registry.LEDGER, _ledger([*lines, line]))
    print(
        f"{path}: judges {line.id} of {folder / registry.LEDGER}; read it, then\n"
        f"{options.run} {path}              # on MNIST\n"
        f"{options.run} {path} --data DATA  # on digits, a .npz file or IDX files"
    )
    return 0


def _answer(question, given, before):
    """Return what an option tells, or else ask until an answer will do."""
    if given is not None:
        given = given.strip()
        question.check(given, before)
        return given
    while True:
        try:
            typed = input(f"{question.asks}: ").strip()
        except EOFError as error:
            raise StudyError(
                f"new: expected an answer to “{question.asks}”, or "
                f"{'a NAME' if question.name == 'name' else f'--{question.name}'}. "
                "Received: none"
            ) from error
        try:
            question.check(typed, before)
        except StudyError as error:
            print(f"study: {error}", file=sys.stderr)
        else:
            return typed


def _lines(folder):
    """Return the lines of the ledger that is there already."""
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"--folder: expected a folder. Received: {folder}, a file")
    if not (folder / registry.LEDGER).is_file():
        return []
    names = [each.name for each in fields(registry.Line)]
    rows = registry.ledger(folder).values()
    return [registry.Line(*(getattr(each, name) for name in names)) for each in rows]


def _ledger(lines):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(each.name for each in fields(registry.Line))
    writer.writerows(map(astuple, lines))
    return file.getvalue().encode()


def _text(name):
    def check(typed, before):
        if not typed or not typed.isprintable() or len(typed) > LONGEST:
            raise StudyError(
                f"--{name}: expected a sentence of at most {LONGEST} characters on one "
                f"line. Received: {typed[:40]!r}"
            )

    return check


def _one_of(name, valid):
    def check(typed, before):
        if typed not in valid:
            raise StudyError(
                f"--{name}: expected one that is there. Received: {typed!r}; "
                f"{nearest(typed, valid)}"
            )

    return check


def _value(name):
    def check(typed, before):
        sweep = SWEEPS[before["sweep"]]
        try:
            value, _ = sweep.read(typed)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise StudyError(
                f"--{name}: expected {sweep.expected}. Received: {typed!r}"
            ) from error
        if name == "than" and value == sweep.read(before["arm"])[0]:
            raise StudyError(
                f"--{name}: expected another value than that of --arm. Received: "
                f"{typed!r}, the same"
            )

    return check


def _name(typed, before):
    if not NAME.fullmatch(typed):
        raise StudyError(
            "name: expected small letters, digits and _, with a letter first. "
            f"Received: {typed!r}"
        )
    if (path := Path(before["folder"], f"{typed}.py")).exists():
        raise StudyError(
            f"name: expected that of a new file. Received: {typed!r}; {path} exists, "
            "and nothing is overwritten"
        )


QUESTIONS = (
    Question("claim", "The claim, in one sentence", _text("claim")),
    Question("lecture", "The lecture's title", _text("lecture")),
    Question(
        "sweep",
        f"In what two networks differ ({', '.join(SWEEPS)})",
        _one_of("sweep", SWEEPS),
    ),
    Question("arm", "Its value that the claim is about", _value("arm")),
    Question("than", "Its value that this is held against", _value("than")),
    Question(
        "says",
        f"What the first does to a measure ({', '.join(DIRECTIONS)})",
        _one_of("says", DIRECTIONS),
    ),
    Question(
        "measure",
        f"Which measure ({', '.join(MEASURES)})",
        _one_of("measure", MEASURES),
    ),
    Question("name", "A name for the finding, such as relu_against_tanh", _name),
)
