"""Write what came of runs that were made again."""

from collections.abc import Mapping

from study.lab import machine
from study.lab.show.compared import ROUNDED, Checked
from study.lab.show.markdown import template


def render_verified(found: list[Checked], nudges: int) -> dict[str, bytes]:
    """Return the page that tells what was compared and what came out."""
    text = template("verified.md.j2").render(
        found=found,
        here=told(machine.place(1)),
        told=told,
        nudges=nudges,
        rounded=ROUNDED,
    )
    return {"verified.md": text.encode()}


def told(place: Mapping) -> str:
    """Say in words where tables were made."""
    return f"{place['device']}, {place.get('processor') or 'processor not told'}"
