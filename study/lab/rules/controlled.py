"""Let a rule speak only where what must be there is there."""

from dataclasses import dataclass, field, replace

from study.lab.rules.base import Comparison, least_certain
from study.lab.rules.shape import Several, seeds_of
from study.lab.rules.words import Word


@dataclass(frozen=True)
class Control:
    """What must hold before a rule may speak.

    Args:
        what: In words: "without dropout the test loss rises".
        rule: The comparison that shows it.
        settle: The training that would bring it about: "more epochs, or fewer images".
    """

    what: str = field(repr=False)
    rule: Comparison
    settle: str = field(repr=False)

    def __post_init__(self):
        for name in ("what", "settle"):
            value = getattr(self, name)
            if not (isinstance(value, str) and value.strip()):
                raise ValueError(
                    f"`{name}` tells readers of a control: expected words. Received: "
                    f"{name}={value!r}. Write what must hold, and what training would "
                    "bring it about."
                )
        if not isinstance(self.rule, Comparison):
            raise TypeError(
                "A control is shown by a comparison: expected Raises, Level or another "
                f"rule on arms. Received: {self.rule!r}. Give a control for each."
            )


@dataclass(frozen=True, init=False)
class Controlled:
    """A rule that speaks only where all of its controls are reproduced.

    Else the claim is unresolved, and says which control fails and what training would
    settle it. Controls and rule are each judged at all of the error, for no control
    makes the rule speak more often: where one fails in truth, the rule speaks in no
    more than a share of the error; where all hold, the rule alone can be wrong.

    Args:
        rule: The rule: a comparison, or several.
        controls: One or more.
    """

    rule: Comparison | Several
    controls: tuple[Control, ...]

    def __init__(self, rule, *controls):
        object.__setattr__(self, "rule", rule)
        object.__setattr__(self, "controls", controls)
        if not isinstance(rule, Comparison | Several):
            raise TypeError(
                "What is controlled compares arms: expected a comparison, Shape, Each "
                f"or Some. Received: {rule!r}. A fact needs no control."
            )
        if not controls or not all(isinstance(each, Control) for each in controls):
            raise TypeError(
                "A rule is controlled by controls: expected at least one Control. "
                f"Received: {controls!r}. Write Controlled(Lowers(...), Control(...))."
            )

    def measures(self):
        return set().union(*(each.measures() for each in self._rules()))

    def tables(self):
        return set().union(*(each.tables() for each in self._rules()))

    def words(self):
        """Return the words that it may come to."""
        return self.rule.words()

    def arms(self):
        return tuple(arm for each in self._rules() for arm in each.arms())

    def parts(self):
        return [part for each in self._rules() for part in each.parts()]

    def undecided(self, words):
        """List what calls for fresh seeds: nothing where a control fails."""
        count = len(self.controls)
        controls, rest = words[:count], words[count:]
        if Word.CONTRADICTED in controls:
            return []
        if Word.UNRESOLVED not in controls:
            return self.rule.undecided(rest)
        judged = zip(self.parts(), words, strict=True)
        return [part for (part, _), word in judged if word is Word.UNRESOLVED]

    def numbers(self):
        """Return the numbers by which the parts are told."""
        controls = [f"(C{i})" for i, _ in enumerate(self.controls, 1)]
        alone = isinstance(self.rule, Comparison)
        return [*controls, *(["the rule itself"] if alone else self.rule.numbers())]

    def sentences(self):
        controls = zip(self.numbers(), self.controls, strict=False)
        return [
            "Unresolved unless these controls are reproduced:",
            *(f"{i} {each.what}: {each.rule.sentence()}" for i, each in controls),
            *self.rule.sentences(),
        ]

    def judged(self, reading):
        controls = [(each, each.rule.judged(reading)) for each in self.controls]
        spoken = self.rule.judged(reading)
        verdicts = [verdict for _, verdict in controls]
        parts = (*verdicts, *(spoken.parts or (spoken,)))
        failed = [each for each in verdicts if each.word is Word.CONTRADICTED]
        missing = failed or [each for each in verdicts if each.word is Word.UNRESOLVED]
        if not missing:
            return replace(spoken, parts=parts)
        decides = least_certain(missing)
        control = next(each for each, verdict in controls if verdict is decides)
        if not failed:
            reason = f"undecided is a control: {control.what}"
            return replace(
                decides, reason=reason, seeds=seeds_of(verdicts), parts=parts
            )
        return replace(
            decides,
            word=Word.UNRESOLVED,
            reason=f"a control fails: {control.what}: {decides.reason}",
            lacks=f"To be seen first: {control.what}. "
            f"Training for it: {control.settle}.",
            parts=parts,
        )

    def _rules(self):
        return (*(each.rule for each in self.controls), self.rule)
