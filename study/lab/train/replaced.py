"""Let something else stand under a name, for as long as it lasts."""

import contextlib


@contextlib.contextmanager
def replaced(owner, name, value):
    """Put a value under a name of a module or an object, and the first one back."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
