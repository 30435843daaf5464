"""Machines for tests: this one under other names, each with a folder of its own."""

import json
import math

from answers import Answers
from workplace import Workplace, clear, losses

from study.lab import machine
from study.lab.execute import work

# Two networks, and so two programs, and a claim about one of them.
TWO = (
    ('"fast": 0.5}', '"fast": 0.5}, "units": (30, 20)'),
    ('{"rate": "slow"}', '{"rate": "slow", "units": 30}'),
    ('{"rate": "fast"}', '{"rate": "fast", "units": 30}'),
)


class Interrupted(Answers):
    """Answer the programs of some networks, and be interrupted then."""

    def __init__(self, answer, units):
        super().__init__(answer)
        self.units = units

    def run(self, jobs, until=math.inf):
        for job in jobs:
            for tasks, listener in job:
                wanted = [each for each in tasks if self._wants(each)]
                for task in wanted:
                    listener.started(task)
                    listener.finished(task, self._made(task))
                if len(wanted) < len(tasks):
                    raise KeyboardInterrupt

    def _wants(self, task):
        return json.loads(task.program)["cells"][0]["units"] in self.units


def at(monkeypatch, processor):
    """Be the machine with a processor of that name."""
    monkeypatch.setattr(machine, "_processor", lambda: processor)
    work._digest_of_place.cache_clear()


def place(folder, answer=None, units=None):
    """Return a workplace; with `units`, one that makes these alone."""
    answer = answer or losses(clear)
    executor = Answers(answer) if units is None else Interrupted(answer, units)
    return Workplace(folder, executor)
