"""Leave out of a figure what nobody sees, for a file that holds many."""

import re

from study.lab.show.steps import stepwise

NAMED = re.compile(rb' id="([^"]+)"')
REFERRED = re.compile(rb'(?:url\(|href=")#([^")]+)')
# Beside a figure in a page stand its words; a picture has no use for them.
WORDS = re.compile(rb"<(title|desc)>.*?</\1>", flags=re.DOTALL)
# No text is made of several elements, between which a space would count.
BETWEEN = re.compile(rb"(?<=>)\s+(?=<)")


def lean(svg: bytes) -> bytes:
    """Return a figure of ours without its words, names that nothing refers to, indents.

    Its paths tell steps instead of places.

    Example:

    >>> lean(b'<svg><title>Two</title>\\n <g id="two">\\n  <path/>\\n </g></svg>')
    b'<svg><g><path/></g></svg>'
    """
    referred = {*REFERRED.findall(svg)}
    svg = NAMED.sub(lambda found: found[0] if found[1] in referred else b"", svg)
    return stepwise(BETWEEN.sub(b"", WORDS.sub(b"", svg)))
