"""Stand for a supervisor: do every task at once, in this process."""

import itertools
from pathlib import Path

from study.lab import plan, registry, simulation
from study.lab.engine.loop import Engine
from study.lab.report import drawing
from study.lab.report.page import load_page


class Supervisor:
    """Answer programs by a function of (task, program), else by training them.

    A text in place of a result says why a program failed.
    """

    def __init__(self, workers=1, answer=None):
        self.answer = answer or train
        self.simulate = simulation.run
        self.asked: list[plan.Program] = []
        self.threads: list[str] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, jobs):
        for tasks, listener in itertools.chain.from_iterable(jobs):
            for task in tasks:
                if task.folder:
                    listener.finished(task, self._drawn(task))
                    continue
                self.threads.append(task.threads)
                listener.started(task)
                listener.progressed(task, 1, 2.0)
                made = self._made(task)
                if isinstance(made, str):
                    listener.failed(task, made)
                else:
                    listener.finished(task, made)

    def _drawn(self, task):
        entry, folder = registry.load(task.path), Path(task.folder)
        return drawing.pack(load_page(entry, folder, task.profile))

    def _made(self, task):
        if not task.program:
            return self.simulate(registry.load(task.path), task.profile)
        self.asked.append(plan.Program.from_json(task.program))
        made = self.answer(task, self.asked[-1])
        return made if isinstance(made, str) else made.to_bytes()

    def taken(self):
        """Return the programs asked for since the last call."""
        asked, self.asked = self.asked, []
        return asked


def train(task, program):
    """Answer with the engine."""
    definition = registry.load(task.path).definition.at(task.profile)
    return Engine(definition).run(program, lambda *_: None)
