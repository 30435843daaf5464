"""Find the part of a claim that depends which is nearest to tipping its word."""

import math
from dataclasses import replace

from study.lab.rules.controlled import Controlled
from study.lab.rules.words import Word

# In margins: below the one a part is at its bound, beyond the other it is certain.
NEAREST, FARTHEST = 2.0**-20, 64.0
HALVINGS = 20


def tipping(rule, verdict):
    """Return the part on which *depends* hangs, and how many speak as it does.

    The word falls with the last part that holds, with the last that does not, and with
    any control. So it hangs on a control, or on the surest part of either side.

    Args:
        rule: The claim's rule, an `Each` or what controls one.
        verdict: Its verdict.
    """
    controls = len(rule.controls) if isinstance(rule, Controlled) else 0
    found = [(each, 1) for each in verdict.parts[:controls]]
    for word in (Word.REPRODUCED, Word.CONTRADICTED):
        side = [each for each in verdict.parts[controls:] if each.word is word]
        found.append((max(side, key=slack), len(side)))
    return min(found, key=lambda each: slack(each[0]))


def slack(part) -> float:
    """Return how far, in margins, a part must move until its word is another one."""
    return min(_until(part, way) for way in (-1, 1))


def _until(part, way):
    far = NEAREST
    while _word(_shifted(part, way * far)) is part.word:
        far *= 2
        if far > FARTHEST:
            return math.inf
    near = 0.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        same = _word(_shifted(part, way * middle)) is part.word
        near, far = (middle, far) if same else (near, middle)
    return far


def _shifted(part, by):
    """Return a part whose effect and interval moved by so many margins."""
    ends = part.lower, part.effect, part.upper
    if part.null == 1:  # a factor, of which the margin is one too
        lower, effect, upper = (each * part.delta**by for each in ends)
    else:
        # where a number stands in place of a margin, by so many of it
        margin = abs(part.delta - part.null) or abs(part.delta) or 1.0
        lower, effect, upper = (each + margin * by for each in ends)
    return replace(part, lower=lower, effect=effect, upper=upper)


def _word(part):
    if part.rule.contradiction(part):
        return Word.CONTRADICTED
    reproduced = part.rule.clearance(part) > 0
    return Word.REPRODUCED if reproduced else Word.UNRESOLVED
