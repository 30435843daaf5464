"""State a rule by its fields, and tell whether it moved."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass


def stated(rule):
    """Return a rule for JSON: its kind and what it decides by, without its words."""
    if is_dataclass(rule):
        return {type(rule).__name__: {n: stated(v) for n, v, _ in _deciding(rule)}}
    if isinstance(rule, Mapping):
        return {name: stated(each) for name, each in rule.items()}
    if isinstance(rule, list | tuple):
        return [stated(each) for each in rule]
    return rule


def moved(before, rule) -> bool:
    """Say whether a rule decides otherwise than the one that `stated` wrote down.

    A field that its kind has gained since moves nothing while it is at its default.
    """
    if is_dataclass(rule):
        kind = type(rule).__name__
        if not isinstance(before, Mapping) or [*before] != [kind]:
            return True
        there, now = before[kind], [*_deciding(rule)]
        return bool({*there} - {name for name, *_ in now}) or any(
            moved(there[name], value) if name in there else value != default
            for name, value, default in now
        )
    return before != stated(rule)


def _deciding(rule):
    """Yield name, value and default of the fields that decide."""
    for each in fields(rule):
        made = each.default_factory
        default = each.default if made is MISSING else made()
        if each.repr:
            yield each.name, getattr(rule, each.name), default
