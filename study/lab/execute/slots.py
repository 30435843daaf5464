"""Know the actors of a cluster, which are hands that tasks are dealt to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from study.lab import machine
from study.lab.errors import StudyError
from study.lab.execute.dealing import Hand, Place


@dataclass(eq=False)
class Slot(Hand):
    """An actor, which is given tasks once it has greeted, and numbers them.

    That whose `core` is None draws figures at home; it is started for the first.
    """

    node: "Node"
    core: int | None
    ask: Callable = field(repr=False)
    actor: object = None
    greeted: bool = False
    data: bool = False
    heard: float = 0.0
    looked: float = 0.0
    asked: int = 0
    early: Callable | None = None
    known: set[Path] = field(default_factory=set)

    @property
    def ready(self):
        return (self.greeted or self.core is None) and self.task is None

    @property
    def queues(self):
        """Return whether it may be given a task ahead."""
        return self.core is not None

    @property
    def number(self):
        """Return the number of the task under way."""
        return self.asked - (self.ahead is not None)

    @property
    def slot(self):
        """Return whose actor does the task."""
        return self

    @property
    def doing(self):
        """Return who has a task that this does, or None."""
        alone = self.node.wide if self.node.hands[0] is self else self
        return next((each for each in (self, alone) if each.task), None)

    def does(self, task):
        return bool(task.folder) == (self.core is None)

    def take(self, job, task):
        super().take(job, task)
        self.ask(self, self, job, task)

    def follow(self, job, task):
        super().follow(job, task)
        self.ask(self, self, job, task)


@dataclass(eq=False)
class Alone(Hand):
    """Have the first actor of a node do a task that wants all threads."""

    node: "Node"

    @property
    def slot(self):
        """Return whose actor does the task."""
        return self.node.hands[0]

    @property
    def ready(self):
        hands = self.node.hands
        return bool(hands) and hands[0].ready and self.task is None

    def does(self, task):
        at_home = self.node.hands[0].core is None
        return at_home or self.node.cores == machine.usable()

    def take(self, job, task):
        super().take(job, task)
        self.slot.ask(self.slot, self, job, task)


@dataclass(eq=False)
class Node(Place):
    """A machine of the cluster."""

    id: str
    name: str
    cores: int = 0


def node(told: dict, ask: Callable, at_home: bool) -> Node:
    """Return a node with its slots, one a core or GPU, and at home one for figures."""
    name = f"{told['NodeManagerHostname']} ({told['NodeManagerAddress']})"
    found = Node([], None, told["NodeID"], name)
    kind = "GPU" if machine.DEVICE == "gpu" else "CPU"
    cores = range(int(told["Resources"].get(kind, 0)))
    found.hands = [Slot(found, core, ask) for core in (*[None] * at_home, *cores)]
    found.wide = Alone(found)
    return found


def none_left(nodes: int, slots: int, said: Iterable[str]) -> StudyError:
    """Return what is raised where no slot can be given tasks.

    Args:
        nodes: How many there are.
        slots: How many they have.
        said: Why none of these can.
    """
    told = "; ".join([f"{nodes} nodes with {slots} slots", *said])
    return StudyError(
        f"--cluster: expected a free slot. Received: {told}; what is finished is kept"
    )
