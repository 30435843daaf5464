"""Tell at a terminal how a claim came to its word."""

import shutil
import textwrap

from study.lab.show.claims import JudgedClaim

WIDEST = 88
INDENT = "  "


def why(judged: JudgedClaim) -> str:
    """Tell a claim, its word, the deciding rule and numbers, and what would change it.

    Args:
        judged: The claim as its page has it.
    """
    lecture = ", ".join(filter(None, (judged.lecture, judged.place)))
    told = [
        ("Claim", [judged.text]),
        ("Said in", [lecture] if lecture else []),
        ("Word", [f"{judged.word}: {judged.reason}" if judged.reason else judged.word]),
        ("Numbers", [_numbers(judged)] if judged.effect else []),
        _rule(judged),
        ("Would change it", [judged.outlook] if judged.outlook else []),
        ("Errata", [f"{each.id}: {each.right}" for each in judged.errata]),
        ("Stands in", [f"{judged.page.folder / 'README.md'}#{judged.id}"]),
    ]
    lines = [judged.id]
    for head, sentences in told:
        for each, sentence in enumerate(sentences):
            lines += _wrapped(head if each == 0 else "", str(sentence))
    return "\n".join(lines)


def _rule(judged):
    """Return the rule, or the one part of several that the numbers belong to."""
    deciding = judged.verdict.rule if judged.verdict else None
    if len(judged.rule) == 1 or deciding is None:
        return "Rule", judged.rule
    others = sum(1 for _ in judged.claim.verdict.parts()) - 1
    told = f"{deciding.sentences()[0]} Its other parts, {others}, stand on the page."
    return "Decided by", [told]


def _numbers(judged):
    unit = f" {judged.unit}" if judged.unit else ""
    runs = f"; {judged.verdict.replicates} runs" if judged.verdict.replicates else ""
    return f"{judged.effect}{unit}, {judged.bound}{runs}"


def _wrapped(head, sentence):
    first = f"{INDENT}{head:17}"
    width = min(WIDEST, shutil.get_terminal_size().columns)
    # Addresses stay whole, to be followed.
    return textwrap.wrap(
        sentence,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
