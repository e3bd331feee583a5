"""One front-end module and one style sheet out of the readable files in static/."""

import re
from pathlib import Path, PurePosixPath

__all__ = ["STATIC", "front_end", "style_sheet"]

STATIC = Path(__file__).parent / "static"
# A statement of a module begins its line, as the formatter writes it.
_IMPORT = re.compile(r'import \{([^{}]*)\} from "(\.[^"]+)";\s*')
_PREFACE = re.compile(r"(?:\s+|//[^\n]*\n)*")
_EXPORT = re.compile(r"^export (?:(default)\b|(?:const|function) (?:(\w+)|\[([\w, ]+)\]))", re.M)
_OTHER = re.compile(r"^(?:import\b|export\b)[^\n]*", re.M)
_RULE = re.compile(r"([^{}@]+)\{[^{}]*\}")
_CLASS = re.compile(r"\.(kl-[\w-]+)")


def front_end(name, static=STATIC):
    """Return one module: the file `name`.js of `static` after all that it imports.

    anywidget imports a module from a Blob URL, where relative imports do not resolve. Each file
    becomes a function that runs once and returns what the file exports, so that no name of one
    meets a name of another.
    """
    modules = {}
    _collect(PurePosixPath(f"{name}.js"), static, modules, ())
    *parts, (_, main) = modules.items()
    bound = [f"const {_binding(path)} = (() => {{\n{text}}})();\n" for path, text in parts]
    return "".join(bound) + main


def _collect(path, static, modules, above):
    """Put the file and, before it, what it imports into `modules`, each with its text."""
    if path in above:
        raise ValueError(f"modules must not import each other in a circle; got {path}")
    if path in modules:
        return
    head, body = _parted((static / path).read_text("utf-8"), path)
    text = ""
    for names, source in head:
        other = _resolved(path, source)
        _collect(other, static, modules, (*above, path))
        for name in re.findall(r"(\w+)(?: as \w+)?", names):
            if not re.search(rf"return \{{ .*\b{name}\b.* \}};\n\Z", modules[other]):
                raise ValueError(f"{path} must import what there is; {other} exports no {name}")
        text += f"const {{ {names.replace(' as ', ': ')} }} = {_binding(other)};\n"
    modules[path] = text + (_returning(body, path) if above else body)


def _parted(source, path):
    """The imports that a file begins with, as pairs of names and place, and the rest of it."""
    head, at = [], _PREFACE.match(source).end()
    while found := _IMPORT.match(source, at):
        head.append((" ".join(found[1].split()), found[2]))
        at = _PREFACE.match(source, found.end()).end()
    body = _without_comments(source[at:])
    for other in _OTHER.finditer(body):
        if not _EXPORT.match(other[0]):
            rule = 'import { names } from "./file.js" at its head and export const or function'
            raise ValueError(f"{path} must use {rule}; got {other[0]!r}")
    return head, body


def _without_comments(source):
    """The source without the lines that are comments, unless a template may go over lines."""
    lines = source.splitlines(keepends=True)
    if any(line.count("`") % 2 for line in lines):
        return source
    return "".join(line for line in lines if not line.lstrip().startswith("//"))


def _resolved(path, source):
    """The place in static/ that an import of the file `path` names."""
    parts = list(path.parent.parts)
    for step in PurePosixPath(source).parts:
        if step != "..":
            parts.append(step)
        elif parts:
            parts.pop()
        else:
            raise ValueError(f"{path} must import from static/; got {source!r}")
    return PurePosixPath(*parts)


def _returning(body, path):
    """The body without its export keywords, returning what they named."""
    names = []
    for default, name, several in _EXPORT.findall(body):
        if default:
            raise ValueError(f"{path} must export names, to be imported; got export default")
        names += [each.strip() for each in several.split(",")] if several else [name]
    return f"{re.sub(r'^export ', '', body, flags=re.M)}return {{ {', '.join(names)} }};\n"


def _binding(path):
    return "$" + re.sub(r"\W", "_", str(path.with_suffix("")))


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
