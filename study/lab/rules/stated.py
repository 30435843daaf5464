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

    A field that its kind has gained since moves nothing while it is at its default;
    nor does a field of words, which files of before may hold.
    """
    if is_dataclass(rule):
        kind = type(rule).__name__
        if not isinstance(before, Mapping) or [*before] != [kind]:
            return True
        there, now = before[kind], [*_deciding(rule)]
        return bool({*there} - {each.name for each in fields(rule)}) or any(
            moved(there[name], value) if name in there else value != default
            for name, value, default in now
        )
    if isinstance(rule, Mapping) and isinstance(before, Mapping):
        return {*before} != {*rule} or any(moved(before[n], rule[n]) for n in rule)
    if isinstance(rule, list | tuple) and isinstance(before, list | tuple):
        return len(before) != len(rule) or any(map(moved, before, rule))
    return before != rule


def _deciding(rule):
    """Yield name, value and default of the fields that decide."""
    for each in fields(rule):
        made = each.default_factory
        default = each.default if made is MISSING else made()
        if each.repr:
            yield each.name, getattr(rule, each.name), default
