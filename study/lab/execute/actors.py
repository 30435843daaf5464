"""Start the actors of a Ray cluster, ask them, and queue what they answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue

from study.lab import machine
from study.lab.execute import connection, parcel
from study.lab.execute.dealing import Hand
from study.lab.execute.relay import shaping
from study.lab.execute.slots import Slot


@dataclass(frozen=True)
class Answer:
    """What an actor said, or why nothing came of it.

    Args:
        slot: Who was asked.
        then: What follows an answer.
        hand: Whose task it was, where it was about one.
        content: The answer.
        lost: Why there is none, or "".
    """

    slot: Slot
    then: Callable
    hand: Hand | None
    content: object = None
    lost: str = ""


class Actors:
    """Keep an actor a slot; Ray does nothing again by itself.

    Args:
        address: `"local"`, or host:port of a cluster.
        slots: How many tasks at a time, where the cluster is this machine.
        relay: What does tasks on a node.
        arguments: What it is made with, besides its core.
    """

    def __init__(self, address: str, slots: int, relay: type, *arguments):
        self._ray = connection.connect(address, slots)
        options = {"max_restarts": 0, "max_task_retries": 0}
        kind = self._ray.remote(**options, concurrency_groups={"look": 1})
        self._kind, self._arguments = kind(parcel.actor(relay)), arguments
        self._answers: SimpleQueue = SimpleQueue()
        self.home = self._ray.get_runtime_context().get_node_id()

    def close(self) -> None:
        """End the actors, and the cluster where it was this machine's."""
        self._ray.shutdown()

    def nodes(self) -> dict[str, dict]:
        """Map the nodes that Ray takes for alive to what it tells of them."""
        return {each["NodeID"]: each for each in self._ray.nodes() if each["Alive"]}

    def put(self, value):
        """Keep a value where nodes fetch it once, whatever how many actors ask."""
        return self._ray.put(value)

    def start(self, slot: Slot) -> None:
        """Start the actor of a slot."""
        strategy = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        share, gpu = int(slot.core is not None), machine.DEVICE == "gpu"
        names = {"KERAS_BACKEND": machine.BACKEND, "STUDY_DEVICE": machine.DEVICE}
        slot.actor = self._kind.options(
            num_cpus=0 if gpu else share,
            num_gpus=share if gpu else 0,
            scheduling_strategy=strategy(slot.node.id, soft=False),
            runtime_env={"env_vars": names},  # read while the actor's code is imported
        ).remote(slot.core, shaping(), *self._arguments)

    def end(self, slot: Slot) -> None:
        """End the actor of a slot, if it can still be reached."""
        self._ray.kill(slot.actor)
        slot.actor, slot.known, slot.early = None, set(), None

    def ask(self, slot: Slot, then: Callable, hand: Hand | None, what: str, *more):
        """Ask a slot's actor for something; its answer is queued.

        One that is not there is started first.
        """
        if slot.actor is None:
            self.start(slot)
        ask = slot.actor.ask
        if what in ("look", "stop"):  # it answers while a task is done
            ask = ask.options(concurrency_group="look")
        heard = partial(self._heard, slot, slot.actor, then, hand)
        ask.remote(what, *more).future().add_done_callback(heard)

    def next(self, seconds: float) -> Answer | None:
        """Return the next answer of an actor that counts, or None if none came."""
        try:
            actor, answer = self._answers.get(timeout=seconds)
        except Empty:
            return None
        return answer if answer.slot.actor is actor else None

    def _heard(self, slot, actor, then, hand, future):
        try:
            answer = Answer(slot, then, hand, future.result())
        except self._ray.exceptions.RayError as error:
            why = str(error).strip().splitlines()[-1].strip()
            answer = Answer(slot, then, hand, lost=why)
        self._answers.put((actor, answer))
