"""Train in slices, each of which ends after one stretch."""

import dataclasses

from study.lab.train.slices import Paused, Slices


def in_slices(engine, program, told=lambda *_: None):
    """Stop after every stretch and go on, by `engine()`; return result and count."""
    begun, count = b"", 1
    while True:
        try:
            slices = Slices(begun, over=lambda: True)
            return engine().run(program, told, slices), count
        except Paused as pause:
            begun, count = pause.checkpoint, count + 1


def arrays(result):
    """Return all that a result holds but its seconds, as bytes by name."""
    found = {
        each.name: getattr(result, each.name) for each in dataclasses.fields(result)
    }
    found |= {f"reads {name}": each for name, each in found.pop("reads").items()}
    del found["seconds"]
    return {
        name: (each.dtype.name, each.shape, each.tobytes())
        for name, each in found.items()
    }
