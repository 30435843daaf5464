"""Have tasks done by the actors of a Ray cluster; this process keeps what comes back.

Ray repeats nothing: a task whose actor, node or network is lost is given to another.
"""

import math
import os
import time
from collections.abc import Callable, Iterable
from functools import partial

from study.lab import machine
from study.lab.data import mnist_files
from study.lab.execute import connection
from study.lab.execute.actors import Actors
from study.lab.execute.asking import Asking
from study.lab.execute.dealing import Deal
from study.lab.execute.relay import DIED, UNABLE, UNTRIED, Relay, difference, greeting
from study.lab.execute.slots import node, none_left
from study.lab.execute.supervisor import DIED_TWICE, end
from study.lab.execute.tasks import Job

TICK, NODES = 1.0, 5.0  # seconds between looks at the actors, and at the list of nodes
PATIENCE = 180.0  # seconds in which an actor must answer its first question
UNHEARD = "others hold its cores, or Python does not start: see its raylet.err"
LOOKS = 25  # actors looked at in a second, so that many do not fill the driver's time


class Cluster:
    """Hand tasks to the actors of a Ray cluster, one a core, or one a GPU.

    Nodes may come and go; one whose Python, packages or code differ is refused. A task
    that wants all threads is done alone on its node. Figures are drawn on this machine.

    Args:
        address: `"local"`, or host:port of a cluster.
        slots: How many tasks at a time, where the cluster is this machine.
        say: Who is told of nodes.
        silence: Seconds without a word after which an actor counts as lost.
        relay: What does tasks on a node.
    """

    def __init__(
        self,
        address: str,
        slots: int,
        say: Callable[[str], None],
        silence: float = 60.0,
        relay: type = Relay,
    ):
        self._where, self._tell = (address, slots, relay), say
        self._silence, self._nodes = silence, []
        self._seen, self._said = set(), []

    def __enter__(self):
        data = mnist_files.data_directory()
        self._actors = Actors(*self._where, str(data.absolute()), os.getcwd())
        self._asking = Asking(self._actors, data, self._kept, self._done)
        self._greeting = greeting()
        self._list_nodes(None)
        return self

    def __exit__(self, *_):
        self._actors.close()

    def start(self) -> None:
        """Begin nothing: the actors begin where the context is entered."""

    def threads(self, wanted: str) -> int:
        """Return how many threads a task with `"one"` or `"all"` may use."""
        return machine.threads(wanted)

    def run(self, jobs: Iterable[Job], until: float = math.inf) -> None:
        """Bring jobs to their ends, or to a checkpoint at `until`."""
        deal = Deal(jobs, self._nodes)
        self._ticked = time.monotonic()
        while True:
            if not deal.closed and time.monotonic() >= until:
                deal.close()
                self._ticked -= TICK  # all are told at once
            deal.hand_out()
            if deal.over:
                return
            left = self._ticked + TICK - time.monotonic()
            if answer := self._actors.next(max(0.0, left)):
                self._hear(deal, answer)
            if left <= 0:
                self._tick(deal)

    def _hear(self, deal, answer):
        """Go on with an actor's answer, or do without the actor."""
        slot = answer.slot
        if answer.lost:
            self._lose(deal, slot, answer.lost, again=slot.greeted)
        else:
            slot.heard = time.monotonic()
            answer.then(deal, slot, answer.hand, answer.content)

    def _greeted(self, deal, slot, _, found):
        """Take an actor that is like this process."""
        why = difference(self._greeting, found["greeting"])
        if not why and connection.token() and not found["token"]:
            why = f"it asks nobody for a token; {connection.ADVICE}"
        if why:
            self._lose(deal, slot, f"refused: {why}", again=False)
        else:
            slot.greeted, slot.data = True, found["data"]
            slot.node.cores = found["cores"]

    def _kept(self, deal, slot, _, why):
        if why:
            self._lose(deal, slot, why.decode(), again=False, tried=False)

    def _done(self, task, deal, slot, hand, answer):
        if hand.task not in (task, None):  # a large answer takes longer than the next
            slot.early = partial(self._done, task, deal, slot, hand, answer)
            return
        kind, content = answer[:1], answer[1:]
        if hand.task is None and kind != UNTRIED:  # it was begun though all is closed
            deal.go_on(hand)
        if kind == UNTRIED:
            deal.put_back(hand)
        elif kind == UNABLE:
            tried = slot.core is None  # no other than home draws figures
            self._lose(deal, slot, content.decode(), again=False, tried=tried)
        elif kind == DIED:
            deal.lost(hand, DIED_TWICE)
        else:
            end(deal, hand, kind, content)
        if early := slot.early:
            slot.early = None
            early()

    def _lose(self, deal, slot, why, again, tried=True):
        """Give what an actor did to another; start it again, or do without it."""
        self._actors.end(slot)
        if slot.ahead:  # it was not tried
            deal.put_back(slot)
        if hand := slot.doing:
            deal.lost(hand, "its actor or node was lost twice", tried)
        slot.forget()
        for other in slot.node.hands:  # perhaps they are lost too: who is idle, tells
            if other.greeted and other.ready and other is not slot:
                self._greet(other)
        self._say(slot, why)
        if again:
            self._greet(slot)
        elif slot.core is not None:
            slot.node.hands.remove(slot)

    def _say(self, slot, why):
        line = f"{slot.node.name}: {why}"
        if line not in self._said:  # every actor of a node says the same
            self._said.append(line)
            self._tell(line)

    def _greet(self, slot):
        slot.greeted, slot.heard = False, time.monotonic()
        self._actors.ask(slot, self._greeted, None, "greet")

    def _tick(self, deal):
        """Look at nodes and actors; stop where none is left to give tasks to."""
        now = self._ticked = time.monotonic()
        if now - self._listed > NODES:
            self._list_nodes(deal)
        for hand in deal.busy if deal.closed else ():  # it may just begin: say it again
            self._asking.stop(hand.slot)
        slots = [each for place in self._nodes for each in place.hands]
        pause = max(TICK, min(self._silence / 3, len(slots) / LOOKS))
        for slot in slots:
            if (slot.doing or slot.ahead) and now - slot.heard > self._silence:
                why = f"said nothing for {self._silence:g} s and counts as lost"
                self._lose(deal, slot, why, again=True)
            elif slot.doing and slot.looked <= slot.heard < now - pause:
                self._asking.look(slot)
        workers = [each for each in slots if each.core is not None]
        late = [x for x in workers if not x.greeted and now - x.heard > PATIENCE]
        for slot in late:
            self._say(slot, f"no answer in {PATIENCE:g} s; {UNHEARD}")
        if late == workers:
            raise none_left(len(self._nodes), len(workers), self._said)

    def _list_nodes(self, deal):
        """Take nodes that came, and do without those that went."""
        self._listed = time.monotonic()
        there = self._actors.nodes()
        for gone in [each for each in self._nodes if each.id not in there]:
            for slot in [*gone.hands]:
                self._lose(deal, slot, "left the cluster", again=False)
            self._nodes.remove(gone)
        for id in there.keys() - self._seen:
            self._seen.add(id)
            at_home = id == self._actors.home
            came = node(there[id], self._asking.do, at_home)
            # At home last: tasks that are done alone go elsewhere where they can.
            self._nodes.insert(len(self._nodes) if at_home else 0, came)
            for slot in came.hands:
                if slot.core is not None:
                    self._greet(slot)
