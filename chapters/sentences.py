"""One sentence a line in the sources of the pages: `python chapters/sentences.py` sets them so.

A review then shows the sentence that changed. Pages do not change: a line's end within a
paragraph is a space.
"""

import re
from pathlib import Path

__all__ = ["SOURCES", "set_sentences"]

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]

# What stands by itself: front matter, fences with their content, displayed equations, lines that
# begin or end a directive or hold its options, headings, labels, tables, tags, comments.
ALONE = re.compile(
    r"\A---\n.*?^---$|^```.*?^```$|^\$\$$.*?^\$\$.*?$"
    r"|^(?::::|:[\w-]+:|\#|\(\S+\)=$|\||<|%|---$).*?$|^$",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
ITEM = re.compile(r"(?:[-*+:]|\d+\.) +")
WHOLE = re.compile(r"\$[^$]+\$|(?:\{[\w:.-]+\})?(`+)[^`].*?\1|\[[^\]]*\]\([^)]*\)|<[^>]+>")
END = re.compile(r"[.?!][\"'”’)\]*_]* +(?=(\S\S?))")
SHORT = re.compile(r"\b(?:e\.g|i\.e|cf|vs|al|Eq|Fig|Sec|Dr|St)\.$")
HEADING = re.compile(r"\*{1,2}[^*\"]{1,40}\*{1,2}")  # one that runs in


def parted(text):
    """The sentences of a paragraph."""
    hidden = WHOLE.sub(lambda match: "\0" * len(match[0]), text)
    begin = 0
    for end in END.finditer(hidden):
        said = hidden[begin : end.end()].rstrip()
        after = end[1]
        if after[0].islower() or after[0] in "-+:#|%>" or re.match(r"\d+\.\s", hidden[end.end() :]):
            continue  # the sentence goes on, or Markdown would read the next line otherwise
        if SHORT.search(said) or (begin == 0 and HEADING.fullmatch(said)):
            continue
        yield text[begin : end.end()].rstrip()
        begin = end.end()
    yield text[begin:]


def paragraphs(lines):
    """Each paragraph or item among lines that stand together, with its mark."""
    found = []
    for line in lines:
        mark = ITEM.match(line)
        if mark or not found:
            found.append((mark[0] if mark else "", line[mark.end() if mark else 0 :].strip()))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def set_lines(text):
    """The lines of a stretch of prose, one sentence each; items are indented under their mark."""
    for mark, paragraph in paragraphs(text.splitlines()):
        for k, sentence in enumerate(parted(paragraph)):
            yield (" " * len(mark) if k else mark) + sentence


def set_sentences(source):
    """The source of a page with one sentence a line."""
    out, begin = [], 0
    for alone in ALONE.finditer(source):
        out += [*set_lines(source[begin : alone.start()]), alone[0]]
        begin = alone.end() + 1
    return "\n".join([*out, *set_lines(source[begin:])]).rstrip("\n") + "\n"


if __name__ == "__main__":
    for path in SOURCES:
        path.write_text(set_sentences(path.read_text("utf-8")), "utf-8")
