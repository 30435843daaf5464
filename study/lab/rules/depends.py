"""Say in the labels of arms where comparisons hold and where not."""

from study.lab.rules.words import Word

AGAINST = "against "
FEW = 4  # more labels than so many are told by those that are otherwise


def depends(comparisons, words) -> str:
    """Say of comparisons, by their words, where they hold: up to depth 10, not at 20.

    One name is told where its labels alone tell apart which hold; then numbers are
    told as bounds where they lie apart. Otherwise all that differs is told.
    """
    places = _places(comparisons)
    holds, fails, left = (
        [place for place, each in zip(places, words, strict=True) if each is word]
        for word in (Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED)
    )
    name = _telling(holds, fails)
    if name is None:
        held, failed, open_ = map(_all, (holds, fails, left))
        text = f"{held}; not {failed}" if held else f"not {failed}"
    else:
        known = _labels(holds + fails, name)
        text = _apart(name, [x[name] for x in holds], [x[name] for x in fails])
        # a place that is open may have a label that others have too
        new = [each[name] for each in left if each[name] not in known]
        open_ = _listed(name, new) if new else ""
    return f"{text}; open {open_}" if open_ else text


def _places(comparisons):
    """Map for each comparison what tells it from the others to its label."""
    found = [_place(each) for each in comparisons]
    names = dict.fromkeys(name for place in found for name in place)
    differing = [each for each in names if len(_labels(found, each)) > 1]
    places = [{name: place.get(name) for name in differing} for place in found]
    if len({tuple(each.values()) for each in places}) < len(places):
        return [{"": each.claim()} for each in comparisons]
    return places


def _place(comparison):
    arm, *others = comparison.arms()
    (measure,) = comparison.measures()
    against = {
        f"{AGAINST}{name}": label
        for other in others
        for name, label in other.items()
        if arm.get(name) != label
    }
    return {**arm, **against, "measure": f"`{measure}`"}


def _labels(places, name):
    return {place.get(name) for place in places}


def _telling(holds, fails):
    """Return the first name whose labels alone tell apart what holds; None for none."""
    if not (holds and fails):
        return None
    for name in filter(None, holds[0]):
        one, other = _labels(holds, name), _labels(fails, name)
        if not one & other and None not in one | other:
            return name
    return None


def _apart(name, holds, fails):
    begin = _listed(name, holds)
    if _numbers(holds + fails) and len({*holds}) > 1:
        if max(holds) < min(fails):
            begin = f"up to {name} {max(holds)}"
        elif min(holds) > max(fails):
            begin = f"from {name} {min(holds)} on"
        elif len({*holds}) > FEW:
            return f"not {_listed(name, fails)}, but elsewhere"
    return f"{begin}, not {_preposition(name, fails)} {_several(fails)}"


def _listed(name, labels):
    """Name some labels: at depth 10 and 20, with activation relu, of `gap`."""
    told = "" if name == "measure" else f"{name.removeprefix(AGAINST)} "
    return f"{_preposition(name, labels)} {told}{_several(labels)}"


def _preposition(name, labels):
    if name == "measure":
        return "of"
    if name.startswith(AGAINST):
        return AGAINST.strip()
    return "at" if _numbers(labels) else "with"


def _numbers(labels):
    return all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in labels
    )


def _several(labels):
    labels = sorted({*labels}) if _numbers(labels) else dict.fromkeys(labels)
    *first, last = map(str, labels)
    return f"{', '.join(first)} and {last}" if first else last


def _all(places):
    """Tell places in full; of many, how many there are."""
    if len(places) > FEW:
        return f"in {len(places)} others"
    return ", and ".join(map(_whole, places))


def _whole(place):
    told = {name: label for name, label in place.items() if label is not None}
    return ", ".join(f"{name} {label}".strip() for name, label in told.items())
