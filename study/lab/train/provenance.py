"""Say where a page's tables come from, and what has changed since."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from study.lab.declare import fields
from study.lab.declare.closure import digest
from study.lab.declare.identity import SHORT, Identity, simulated
from study.lab.declare.profiles import Profile
from study.lab.declare.simulation import Simulation
from study.lab.rules.arms import name
from study.lab.rules.stated import moved, stated
from study.lab.train import plan

FILE = "provenance.json"


def made_of(definition, profile: Profile, cells=(), tried=(), source=None) -> dict:
    """Say what a page's runs are, by content.

    Args:
        definition: The definition at the profile.
        profile: The profile.
        cells: The cells that were run, with the values tuned for them.
        tried: The cells that were tried to tune them.
        source: Function from a module's name to its source; None for its file.
    """
    if isinstance(definition, Simulation):
        found = simulated(definition, profile.stage, source)
        made = {"parts": {**found.parts}, "run": found.digest[:SHORT]}
        if not definition.drawn:
            return made
        return {**made, **declared(definition)}
    identity = Identity(definition, source)
    stages = (("cells", profile.stage, cells), ("tried", "tune", tried))
    return {
        "parts": identity.parts(profile.stage, cells),
        **{
            key: [{"cell": each, "run": identity.cell(stage, each)} for each in some]
            for key, stage, some in stages
        },
        "extension": definition.extension,
        "read": identity.read(),
        **declared(definition),
    }


def to_json(origin: Mapping, files: Mapping[str, bytes]) -> bytes:
    """Return the file that says where the tables beside it come from."""
    sums = {name: digest_of(each) for name, each in files.items()}
    return _json({**origin, "tables": sums}).encode()


def digest_of(table: bytes) -> str:
    """Return the SHA-256 by which a table is known."""
    return hashlib.sha256(table).hexdigest()


def load(folder: Path) -> dict:
    """Read what stands beside a page's tables."""
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def stands(folder: Path, record: bytes) -> bool:
    """Say whether a folder has a record already, but for the seconds that it tells."""
    try:
        before = load(folder)
    except (OSError, ValueError):  # there is none, or it is damaged
        return False
    now = json.loads(record)
    return {**before, "seconds": 0} == {**now, "seconds": 0}


def staleness(definition, profile: Profile, recorded: Mapping, source=None) -> str:
    """Say what changed since tables were recorded; empty for nothing."""
    if "parts" not in recorded:
        return "the way in which pages say what they are made of"
    if isinstance(definition, Simulation):
        now = made_of(definition, profile, source=source)
        return _changed(recorded, now) if recorded.get("run") != now["run"] else ""
    found = [*_swept(definition, recorded)]
    cells = [each["cell"] for each in recorded["cells"]]
    tried = [each["cell"] for each in recorded["tried"]]
    if not found:
        now = made_of(definition, profile, cells, tried, source)
        same = all(recorded[key] == now[key] for key in ("cells", "tried"))
        found += [] if same else [_changed(recorded, now)]
        found += [
            key for key in ("replicates", "extension") if recorded[key] != now[key]
        ]
        found += changes(recorded["read"], now["read"])
    return ", ".join(found)


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name what differs, came or went."""
    return [
        each for each in sorted({*before, *now}) if before.get(each) != now.get(each)
    ]


def seen(definition, recorded: Mapping) -> str:
    """Say which rule or setting changed since the same replicates were seen.

    Empty where none did, or where fresh replicates judge.
    """
    if "rules" not in recorded or recorded["replicates"][1] <= definition.first.start:
        return ""
    now, before = declared(definition), recorded["rules"]
    rules = [
        f"the rule of {each.id}"
        for each in definition.claims
        if each.id in before and moved(before[each.id], each.verdict)
    ]
    settings = [
        f"`{each}`"
        for each, value in now["settings"].items()
        if recorded["settings"].get(each, value) != value
    ]
    return ", ".join([*rules, *settings])


def last_seen(folder: Path) -> int:
    """Return the last replicate that the tables of a page may have; -1 without any."""
    if not (folder / FILE).is_file():
        return -1
    recorded = load(folder)
    _, stop = recorded.get("replicates", (0, 0))
    return stop + recorded.get("extension", 0) - 1


def declared(definition) -> dict:
    """Return what is declared before a run and must not move after it."""
    if isinstance(definition, Simulation):
        settings = {
            name: repr(value)
            for name, value in definition.settings.items()
            if name != "replicates"
        }
    else:
        settled = fields.names(definition, "settled")
        settings = {each: getattr(definition, each) for each in settled}
        settings |= {
            "train": definition.data.train,
            "validation": definition.data.validation,
            "bounds": [each.told() for each in definition.bounds],
        }
    return {
        "replicates": [definition.first.start, definition.first.stop],
        "rules": {each.id: stated(each.verdict) for each in definition.claims},
        "settings": settings,
    }


def _swept(definition, recorded):
    """Name the cells that are swept and were not run, and those swept no more."""
    failed = bool(recorded["failed"])
    swept, tuned = {**definition.vary}, {**definition.vary, **definition.tune}
    tried = plan.trials(definition)
    for key, names, now in (
        ("cells", [*swept], plan.cells(swept)),
        ("tried", [*tuned], tried),
    ):
        there = [each["cell"] for each in recorded[key]]
        if any(not {*names} <= {*each} <= {*tuned} for each in there):
            yield "what is swept"
            return
        before = {_text(each, names): each for each in there}
        after = {_text(each, names): each for each in now}
        new = [name(each) for text, each in after.items() if text not in before]
        gone = [name(each) for text, each in before.items() if text not in after]
        yield from ([] if failed else [f"new: {each}" for each in new])
        yield from (f"swept no more: {each}" for each in gone)


def _text(cell, names):
    return digest([[each, cell[each]] for each in names])


def _changed(recorded, now):
    """Name the parts that changed."""
    named = changes(recorded["parts"], now["parts"])
    return ", ".join(named) or "what its names stand for"


def _json(values):
    """Print an object with a line for each entry of its entries."""
    lines = [f"  {json.dumps(key)}: {_entries(each)}" for key, each in values.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _entries(value):
    if isinstance(value, Mapping) and value:
        inner = [f"    {json.dumps(k)}: {_line(each)}" for k, each in value.items()]
        return "{\n" + ",\n".join(inner) + "\n  }"
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return "[\n" + ",\n".join(f"    {_line(each)}" for each in value) + "\n  ]"
    return _line(value)


def _line(value):
    return json.dumps(value, ensure_ascii=False)
