"""Deal the tasks of jobs out to whoever does them, network by network."""

import math
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from study.lab.execute.tasks import Job, Listener, Task

# What a hand must compile for a task: nothing, a new network, or one that another hand
# has compiled, to which few tasks of a network are left.
OWN, NEW, SHARED, LEFT = range(4)
FEW = 2
# Seconds: who takes no longer for a task may have the next one ahead.
QUICK = 1.0


@dataclass(eq=False)
class Hand:
    """Who does one task at a time, and has compiled networks of one definition.

    Who `queues` may be given the next one ahead, which it begins by itself.
    """

    task: Task | None = field(default=None, init=False)
    job: "_Underway | None" = field(default=None, init=False)
    ahead: "tuple[_Underway, Task] | None" = field(default=None, init=False)
    path: Path | None = field(default=None, init=False)
    structures: set[str] = field(default_factory=set, init=False)
    seconds: float = field(default=math.inf, init=False)  # that the last task took
    since: float = field(default=0.0, init=False)
    queues = False

    @property
    def ready(self) -> bool:
        """Return whether it can be given a task."""
        return self.task is None

    def does(self, task: Task) -> bool:
        """Return whether it may be given a task."""
        return True

    def take(self, job: "_Underway", task: Task) -> None:
        """Begin a task; those who do it extend this."""
        self.begin(job, task)

    def follow(self, job: "_Underway", task: Task) -> None:
        """Have a task that follows the one under way; those who do it extend this."""
        self.ahead = job, task

    def begin(self, job: "_Underway", task: Task) -> None:
        """Note what is under way."""
        if task.program and task.path != self.path:  # it keeps one definition's
            self.path = task.path
            self.structures = set()
        self.job, self.task, self.since = job, task, time.monotonic()
        self.structures.add(task.structure)

    @staticmethod
    def request(job: "_Underway", task: Task) -> bytes:
        """Return what is asked of who does a task: it, and what it goes on from."""
        return replace(task, begun=job.listener.begun(task)).to_bytes()

    def forget(self) -> None:
        """Have no task, and nothing compiled."""
        self.task = self.job = self.path = None
        self.structures, self.seconds = set(), math.inf


@dataclass(eq=False)
class Place:
    """A machine: hands that work beside one another, and one that works alone."""

    hands: list[Hand]
    wide: Hand

    @property
    def idle(self) -> list[Hand]:
        """List the hands that can be given a task that has others beside it."""
        return [each for each in self.hands if each.ready and not self.wide.task]

    @property
    def free(self) -> bool:
        """Return whether nothing is done here."""
        return self.wide.ready and not any(each.task for each in self.hands)


@dataclass(eq=False)
class _Underway:
    """A job that has begun: how many of its tasks are left, and which were retried."""

    steps: Job
    listener: Listener | None = None
    left: int = 0
    retried: set[Task] = field(default_factory=set)


