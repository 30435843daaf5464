"""Train programs, run simulations and draw, in a process of its own, told in bytes.

A supervisor starts `python -m study.lab.worker READ WRITE` with two pipes. Each
request is the JSON of a definition's path, a profile, a program, which is empty for a
simulation, and a folder, which is empty but for figures; each answer is one byte that
says its kind, then content.
"""

import json
import os
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

PROGRESS, RESULT, MISTAKE, ERROR = b"P", b"R", b"M", b"E"


def main(read: int, write: int) -> None:
    """Answer requests until the supervisor is gone."""
    requests = SimpleQueue()
    incoming = Connection(read, writable=False)
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    answers = Connection(write, readable=False)
    from study.lab import plan, registry, simulation
    from study.lab.engine.loop import Engine
    from study.lab.errors import StudyError

    engine = known = None

    def report(step, loss):
        answers.send_bytes(PROGRESS + json.dumps({"step": step, "loss": loss}).encode())

    while True:
        request = json.loads(requests.get())
        try:
            path, profile = Path(request["path"]), request["profile"]
            if request["folder"]:
                from study.lab.report import drawing, page

                entry, folder = registry.load(path), Path(request["folder"])
                content = drawing.pack(page.load_page(entry, folder, profile))
            elif not request["program"]:
                content = simulation.run(registry.load(path), profile)
            else:
                if known != (path, profile):
                    known = path, profile
                    engine = Engine(registry.load(path).definition.at(profile))
                program = plan.Program.from_json(request["program"])
                content = engine.run(program, report).to_bytes()
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
