"""Do tasks in a process of its own, told in bytes.

A supervisor starts `python -m study.lab.execute.worker READ WRITE` with two pipes. Each
request is a task, or `STOP` for the one under way; each answer is one byte that says
its kind, then content: of `KEPT` and `PAUSED` a checkpoint.
"""

import json
import os
import subprocess
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from queue import SimpleQueue

from study.lab import machine
from study.lab.execute.garbage import collect_seldom
from study.lab.imports import keras_alone

PROGRESS, RESULT, MISTAKE, ERROR = b"P", b"R", b"M", b"E"
KEPT, PAUSED = b"K", b"W"
STOP = b"S"
NEEDED = "study.lab.train.loop"  # what tasks need


def main(read: int, write: int) -> None:
    """Answer requests until the supervisor is gone."""
    collect_seldom()
    requests, stopped = SimpleQueue(), threading.Event()
    listening = Connection(read, writable=False), requests, stopped
    threading.Thread(target=_listen, args=listening, daemon=True).start()
    answers = Connection(write, readable=False)

    keras_alone()
    from study.lab.errors import StudyError
    from study.lab.execute.tasks import Hands, Task
    from study.lab.train import loop  # noqa: F401 - NEEDED, ahead
    from study.lab.train.slices import Paused

    def report(step, loss):
        answers.send_bytes(PROGRESS + json.dumps({"step": step, "loss": loss}).encode())

    def keep(checkpoint):
        answers.send_bytes(KEPT + checkpoint)

    hands = Hands()
    while True:
        request = requests.get()
        try:
            task = Task.from_bytes(request)
            content = hands.do(task, report, keep, stopped.is_set)
            answers.send_bytes(RESULT + content)
        except Paused as pause:
            answers.send_bytes(PAUSED + pause.checkpoint)
        except StudyError as error:
            answers.send_bytes(MISTAKE + str(error).encode())
        except Exception:
            answers.send_bytes(ERROR + traceback.format_exc().encode())


def unable(threads: str) -> str:
    """Say why no worker can do tasks here, in Python's last words, or "" where one can.

    Args:
        threads: How many it has, `"one"` or `"all"`.
    """
    ran = subprocess.run(
        [sys.executable, "-c", f"import {NEEDED}"],
        env=os.environ | machine.environment(threads),
        capture_output=True,
        text=True,
        check=False,
    )
    if not ran.returncode:
        return ""
    return (ran.stderr.strip() or f"exit code {ran.returncode}").splitlines()[-1]


def _listen(incoming, requests, stopped):
    """Queue tasks; leave at once when the supervisor is gone, even in training.

    Who is given a task has none: what was said about another holds no longer.
    """
    try:
        while True:
            request = incoming.recv_bytes()
            if request == STOP:
                stopped.set()
            else:
                stopped.clear()
                requests.put(request)
    except (EOFError, OSError):  # perhaps while it asked
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
