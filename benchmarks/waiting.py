"""Stand for what does tasks on a node, without all that it imports."""

import json
import os

GREETING = "STUDY_GREETING"


class Waiting:
    """Answer at once, so that what is measured is the driver's."""

    def __init__(self, *_):
        pass

    def greet(self):
        same = json.loads(os.environ[GREETING])
        return {"greeting": same, "cores": 1, "token": True, "data": True}

    def look(self, *_):
        return b""

    def do(self, *_):
        return b"R" + bytes(1_000)
