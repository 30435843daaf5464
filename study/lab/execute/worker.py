"""Do tasks in a process of its own, told in bytes.

A supervisor starts `python -m study.lab.execute.worker READ WRITE` with two pipes. Each
request is a task; each answer is one byte that says its kind, then content.
"""

import json
import os
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from queue import SimpleQueue

PROGRESS, RESULT, MISTAKE, ERROR = b"P", b"R", b"M", b"E"


def main(read: int, write: int) -> None:
    """Answer requests until the supervisor is gone."""
    requests = SimpleQueue()
    incoming = Connection(read, writable=False)
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    answers = Connection(write, readable=False)
    from study.lab.errors import StudyError
    from study.lab.execute.tasks import Hands, Task
    from study.lab.train import loop  # noqa: F401 - what tasks need, ahead

    def report(step, loss):
        answers.send_bytes(PROGRESS + json.dumps({"step": step, "loss": loss}).encode())

    hands = Hands()
    while True:
        request = requests.get()
        try:
            content = hands.do(Task.from_bytes(request), report)
            answers.send_bytes(RESULT + content)
        except StudyError as error:
            answers.send_bytes(MISTAKE + str(error).encode())
        except Exception:
            answers.send_bytes(ERROR + traceback.format_exc().encode())


def _listen(incoming, requests):
    """Queue requests; leave at once when the supervisor is gone, even in training."""
    try:
        while True:
            requests.put(incoming.recv_bytes())
    except EOFError:
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
