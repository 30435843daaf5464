"""Keep a page's finished runs beside it, as lines of files that git merges.

A machine has a file of its own, so that two sides of a merge write different ones; it
has a line a run, sorted by what the run is. Where two of a kind are merged, git takes
the lines of both (`.gitattributes`): their order, and a line that stands twice, tell
nothing.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from study.lab.declare.closure import digest
from study.lab.declare.identity import SHORT, Identity
from study.lab.declare.version import ENGINE_VERSION
from study.lab.errors import StudyError
from study.lab.files.store import sweep, write
from study.lab.rules.arms import name
from study.lab.train import plan, provenance, tabulate
from study.lab.train.reach import every
from study.lab.train.tabled import Tabled, read

FOLDER = "runs"  # in a page's folder
SUFFIX = ".jsonl"
# Under which rules and settings runs were made: a line for all of them.
DECLARED = "rules.declared"
LIMIT = 2_000_000  # bytes of a page's tables: what a clone fetches of each
SIGNS = 60  # of a broken line that are told


@dataclass(frozen=True)
class Head:
    """Say in a file's first line who made its runs, and what was read off them.

    Args:
        machine: As `machine.place` tells it.
        engine: The number of the engine.
        read: What was read to what that is, by content.
    """

    machine: Mapping
    engine: int
    read: Mapping[str, str]

    @property
    def file(self) -> str:
        """The name of its file."""
        kind = self.machine["device"].partition(",")[0].lower()
        return f"{kind}-{digest(asdict(self))[:12]}{SUFFIX}"

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> "Head":
        values = json.loads(line)
        kinds = {"machine": dict, "engine": int, "read": dict}
        if not isinstance(values, dict) or {*values} != {*kinds}:
            raise ValueError(f"Expected {', '.join(kinds)}. Received: {line}")
        if not all(isinstance(values[each], kinds[each]) for each in kinds):
            raise ValueError(f"Expected other values. Received: {line}")
        places = ("versions", "device", "processor", "threads")
        if {*values["machine"]} - {"environment"} != {*places}:
            raise ValueError(f"Expected {', '.join(places)}. Received: {line}")
        return cls(**values)


class RunTables:
    """Read and write the finished runs that stand beside an experiment's page.

    What does not count is moved to a file beside its own, `*.aside`, and told. Of a run
    that two files have with other numbers the first one counts, by name.

    Args:
        folder: The page's folder.
        identity: Tells what the experiment's runs are.
        stage: The stage of those that judge.
        say: Who is told.
    """

    def __init__(
        self,
        folder: Path,
        identity: Identity,
        stage: str,
        say: Callable[[str], None] = print,
    ):
        self.folder, self.identity, self.stage, self.say = folder, identity, stage, say
        self._rows: dict[str, tuple[str, Tabled]] = {}
        self._heads: dict[str, Head] = {}
        sweep(folder / FOLDER)
        for path in files(folder):
            self._read(path)

    def find(self, stage: str, cell: Mapping, replicate: int) -> Tabled | None:
        """Return a run, of whatever machine."""
        _, row = self._rows.get(self.key(stage, cell, replicate), ("", None))
        return row and replace(row, cell={**cell})

    def key(self, stage: str, cell: Mapping, replicate: int) -> str:
        """Return what a run is, as its line has it."""
        return self.identity.run(stage, cell, replicate)[:SHORT]

    def add(self, machine: Mapping, rows: Iterable[Tabled]) -> None:
        """Write runs that a machine has made into its file; those there are stay."""
        new = {each.run: each for each in rows if each.run not in self._rows}
        if not new:
            return
        self._make_room(new.values())
        head = Head(_bare(machine), ENGINE_VERSION, self._now)
        path = self.folder / FOLDER / head.file
        there = _lines(path)[1:] if path.exists() else []  # another process's, too
        lines = {_run(each): each for each in there}
        lines |= {run: each.to_json() for run, each in new.items()}
        _write(path, head.to_json(), (lines[run] for run in sorted(lines)))
        self._heads[path.name] = head
        self._rows |= {run: (path.name, each) for run, each in new.items()}
        self._declare()

    def set_all_aside(self) -> None:
        """Let no run count that is there."""
        for path in files(self.folder):
            first, *lines = _lines(path)
            self._move(path, first, [], {"made before": ("", lines)})
        self._rows.clear()

    def made(self, rows: Iterable[Tabled]) -> list[dict]:
        """Tell which machines made rows, and how many of them; the busiest first."""
        counted = Counter(self._rows[each.run][0] for each in rows)
        busiest = sorted(counted, key=lambda file: (-counted[file], file))
        return [
            {**self._heads[each].machine, "runs": counted[each]} for each in busiest
        ]

    @cached_property
    def _now(self):
        """Map what the page reads to what that is, and how it is thinned."""
        thinned = f"{tabulate.POINTS}, {tabulate.LOOKS}"
        return self.identity.read() | {"thinned": thinned}

    @cached_property
    def _reached(self):
        """Map what each run is that the experiment may ask for to which it is."""
        runs = every(self.identity.experiment, self.stage)
        return {self.key(*each): each for each in runs}

    def _declare(self):
        """Note by which rules and settings runs are judged that may now be seen."""
        path = self.folder / FOLDER / DECLARED
        there = _lines(path) if path.exists() else []
        line = json.dumps(provenance.declared(self.identity.experiment))
        if line not in there:
            write(path, "".join(f"{each}\n" for each in [*there, line]).encode())

    def _read(self, path):
        first, *lines = _lines(path)
        try:
            head = Head.from_json(first)
        except ValueError:
            why = f"under a first line that tells no machine, {first[:SIGNS]!r}"
            return self._move(path, first, [], {why: ("", lines)})
        if head.engine != ENGINE_VERSION:
            why = f"of engine {head.engine}, where this is {ENGINE_VERSION}"
            return self._move(path, first, [], {why: ("", lines)})
        self._heads[path.name] = head
        kept, aside = [], {}
        for number, line in enumerate(lines, start=2):
            why, such_as = self._take(path.name, head, number, line)
            if not why:
                kept.append(line)
            elif line != first:  # which a merge may leave twice
                aside.setdefault(why, (such_as, []))[1].append(line)
        return self._move(path, first, kept, aside) if aside else None

    def _take(self, file, head, number, line):
        """Let a line's run count, or say why it does not, and for example which."""
        try:
            row = Tabled.from_json(line)
        except ValueError:
            return "that cannot be read", f", such as line {number}, {line[:SIGNS]!r}"
        run = name({**row.cell, "replicate": row.replicate})
        stage, *which = self._reached.get(row.run, ("",))
        if which != [row.cell, row.replicate]:
            return "that this definition does not reach", f", such as {run}"
        if not self._has_all(head, row, stage):
            return "of which something else was read", f", such as {run}"
        other, there = self._rows.setdefault(row.run, (file, row))
        if not row.same(there):
            return f"that {other} has with other numbers", f", such as {run}"
        return "", ""

    def _has_all(self, head, row, stage):
        """Say whether a row has all that the page reads, as it reads it now."""
        experiment, cell = self.identity.experiment, row.cell
        wanted = {each.name for each in read(experiment, stage)}
        there = {*row.measured, "thinned", *(["outputs"] if row.outputs else ())}
        if stage != "tune":
            curved = tabulate.curved(experiment, cell)
            splits = tabulate.watched(experiment)
            if (curved and not row.losses) or not {*splits} <= {*row.errors}:
                return False
            if curved or splits:
                wanted.add("thinned")
            if experiment.keeps_outputs(cell):
                wanted.add("outputs")
        same = {each for each in there if head.read.get(each) == self._now.get(each)}
        return wanted <= same

    def _make_room(self, rows):
        """Refuse tables that would be too large once every run is there."""
        experiment = self.identity.experiment
        cells = len(plan.cells(experiment.vary))
        runs = cells * (experiment.replicates + experiment.extension)
        longest = max(len(each.to_json().encode()) + 1 for each in rows)
        # Once as lines, and once as the page's tables, which are no longer.
        if (size := 2 * runs * longest) > LIMIT:
            raise StudyError(
                f"{self.folder}: expected tables of at most {LIMIT:,} bytes, for git "
                f"carries them. Received: {runs:,} runs of {longest:,} bytes, twice, "
                f"which are {size:,}; let the profile have fewer replicates, looks "
                "(`evaluations`) or curves in figures (`where`)"
            )

    def _move(self, path, first, kept, aside):
        """Move lines to the file beside, by why they do not count, and tell it."""
        target = path.with_suffix(".aside")
        there = _lines(target) if target.exists() else []
        moved = [line for _, lines in aside.values() for line in lines]
        new = [each for each in dict.fromkeys([first, *moved]) if each not in there]
        write(target, "".join(f"{each}\n" for each in [*there, *new]).encode())
        if kept:
            _write(path, first, kept)
        else:
            path.unlink()
        for why, (such_as, lines) in aside.items():
            count = f"{len(lines)} run{'s' if len(lines) != 1 else ''}"
            self.say(f"{path}: {count} {why}{such_as}; set aside in {target.name}")


