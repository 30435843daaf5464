"""Stand for a relay that does at once what a task's words say."""

import json
import os
import signal
import time
from pathlib import Path

from study.lab.execute import worker
from study.lab.execute.relay import UNTRIED, Relay
from study.lab.execute.tasks import Task

LONGEST = 120.0  # seconds that a task waits for what a test does


class Quick(Relay):
    """Do not train; a node's environment may say that it is of another kind."""

    stopped = False

    def greet(self):
        found = super().greet()
        found["greeting"] |= json.loads(os.environ.get("STUDY_TEST_OTHER", "{}"))
        found["token"] = "STUDY_TEST_OPEN" not in os.environ
        return found

    def stop(self, refused):
        self._refused, self.stopped = refused, True

    def do(self, number, request, files):
        if number == self._refused:
            return UNTRIED
        self._number = number
        task = Task.from_bytes(request)
        word, *more = task.program.split()
        self._progress = json.dumps({"step": 1, "loss": os.getpid()}).encode()
        if word == "once" and not (mark := Path(more[1])).exists():
            mark.touch()
            word = more[0]
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "cut":
            self._kept = worker.KEPT + task.begun + b", kept"
            while not self.stopped:
                time.sleep(0.05)
            return worker.PAUSED + task.begun + b", stopped"
        if word == "full":
            return b"U/cache: No space left on device"
        if word == "wait":
            end = time.monotonic() + LONGEST
            while not Path(more[0]).exists():
                if time.monotonic() > end:
                    return worker.ERROR + f"{more[0]} never came".encode()
                time.sleep(0.05)
        if word == "sleep":
            time.sleep(float(more[0]))
        if word == "large":
            return worker.RESULT + bytes(1_000_000)
        return worker.RESULT + f"{os.getpid()}".encode()
