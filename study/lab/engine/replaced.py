"""Let another function stand in for one of a module's."""

import contextlib


@contextlib.contextmanager
def replaced(module, name, function):
    """Put a function in a module's place of a name, for as long as it lasts."""
    before = getattr(module, name)
    setattr(module, name, function)
    try:
        yield
    finally:
        setattr(module, name, before)
