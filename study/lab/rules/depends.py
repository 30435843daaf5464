"""Say in plain words where comparisons hold and where not."""

from itertools import repeat

from study.lab.rules.plain import MEASURE, listing, numeric
from study.lab.rules.words import Word

AGAINST = "against "
FEW = 4  # more labels or places than so many are told by how many there are


def depends(comparisons, words, plain) -> str:
    """Say of comparisons, by their words, where they hold: up to depth 10, not at 20.

    One name is told where its labels alone tell apart which hold; then numbers are
    told as bounds where they lie apart. Otherwise all that differs is told.
    """
    places = _Places(comparisons, plain)
    holds, fails, left = (
        [place for place, each in zip(places.all, words, strict=True) if each is word]
        for word in (Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED)
    )
    name = places.telling(holds, fails)
    if name is None:
        text = places.apart(holds, fails)
        open_ = places.several(left)
    else:
        text = places.by(name, [x[name] for x in holds], [x[name] for x in fails])
        # a place that is open may have a label that others have too
        known, new = _labels(holds + fails, name), [each[name] for each in left]
        alone = known.isdisjoint(new)
        open_ = places.labelled(name, new) if alone and new else places.several(left)
    return f"{text}; open {open_}" if open_ else text


class _Places:
    """What tells comparisons from one another, each a mapping from name to label."""

    def __init__(self, comparisons, plain):
        self.plain = plain
        found = [_place(each) for each in comparisons]
        if all(each.arms()[1:] == comparisons[0].arms()[1:] for each in comparisons):
            found = [_without_against(each) for each in found]
        names = dict.fromkeys(name for place in found for name in place)
        names = [each for each in names if plain.tells(each.removeprefix(AGAINST))]
        differing = [each for each in names if len(_labels(found, each)) > 1]
        self.all = [{name: place.get(name) for name in differing} for place in found]
        if len({tuple(each.values()) for each in self.all}) < len(self.all):
            self.all = [{} for _ in comparisons]
        self._said = [each.said(plain) for each in comparisons]
        arms = [len(each.arms()) for each in comparisons]
        # of an effect among others that is compared with another, place says too little
        self._more = [each > min(arms) and each > 2 for each in arms]

    def telling(self, holds, fails):
        """Return the first name whose labels alone tell what holds; None for none."""
        if not (holds and fails):
            return None
        for name in holds[0]:
            one, other = _labels(holds, name), _labels(fails, name)
            if not one & other and None not in one | other:
                return name
        return None

    def by(self, name, holds, fails):
        """Tell by the labels of one name where comparisons hold, and where not."""
        begin, end = self.labelled(name, holds), self.other(name, fails)
        if _ordered(holds + fails) and len({*holds}) > 1:
            least, most = (self._bound(name, each(holds)) for each in (min, max))
            if max(holds) < min(fails):
                begin = f"up to {most}"
            elif min(holds) > max(fails):
                begin = f"from {least} on"
            elif len({*holds}) > FEW:
                return f"everywhere but {self.labelled(name, fails)}"
        return f"{begin}, not {end}"

    def _bound(self, name, label):
        _, _, told = self.labelled(name, [label]).partition(" ")
        return told

    def apart(self, holds, fails):
        """Tell in full where comparisons hold and where not; of many, in how many."""
        if not holds:
            return f"not {self.several(fails)}"
        held, failed = self.several(holds), self.several(fails)
        if len(fails) > FEW:
            failed = f"in {len(fails)} other cases"
        return f"{held}; not {failed}"

    def several(self, places):
        """Tell places in full; of many, how many of all there are."""
        if len(places) > FEW:
            return f"in {len(places)} of {len(self.all)} cases"
        names = {*self.all[0]}
        if places and len(names) == 1:
            (name,) = names
            return self.labelled(name, [each[name] for each in places])
        full = [self._in_full(each) for each in places]
        rest = [each for each, x in zip(places, full, strict=True) if not x]
        told = [*filter(None, full), *map(self._whole, self._merged(rest))]
        if len(told) > 1 and any(" and " in each for each in told):
            told = [*told[:-1], f"and {told[-1]}"]
            return ", ".join(told)
        return listing(told) if told else ""

    def labelled(self, name, labels):
        """Tell the labels of one name: at depth 10 and 20, for test error."""
        if name == MEASURE:
            return self.plain.purpose([*dict.fromkeys(labels)])
        if not _swept(name):
            return self.plain.against(name.removeprefix(AGAINST), _distinct(labels))
        return self.plain.labelled(name, _distinct(labels))

    def other(self, name, labels):
        """Tell labels where others of the same name were told before: at 20."""
        if _swept(name):
            return self.plain.other(name, _distinct(labels))
        return self.labelled(name, labels)

    def _in_full(self, place):
        """Return the claim of a place that would be told as another is, else ""."""
        known = {name: x for name, x in place.items() if x is not None}.items()
        alike = any(each is not place and known <= each.items() for each in self.all)
        told = zip(self.all, self._said, self._more, strict=True)
        text, more = next((text, more) for each, text, more in told if each is place)
        return text if alike or more else ""

    def _merged(self, places):
        """Group places that are alike but for the labels of one name, told apart."""
        groupings = [[[each] for each in places]]
        for name in reversed(places[0]) if places else ():
            groups = {}
            for place in places:
                shared = {key: label for key, label in place.items() if key != name}
                how = self._begins(name, place)
                alone = how is None or how in map(self._begins, shared, repeat(place))
                known = (*shared.items(), id(place) if alone else name)
                groups.setdefault(known, []).append(place)
            groupings.append([*groups.values()])
        return min(groupings, key=len)

    def _begins(self, name, place):
        """Return the word that tells a label; None where there is none."""
        label = place[name]
        return None if label is None else self.labelled(name, [label]).split()[0]

    def _whole(self, places):
        """Tell places that are alike but for the labels of one name."""
        there = {
            name: [*dict.fromkeys(each[name] for each in places)]
            for name, label in places[0].items()
            if label is not None
        }
        arms = {name: labels for name, labels in there.items() if _swept(name)}
        others = [
            self.labelled(name, labels)
            for name, labels in there.items()
            if name not in arms
        ]
        return " ".join(filter(None, [self.plain.arms(arms), *others]))


def _place(comparison):
    arm, *others = comparison.arms()
    (measure,) = comparison.measures()
    against = {
        f"{AGAINST}{name}": label
        for other in others
        for name, label in other.items()
        if arm.get(name) != label
    }
    return {**arm, **against, MEASURE: measure}


def _without_against(place):
    return {name: x for name, x in place.items() if not name.startswith(AGAINST)}


def _swept(name):
    return name != MEASURE and not name.startswith(AGAINST)


def _labels(places, name):
    return {place.get(name) for place in places}


def _distinct(labels):
    return sorted({*labels}) if _ordered(labels) else [*dict.fromkeys(labels)]


def _ordered(labels):
    return all(map(numeric, labels))