def files(folder: Path) -> list[Path]:
    """List the files of finished runs beside a page, the first to count first."""
    return sorted((folder / FOLDER).glob(f"*{SUFFIX}"))


def declarations(folder: Path) -> list[dict]:
    """Return the rules and settings under which finished runs were made."""
    path = folder / FOLDER / DECLARED
    return [json.loads(each) for each in _lines(path)] if path.exists() else []


def count(folder: Path) -> int:
    """Return how many finished runs stand beside a page."""
    return sum(len(_lines(path)) - 1 for path in files(folder))


def _bare(machine):
    """Leave out what no number depends on; in the order in which it is read again."""
    versions = {k: each for k, each in machine["versions"].items() if k != "python"}
    return dict(sorted({**machine, "versions": dict(sorted(versions.items()))}.items()))


def _lines(path):
    """Return a file's lines, of which the first is there in any case."""
    text = path.read_bytes().decode("utf-8", "replace")
    first, *lines = text.split("\n")
    return [first, *(each for each in lines if each.strip())]


def _run(line):
    """Return what the run of a line is; a line that is none stands for itself."""
    try:
        return Tabled.from_json(line).run
    except ValueError:
        return line


def _write(path, head, lines):
    write(path, "".join(f"{each}\n" for each in (head, *lines)).encode())
