"""Text of `format=flowed` (RFC 3676) made into whole paragraphs again."""

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, *, delsp: bool = False) -> str:
    """Lines that end in a blank are joined with the next of the same quote depth.

    A line is never joined to one that starts with `#`: a command stands alone (B015).
    """
    out: list[str] = []
    paragraph: list[str] = []
    open_depth = -1
    for raw in text.split("\n"):
        depth = _QUOTES.match(raw).end()  # type: ignore[union-attr]  # matches the empty string
        line = raw[depth:].removeprefix(" ")
        flows = line.endswith(" ") and line != "-- "
        soft = line[:-1] if flows and delsp else line
        if open_depth != depth or line == "-- " or line.startswith("#"):
            if paragraph:
                out.append("".join(paragraph))
            paragraph = [f"{'>' * depth} "] if depth else []
        paragraph.append(soft)
        open_depth = depth if flows else -1
    out.append("".join(paragraph))
    return "\n".join(out)
