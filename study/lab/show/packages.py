"""Say what pages need and training does not, and whether it is installed."""

from importlib.util import find_spec

PAGES = ("jinja2", "matplotlib", "seaborn")


def lacking() -> list[str]:
    """Name what pages need and is not installed: they are drawn where it is."""
    return [each for each in PAGES if find_spec(each) is None]
