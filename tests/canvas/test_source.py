"""The bundle: one module out of many, legal JavaScript unharmed, faults of the sources named."""

import pytest

from kllib.canvas._source import front_end

LEGAL = r"""const mend = (v) => v.replace(/["'`]/g, "").replace(/\/\//g, "/"); // a "quote
export const text = `a
  b  //  no comment ${`${1 +  1}`}  "c`;
export const found = mend("it's `here` // and there");
export const ratio = (a, b) => a / b / 2;
export function* few() { yield 1; }
"""


@pytest.fixture
def bundle(tmp_path):
    """Bundle files given by name; `main` begins."""

    def make(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.js").write_text(text, "utf-8")
        return front_end("main", tmp_path)

    return make


def run(page, source):
    """What a module exports by default."""
    return page.evaluate(
        """async source => (await import(URL.createObjectURL(
             new Blob([source], { type: "text/javascript" })))).default""",
        source,
    )


@pytest.fixture
def page(open_page, serve, tmp_path):
    """A page to run modules in."""
    (tmp_path / "index.html").write_text('<link rel="icon" href="data:,">', "utf-8")
    return open_page(serve(tmp_path))


def test_legal_javascript_stays_as_it_is(bundle, page):
    legal = LEGAL.replace("export function* few() { yield 1; }\n", "")
    main = 'import {\n  text,\n  found,\n  ratio,\n} from "./a.js";\n\nexport default [text, found, ratio(8, 2)];\n'
    shown = run(page, bundle(a=legal, main=main))
    assert shown == ['a\n  b  //  no comment 2  "c', "its here / and there", 2]


def test_lines_of_comment_go_unless_a_template_may_hold_them(bundle, page):
    main = "// one\nconst a = `x`;\n  // two\nexport default a; // three\n"
    assert bundle(main=main) == "const a = `x`;\nexport default a; // three\n"
    held = "export default `a\n// b\n`;\n// c\n"
    assert run(page, bundle(main=held)) == "a\n// b\n"


def test_names_of_files_do_not_meet(bundle, page):
    one = "const own = 1;\nexport const get = () => own;\n"
    two = 'import { get } from "./one.js";\nconst own = 2;\nexport const both = [get(), own];\n'
    main = (
        '// A comment first.\nimport { both } from "./two.js";\n'
        'import { get as first } from "./one.js";\nconst own = 3;\nexport default [...both, first(), own];\n'
    )
    assert run(page, bundle(one=one, two=two, main=main)) == [1, 2, 1, 3]


def test_a_file_runs_once(bundle, page):
    main = 'import { b } from "./b.js";\nimport { c } from "./c.js";\nexport default b === c;\n'
    again = 'import { a } from "./a.js";\nexport const %s = a;\n'
    assert run(page, bundle(a="export const a = {};\n", b=again % "b", c=again % "c", main=main))


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"main": 'import { a } from "./main.js";\n'}, "circle"),
        ({"main": 'import { b } from "./a.js";\n', "a": "export const a = 1;\n"}, "exports no b"),
        ({"main": 'import * as a from "./a.js";\n'}, r"must use import"),
        ({"main": 'import a from "./a.js";\n'}, r"must use import"),
        ({"main": 'let x;\nimport { a } from "./a.js";\n'}, r"must use import"),
        ({"main": 'import { a } from "./a.js";\n', "a": "export { a };\n"}, r"must use import"),
        ({"main": 'import { a } from "./a.js";\n', "a": LEGAL}, r"must use import"),
        ({"main": 'import { a } from "./a.js";\n', "a": "export const { a } = 1;\n"}, "must use"),
        ({"main": 'import { a } from "./a.js";\n', "a": "export default 1;\n"}, "export default"),
        ({"main": 'import { a } from "../a.js";\n'}, "from static/"),
    ],
)
def test_what_cannot_be_bundled_is_refused(bundle, files, fault):
    with pytest.raises(ValueError, match=fault):
        bundle(**files)
