"""One front-end module and one style sheet out of the readable files in static/."""

import re
from collections import Counter
from pathlib import Path

__all__ = ["STATIC", "front_end", "style_sheet"]

STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"export (?:const|function) (\w+)")
_STATEMENT = re.compile(r"^(?=[^\s)}\]])", re.MULTILINE)  # at the top level they start a line
_WORD = re.compile(r'(?<!\w-)(?<![\w"])[A-Za-z]\w*(?!["\w])')  # no tag and no class: a name
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_COMMENT = re.compile(r"//.*")
_RULE = re.compile(r"([^{}@]+)\{[^{}]*\}")
_CLASS = re.compile(r"\.(kl-[\w-]+)")
_BLANK = re.compile(r"\s+")
_TIGHT = set("=+-*<>?:&|,;(){}[]!")  # a blank beside one of these says nothing


def front_end(name, parts=("kl",)):
    """Return one module: the shared vocabulary, the `parts` named and the canvas `name`, joined.

    anywidget imports a module from a Blob URL, where relative imports do not resolve.
    """
    files = [(STATIC / f"{part}.js").read_text("utf-8") for part in ("core", *parts, name)]
    joined = "".join(_IMPORT.sub("", source) for source in files)
    words = Counter(_WORD.findall(joined))
    used = (s for s in _STATEMENT.split(joined) if not _export(s) or words[_export(s)] > 1)
    return _squeeze(re.sub(r"^export (?!default)", "", "".join(used), flags=re.MULTILINE))


def _export(statement):
    """The name that a statement exports, or None."""
    found = _EXPORT.match(statement)
    return found and found[1]


def style_sheet(script):
    """Return canvas.css without comments, needless blanks and what `script` has no class for."""
    source = re.sub(r"/\*.*?\*/", "", (STATIC / "canvas.css").read_text("utf-8"), flags=re.DOTALL)
    rules = re.sub(r"\s*([{};,>])\s*|(?<=:)\s+", r"\1", source).replace(";}", "}").strip()
    return _RULE.sub(lambda rule: rule[0] if _styles(rule[1], script) else "", rules)


def _styles(selectors, script):
    # a class may be put together: `kl-hue-${hue}`
    def named(word):
        stem = word.rpartition("-")[0]
        return word in script or (stem != "kl" and f"{stem}-${{" in script)

    return any(all(map(named, _CLASS.findall(one))) for one in selectors.split(","))


def _squeeze(source):
    """Leave out comments and needless blanks; strings and templates stay as they are."""
    out, inside, at = "", [], 0  # `inside`: the backquotes and braces that are open
    while at < len(source):
        found = source[at]
        if inside[-1:] == ["`"]:
            if found == "\\" or source.startswith("${", at):
                found = source[at : at + 2]
            if found in ("`", "${"):
                inside.pop() if found == "`" else inside.append("{")
        elif found == '"':
            found = _STRING.match(source, at)[0]
        elif source.startswith("//", at):
            at = _COMMENT.match(source, at).end()
            continue
        elif found.isspace():
            blank = _BLANK.match(source, at)
            at = blank.end()
            out += _gap(out[-1:], blank[0], source[at : at + 1])
            continue
        elif found == "`" or (inside and found in "{}"):
            inside.pop() if found == "}" else inside.append(found)
        out += found
        at += len(found)
    return out


def _gap(before, blank, after):
    """What must stay of a run of blanks: line ends, mostly, and the space between two words."""
    if "\n" in blank:
        return "" if before in ("", ";", ",", "{", "(", "\n") else "\n"
    needless = before in _TIGHT or after in _TIGHT
    return "" if needless and before != after else " "
