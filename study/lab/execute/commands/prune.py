"""Drop finished runs that no definition reaches."""

from study.lab.declare import registry
from study.lab.execute.commands.options import STORE


def add_options(parser):
    """Take no options."""


def call(options) -> int:
    """drop finished runs that no definition reaches"""
    from study.lab.files.store import Store
    from study.lab.train.reach import reached

    store = Store(STORE)
    before = store.size()
    count, size = store.prune(reached(registry.load_all(options.experiments).values()))
    print(f"{STORE}: {count} files with {size:,} bytes removed; {before - size:,} left")
    return 0
