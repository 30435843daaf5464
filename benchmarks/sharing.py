"""Let the slots of a cluster share actors, so that many fit on one machine."""

from study.lab.execute.actors import Actors

PROCESSES = 16  # an idle actor takes 1% of a core and some 50 MB
# The variable by which Ray starts a process a slot at once, or none.
PRESTART = "RAY_prestart_worker_first_driver"


class Shared(Actors):
    """Start an actor for each of the first slots, and have others use these."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._started = []

    def start(self, slot):
        if len(self._started) < PROCESSES:
            super().start(slot)
            self._started.append(slot.actor)
        else:
            slot.actor = self._started[slot.core % PROCESSES]
