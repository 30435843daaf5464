"""Tell of every claim what was found each time, from git's record of the reports."""

import csv
import io
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, fields, replace
from pathlib import Path

from study.lab.declare import spent
from study.lab.declare.declared import declared
from study.lab.errors import StudyError
from study.lab.rules.words import Word
from study.lab.scalars import printed
from study.lab.train import provenance

FILE = "history.csv"
CHANGED, SAME, FIRST = "changed", "the same", ""
NOT_RECORDED = "not recorded"
ROUNDED = "only rounding moved"
INTERVAL = "only the interval moved, of the same runs"
LAST_DIGIT = 1e-12  # of numbers near 1, as `printed` prints them
NUMBERS = ("effect", "lower", "upper", "delta")


@dataclass(frozen=True, eq=False)
class Revision:
    """What stood in the repository when reports were recorded.

    Args:
        date: The day, as git has it.
        claims: Claim's id to its row of claims.csv.
        definitions: Finding's name to the text of its definition.
        made: Finding's name to the text of its provenance.
        spent: Finding and last replicate of what was spent, with why; None before it
            was kept.
        parents: The revisions that it was made from: none, one, or those that a merge
            brings together.
    """

    date: str
    claims: dict[str, dict]
    definitions: dict[str, str] = field(default_factory=dict)
    spent: dict[tuple[str, int], str] | None = None
    parents: "tuple[Revision, ...]" = ()
    made: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Result:
    """The last result of a claim, and what gave it.

    Args:
        row: Its row of claims.csv.
        definition: The text of the definition that was last seen to give it.
        made: The provenance of its finding.
        spent: What was spent when it was found, or else when that was first kept.
    """

    row: dict
    definition: str
    made: str
    spent: dict[tuple[str, int], str] | None


@dataclass(frozen=True)
class Told:
    """One result of a claim.

    Args:
        claim, finding: The claim's id, and the finding that judged it.
        date: The day.
        word: The verdict.
        effect, lower, upper, delta: The numbers that decided it, and their bound.
        definition: Whether the code of its rules and settings changed since the
            result before: `"changed"` or `"the same"`; empty at the first.
        why: Why it changed, as it was recorded; or that only rounding moved, where an
            exact claim's deviation did by less than the last digit of a number near 1;
            or that only the interval did, where the same tables have the same effect:
            then the lab shares out the error otherwise, or ends intervals otherwise.
    """

    claim: str
    finding: str
    date: str
    word: str
    effect: str
    lower: str
    upper: str
    delta: str
    definition: str
    why: str

    @property
    def result(self) -> tuple[str, ...]:
        """The word and the numbers."""
        return (self.word, self.effect, self.lower, self.upper, self.delta)


def tell(revisions: Iterable[Revision]) -> list[Told]:
    """Tell the results of each claim, the oldest first; what stayed as it was once.

    A result is new where none of a revision's parents has it. It is held against the
    definition that gave the one before, however much later a revision recorded what
    another finding found. Code that is written otherwise and gives the same result,
    when it is run again, is no change.
    """
    found: dict[str, list[Told]] = {}
    last: dict[Revision, dict[str, _Result]] = {}
    for revision in revisions:
        parents = [last[each] for each in revision.parents]
        here = last[revision] = {}
        for each in reversed(parents):  # what is not judged here is not forgotten
            here |= each
        judged = {id: x for id, x in revision.claims.items() if x.get("experiment")}
        for id, row in judged.items():
            known = [
                results[id]
                for parent, results in zip(revision.parents, parents, strict=True)
                if _judges(parent, id)
            ]
            known = known or [each for each in [here.get(id)] if each]
            same = [each for each in known if _numbers(each.row) == _numbers(row)]
            here[id] = _result(row, revision, *same[:1])
            if same:
                continue
            told = _told(id, here[id], revision, *known[:1])
            results = found.setdefault(id, [])
            if not results or results[-1].result != told.result:
                results.append(told)
    return [each for id in sorted(found) for each in found[id]]


def changes(history: Iterable[Told]) -> Counter:
    """Count for each finding the days of results after which its code had changed."""
    days = {(x.finding, x.date) for x in history if x.definition == CHANGED}
    return Counter(finding for finding, _ in days)


def read(folder: Path) -> list[Told] | None:
    """Read the record that stands among reports; None where there is none."""
    path = Path(folder) / FILE
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    try:
        return [Told(**row) for row in rows]
    except TypeError as error:
        raise StudyError(
            f"{path}: expected the columns {', '.join(_columns())}. Received: others; "
            "run `python -m study history`"
        ) from error


