"""Ask actors to do tasks, with what they lack for them, and how far these are."""

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from study.lab.data import mnist_files
from study.lab.execute import parcel, worker
from study.lab.execute.actors import Actors
from study.lab.execute.dealing import Hand
from study.lab.execute.slots import Slot
from study.lab.execute.tasks import Task


class Asking:
    """Ask the actors of slots; an actor does in turn what it is asked.

    Args:
        actors: The actors.
        data: The driver's data folder.
        kept: What follows where data were sent to a node.
        done: What follows where a task was asked for; it gets the task first.
    """

    def __init__(self, actors: Actors, data: Path, kept: Callable, done: Callable):
        self._actors, self._data = actors, data
        self._kept, self._done = kept, done
        self._files: dict[Path, dict[str, bytes]] = {}
        self._arrays = None

    def do(self, slot: Slot, hand: Hand, job, task: Task) -> None:
        """Have an actor do the task of a hand, with what it lacks for it."""
        files, slot.heard = None, time.monotonic()
        at_home = slot.core is None
        if not (slot.data or at_home) and mnist_files.has_arrays(self._data):
            slot.data = True
            if self._arrays is None:
                self._arrays = self._actors.put(mnist_files.array_files(self._data))
            self._actors.ask(slot, self._kept, None, "keep_data", self._arrays)
        if not task.folder and task.path not in slot.known:
            slot.known.add(task.path)
            files = self._files.get(task.path) or parcel.files(task.path)
            self._files[task.path] = files
        slot.asked += 1
        request, done = hand.request(job, task), partial(self._done, task)
        self._actors.ask(slot, done, hand, "do", slot.asked, request, files)

    def look(self, slot: Slot) -> None:
        """Ask how far a task is, which says too that the actor is alive."""
        slot.looked = time.monotonic()
        looked = partial(_looked, slot.doing.task)
        self._actors.ask(slot, looked, None, "look", slot.number)

    def stop(self, slot: Slot) -> None:
        """Have a program stop at a checkpoint, and what follows it not begin."""
        refused = slot.asked if slot.ahead else 0
        self._actors.ask(slot, _ignore, None, "stop", refused)


def _looked(task, deal, slot, _, progress):
    hand = slot.doing
    if not progress or hand is None or hand.task is not task:
        return
    if progress[:1] == worker.KEPT:
        hand.job.listener.kept(task, progress[1:])
    else:
        hand.job.listener.progressed(task, *json.loads(progress).values())


def _ignore(*_):
    """Hear that a word has arrived."""
