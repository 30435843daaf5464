"""Name what is to be done, and do it: train, simulate, draw, or keep a network."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from study.lab.errors import StudyError
from study.lab.train.slices import Slices

Report = Callable[[float, float], None]


@dataclass(frozen=True)
class Task:
    """Ask for one program of the definition at `path`; without one, for its table.

    `moved` says to which data set the definition is moved, "" for its own. With a
    `folder` it asks for the figures of the page that has its tables there, with
    `network` for the program's first network as a `.keras` file. It is done by a worker
    with `"one"` thread beside others, or alone with `"all"`. Tasks of the same
    `structure` need compiling once, where one worker does them all. `code` says what
    the definition was made of when the task was planned. A program goes on from the
    checkpoint `begun`, and keeps another after each `every` seconds of training.
    """

    path: Path
    profile: str
    program: str = ""
    threads: str = "one"
    structure: str = ""
    folder: str = ""
    network: bool = False
    code: str = ""
    moved: str = ""
    every: float | None = None
    begun: bytes = field(default=b"", compare=False, repr=False)

    def to_bytes(self) -> bytes:
        values = asdict(self) | {"path": str(self.path)}
        begun = values.pop("begun")
        return json.dumps(values).encode() + b"\n" + begun

    @classmethod
    def from_bytes(cls, content: bytes) -> "Task":
        told, _, begun = content.partition(b"\n")
        values = json.loads(told)
        return cls(**values | {"path": Path(values["path"]), "begun": begun})


@dataclass(frozen=True)
class Listener:
    """Functions that are told what happens; each gets the task first.

    `begun` is asked for the checkpoint that a task goes on from, b"" for none; `kept`
    is told each one on the way, and `paused` the one at which a task stopped.
    """

    started: Callable[[Task], None]
    progressed: Callable[[Task, float, float], None]
    finished: Callable[[Task, bytes], None]
    retried: Callable[[Task], None]
    failed: Callable[[Task, str], None]
    begun: Callable[[Task], bytes] = lambda _: b""
    kept: Callable[[Task, bytes], None] = lambda *_: None
    paused: Callable[[Task, bytes], None] = lambda *_: None


# What yields tasks, with who is told of them, and goes on once they are done.
Job = Iterator[tuple[Iterable[Task], Listener]]


class Hands:
    """Do tasks one after another, compiling each structure of a definition once.

    Args:
        findings: Findings that stand in no file, or are loaded already, by path.
    """

    def __init__(self, findings: Iterable = ()):
        self._findings = {(each.path, each.moved): each for each in findings}
        self._engine = self._known = None

    def do(
        self,
        task: Task,
        report: Report = lambda *_: None,
        keep: Callable[[bytes], None] = lambda _: None,
        over: Callable[[], bool] = lambda: False,
    ) -> bytes:
        """Return what a task asks for.

        Args:
            task: The task.
            report: Told a program's steps and loss.
            keep: Told each checkpoint of a program.
            over: Returns whether a program is to stop, which raises `Paused`.
        """
        from study.lab.declare import profiles
        from study.lab.execute import simulation

        finding = self._finding(task)
        if task.folder:
            from study.lab.show import drawing, page

            return drawing.pack(page.load_page(finding, task.folder, task.profile))
        self._check(finding, task)
        if not task.program:
            return simulation.run(finding, profiles.get(task.profile))
        slices = Slices(task.begun, task.every, keep, over)
        return self._train(finding, task, report, slices)

    def _finding(self, task):
        """Load a definition once: what it registers with Keras is the last loading."""
        from study.lab.declare import elsewhere, registry

        key = task.path, task.moved
        if key not in self._findings:
            own = task.path, ""
            if own not in self._findings:
                self._findings[own] = registry.load(task.path)
            self._findings[key] = elsewhere.at(self._findings[own], task.moved)
        return self._findings[key]

    def _train(self, finding, task, report, slices):
        from study.lab.train import plan
        from study.lab.train.kept import network_file
        from study.lab.train.loop import Engine

        key = task.path, task.moved, task.profile, task.code
        if self._known != key:
            definition = finding.definition.at(task.profile)
            self._known, self._engine = key, Engine(definition)
        program = plan.Program.from_json(task.program)
        if task.network:
            return network_file(self._engine, program, report)
        return self._engine.run(program, report, slices).to_bytes()

    def _check(self, finding, task):
        """Refuse a definition, or code that it reaches, that changed since planning."""
        if not task.code:
            return
        from study.lab.declare import profiles
        from study.lab.declare.identity import made_by

        definition = finding.definition.at(task.profile)
        stage = profiles.get(task.profile).stage
        if task.code != made_by(definition, stage).digest:
            raise StudyError(
                f"{task.path}: expected the code that was there when the run began. "
                "Received: code that has changed since; run the command again"
            )