def to_csv(history: Iterable[Told]) -> bytes:
    """Return the record as a table."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_columns())
    lines.writerows(map(astuple, history))
    return text.getvalue().encode()


def revisions(experiments: Path, reports: Path) -> Iterator[Revision]:
    """Read off git every commit that recorded reports, the oldest first.

    Those of branches count too: a commit's parents are the ones before it that
    recorded reports.
    """
    claims = f"./{(reports / 'claims.csv').as_posix()}"
    log = git(
        *("log", "--reverse", "--topo-order", "--full-history", "--simplify-merges"),
        *("--parents", "--format=%H %as %P", "--", claims),
    )
    found: dict[str, Revision] = {}
    for commit, date, *parents in (line.split() for line in log.splitlines()):
        rows = _rows(_show(commit, [claims])[claims])
        names = sorted({row["experiment"] for row in rows if row.get("experiment")})
        paths = {x: f"./{experiments.as_posix()}/{x}.py" for x in names}
        makings = {x: f"./{reports.as_posix()}/{x}/{provenance.FILE}" for x in names}
        record = f"./{experiments.as_posix()}/{spent.FILE}"
        texts = _show(commit, [*paths.values(), *makings.values(), record])
        seen = _rows(texts[record])
        found[commit] = Revision(
            date,
            {row["id"]: row for row in rows},
            {name: texts[path] for name, path in paths.items()},
            {(x["finding"], int(x["last"])): x["why"] for x in seen} or None,
            tuple(found[each] for each in parents if each in found),
            {name: texts[path] for name, path in makings.items()},
        )
        yield found[commit]


def _result(row, revision, before=None):
    """Return a result as it stands in a revision, where it stood before as well."""
    finding = row["experiment"]
    made = revision.made.get(finding, "")
    new = _Result(row, revision.definitions.get(finding, ""), made, revision.spent)
    if before is None:
        return new
    spent = revision.spent if before.spent is None else before.spent
    return replace(new if made != before.made else before, spent=spent)


def _told(id, result, revision, before=None):
    row, definition, why = result.row, FIRST, ""
    finding = row["experiment"]
    if before is not None:
        one, other = map(declared, (before.definition, result.definition))
        definition = SAME if one == other else CHANGED
        why = _why(finding, before, revision) if definition == CHANGED else ""
        if why == NOT_RECORDED and _rounded(before.row, row):
            why = ROUNDED
        if why in ("", NOT_RECORDED) and _judged_otherwise(before, result):
            why = INTERVAL
    return Told(id, finding, revision.date, *_numbers(row), definition, why)


def _why(finding, before, revision):
    """Return why replicates of a finding were spent since the result before."""
    if before.spent is None or revision.spent is None:
        return NOT_RECORDED
    new = [
        why
        for (name, last), why in revision.spent.items()
        if name == finding and (name, last) not in before.spent
    ]
    return "; ".join(new) or NOT_RECORDED


def _rounded(row, other):
    """Say whether deviations of what is exact differ by less than a digit shows."""
    if not {row["verdict"], other["verdict"]} <= {Word.EXACT, Word.EXACT_CONDITION}:
        return False
    found = row["effect"], other["effect"]
    if not all(found) or row["delta"] != other["delta"]:
        return False
    return abs(float(found[0]) - float(found[1])) < LAST_DIGIT


def _judged_otherwise(before, result):
    """Say whether the same runs have the same effect, in another interval."""
    pairs = zip(_numbers(before.row), _numbers(result.row), strict=True)
    _, effect, lower, upper, delta = (one == other for one, other in pairs)
    if not (effect and delta) or (lower and upper):
        return False
    runs = [json.loads(x.made or "{}").get("tables") for x in (before, result)]
    return None not in runs and runs[0] == runs[1]


def _judges(revision, id):
    return bool(revision.claims.get(id, {}).get("experiment"))


def _numbers(row):
    return [row["verdict"], *(_number(row, each) for each in NUMBERS)]


def _number(row, name):
    found = row.get(name, "")
    return printed(float(found)) if found else ""


def _columns():
    return [each.name for each in fields(Told)]


def _rows(text):
    return [*csv.DictReader(io.StringIO(text))]


def _show(commit, paths):
    """Map files of a commit to their texts, "" where there was none."""
    asked = "".join(f"{commit}:{path}\n" for path in paths)
    answer, found = io.BytesIO(git("cat-file", "--batch", given=asked)), {}
    for path in paths:
        *_, size = answer.readline().split()
        there = size != b"missing"
        found[path] = answer.read(int(size)).decode() if there else ""
        if there:
            answer.readline()
    return found


def git(*arguments, given=None):
    """Return what git says: text, or bytes where it is given something."""
    done = subprocess.run(
        ["git", *arguments],
        capture_output=True,
        input=None if given is None else given.encode(),
    )
    if done.returncode == 0:
        return done.stdout.decode() if given is None else done.stdout
    raise StudyError(
        "history: expected a clone of the project with its record. Received: "
        f"{done.stderr.decode().strip().splitlines()[-1]}"
    )
