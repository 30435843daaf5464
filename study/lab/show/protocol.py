"""What was varied, tuned and fixed, read off the definition."""

import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from study.lab.declare import fields
from study.lab.declare.simulation import Simulation
from study.lab.rules.plain import listing
from study.lab.rules.summaries import brief
from study.lab.show import edges


@dataclass(frozen=True)
class Protocol:
    """How a finding was run: facts as (what, how), and the code that they leave out."""

    facts: tuple[tuple[str, str], ...]
    code: str


def protocol(page) -> Protocol:
    """Tell how a page's runs were made."""
    definition = page.definition
    if isinstance(definition, Simulation):
        settings = definition.settings.items()
        facts = ((f"`{key}`", describe(value)) for key, value in settings)
        return Protocol((*facts, *_fixed(definition)), "")
    functions = (definition.model, definition.optimizer)
    code = "\n\n".join(textwrap.dedent(inspect.getsource(each)) for each in functions)
    return Protocol((*_varied(definition), *_tuned(page), *_fixed(definition)), code)


def components(definition) -> list[tuple[str, str]]:
    """List (name, source file) of the components studied; "" for a file elsewhere."""
    found = []
    for each in definition.about:
        path = ""
        if each.__module__.partition(".")[0] == "study":
            path = each.__module__.replace(".", "/") + ".py"
        found.append((each.__qualname__, path))
    return found


def origin(provenance: Mapping) -> str:
    """Say what the tables were computed on and how long it took."""
    seconds = f"It took {brief(provenance['seconds'])} s of computing"
    if machines := provenance.get("machines"):
        text = f"{seconds}: {'; '.join(map(_made, machines))}."
    else:
        text = f"{seconds} on {provenance['device']} with {_versions(provenance)}."
    if retried := provenance.get("retried"):
        text += f" {len(retried)} programs were started again after a worker died."
    return text


def _made(machine):
    """Say how many runs a machine made, with all that tells it from others."""
    runs = _count(machine["runs"], "run")
    named = [machine["processor"], _count(machine["threads"], "thread")]
    where = f"{machine['device']} ({', '.join(filter(None, named))})"
    return f"{runs} on {where} with {_versions(machine)}"


def _count(number, what):
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def _versions(machine):
    named = listing(f"{key} {each}" for key, each in machine["versions"].items())
    there = machine.get("environment", {}).items()
    set_to = [f"`{key}={each}`" for key, each in there]
    return f"{named}, under {listing(set_to)}" if set_to else named


def describe(value) -> str:
    """Print a declared value the same way in every process."""
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "get_config"):
        config = {
            key: each for key, each in value.get_config().items() if key != "seed"
        }
        arguments = ", ".join(f"{key}={describe(each)}" for key, each in config.items())
        return f"{type(value).__name__}({arguments})"
    if callable(value):
        return value.__name__
    if isinstance(value, tuple | list):
        return f"({', '.join(map(describe, value))})"
    if isinstance(value, Mapping):
        pairs = (f"{key!r}: {describe(each)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    return repr(value)


def _varied(definition):
    for swept, values in definition.vary.items():
        yield f"varied: `{swept}`", _values(values)


def _tuned(page):
    seeds = page.profile.tuning_seeds
    for tuned, values in page.definition.tune.items():
        yield (
            f"tuned: `{tuned}`",
            f"from {_values(values)}, by the least mean validation error of each cell, "
            f"on {seeds} seed{'s' * (seeds > 1)} of its own with "
            f"{page.definition.data.validation:,} validation examples each",
        )
        yield from edges.tuned(page, tuned)


def _fixed(definition):
    for field, kind in fields.kinds(definition).items():
        value = getattr(definition, field)
        if callable(kind.told):
            yield from kind.told(definition)
        elif kind.told and value is not None:
            yield field, f"`{describe(value)}`"


def _values(values):
    if not isinstance(values, Mapping):
        return ", ".join(map(str, values))
    return "; ".join(f"{label} = `{describe(each)}`" for label, each in values.items())