class Deal:
    """Deal out tasks so that each network is compiled by few.

    Jobs begin in order, each as soon as nothing waits of those before it. A task that
    wants all threads has its place to itself. Dealing one task takes the same time
    however many wait.

    Args:
        jobs: What is to be brought to its end.
        places: The machines; they may change while work goes on.
    """

    def __init__(self, jobs: Iterable[Job], places: list[Place]):
        self._jobs, self._places = iter(jobs), places
        self._underway: list[_Underway] = []
        self._waiting: dict[str, deque] = {}
        self._wide: deque = deque()
        self.closed = False

    @property
    def over(self) -> bool:
        """Return whether every job has come to its end, after all was handed out.

        Once closed, whether nothing is under way.
        """
        return not self._underway or (self.closed and not self.busy)

    @property
    def busy(self) -> list[Hand]:
        """List the hands that have a task."""
        hands = (each for place in self._places for each in (*place.hands, place.wide))
        return [each for each in hands if each.task or each.ahead]

    @property
    def _hands(self):
        return [each for place in self._places for each in place.hands]

    def close(self) -> None:
        """Begin no task any more."""
        self.closed = True

    def hand_out(self) -> None:
        """Give whoever is idle something to do, as long as there is something."""
        for hand in [] if self.closed else self._hands:
            if hand.ahead and not hand.task:
                self.go_on(hand)
        while not all(each.wide.task for each in self._places):
            self._underway = [each for each in self._underway if self._goes_on(each)]
            if self.closed:
                return
            cost, hand, structure = self._choose()
            place = self._free_place()
            if cost < LEFT:
                self._begin(hand, structure)
            elif place and not self._waiting:
                place.wide.take(*self._wide.popleft())
                place.wide.job.listener.started(place.wide.task)
            elif (hand or not self._waiting) and (steps := next(self._jobs, None)):
                self._underway.append(_Underway(steps))
            elif hand:
                self._begin(hand, structure)
            else:
                self._look_ahead()
                return

    def go_on(self, hand: Hand) -> None:
        """Tell that a hand has begun what it was given ahead."""
        (job, task), hand.ahead = hand.ahead, None
        hand.begin(job, task)
        job.listener.started(task)

    def put_back(self, hand: Hand) -> None:
        """Take what was given ahead, and not begun, off a hand."""
        (job, task), hand.ahead = hand.ahead, None
        self._queue(task).appendleft((job, task))

    def finished(self, hand: Hand) -> tuple[Listener, Task]:
        """Take a task that is done off a hand; return who is told, and the task."""
        hand.job.left -= 1
        return self.paused(hand)

    def paused(self, hand: Hand) -> tuple[Listener, Task]:
        """Do the same with a task that stopped on its way, of which more is left."""
        job, task = hand.job, hand.task
        hand.task = hand.job = None
        hand.seconds = time.monotonic() - hand.since
        return job.listener, task

    def lost(self, hand: Hand, why: str, tried: bool = True) -> None:
        """Have the task of a hand that is gone tried again, once; `why` it failed.

        A task that could not be `tried` there is not counted as tried.
        """
        job, task = hand.job, hand.task
        if tried and task in job.retried:
            self.finished(hand)
            job.listener.failed(task, why)
        else:
            job.retried |= {task} if tried else set()
            job.listener.retried(task)
            self._queue(task).appendleft((job, task))
        hand.forget()

    def _goes_on(self, job):
        """Fetch the next tasks where the last are done; return whether any are left."""
        while not job.left:
            tasks, job.listener = next(job.steps, (None, None))
            if tasks is None:
                return False
            for task in tasks:
                self._queue(task).append((job, task))
                job.left += 1
        return True

    def _queue(self, task):
        if task.threads == "all":
            return self._wide
        return self._waiting.setdefault(task.structure, deque())

    def _begin(self, hand, structure):
        queue = self._waiting[structure]
        job, task = queue.popleft()
        if not queue:
            del self._waiting[structure]
        hand.take(job, task)
        job.listener.started(task)

    def _look_ahead(self):
        """Give who is quick the next task of its network before it asks for one.

        More wait then than there are hands, so that nobody is idle beside it.
        """
        hands = self._hands
        for hand in hands:
            if hand.queues and hand.task and not hand.ahead and hand.seconds < QUICK:
                queue = self._waiting.get(hand.task.structure, ())
                if len(queue) > len(hands):
                    hand.follow(*queue.popleft())

    def _free_place(self):
        """Return a place for the next task that has one to itself, or None."""
        for place in self._places if self._wide else ():
            if place.free and place.wide.does(self._wide[0][1]):
                return place
        return None

    def _choose(self):
        """Return what compiling costs, who is idle, and of which network a task."""
        idle = [each for place in self._places for each in place.idle]
        for hand in idle:
            for structure in hand.structures:
                if structure in self._waiting:
                    return OWN, hand, structure
        compiled = Counter()
        for hand in self._hands if idle and self._waiting else ():
            compiled.update(hand.structures)
        best, chosen = (LEFT + 1, 0.0), (None, None)
        for structure, queue in self._waiting.items():
            cost, by = NEW, compiled[structure]
            if by:
                cost = LEFT if len(queue) <= FEW else SHARED
            # Of those that are shared, that of which most is left for each.
            rank = cost, -len(queue) / max(by, 1)
            if rank < best:
                hand = next((each for each in idle if each.does(queue[0][1])), None)
                best, chosen = (rank, (hand, structure)) if hand else (best, chosen)
            if best[0] == NEW:
                break
        return best[0], *chosen
