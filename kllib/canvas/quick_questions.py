"""Quick questions in the page: checked by the reader's browser, no kernel needed."""

import html
import math

import traitlets

from kllib.canvas._base import Canvas

__all__ = ["QuickQuestions", "ask_choice", "ask_number"]


def ask_choice(prompt, options, right):
    """Return a question with one right option.

    Parameters
    ----------
    prompt : str
    options : dict of str to str
        Each option's text and what to say to a reader who picks it.
    right : str
        The right option's text.

    Raises
    ------
    ValueError
        If `right` is not an option, or an option has no explanation.
    """
    if right not in options:
        raise ValueError(f"right must be one of the options; got {right!r}")
    if not all(options.values()):
        raise ValueError("options must each have an explanation; got an empty one")
    return {"prompt": prompt, "options": [[k, v, k == right] for k, v in options.items()]}


def ask_number(prompt, answer, mistakes, why, *, digits=3):
    """Return a question whose answer is a number, right to `digits` decimals.

    Parameters
    ----------
    prompt : str
    answer : float
    mistakes : dict of str to float
        What to say, and the wrong number that shows it, as in the exercises' records.
    why : str
        What to say to the right answer.
    digits : int

    Raises
    ------
    ValueError
        If a mistake cannot be told from the answer at that many decimals.
    """
    tolerance = 0.6 * 10.0**-digits
    for sentence, wrong in mistakes.items():
        if math.isclose(wrong, answer, rel_tol=0, abs_tol=2 * tolerance):
            raise ValueError(f"mistakes must differ from the answer; got {wrong} for {sentence!r}")
    wrongs = [[float(wrong), sentence] for sentence, wrong in mistakes.items()]
    return {
        "prompt": prompt,
        "answer": float(answer),
        "mistakes": wrongs,
        "why": why,
        "digits": digits,
    }


class QuickQuestions(Canvas):
    """A few questions with an explanation for each wrong answer.

    Parameters
    ----------
    questions : list
        Results of `ask_choice` and `ask_number`.

    Examples
    --------
    >>> quiz = QuickQuestions([ask_number("What is 1 + 1?", 2, {"That is 1 × 1.": 1}, "Yes.")])
    >>> quiz.questions[0]["answer"]
    2.0
    """

    _front = "quick_questions"

    questions = traitlets.List().tag(sync=True)

    def __init__(self, questions):
        super().__init__(questions=list(questions))

    def _static(self):
        def answer(question):
            if "answer" in question:
                return f"{question['answer']:.{question['digits']}f}. {question['why']}"
            return next(f"{text}. {why}" for text, why, right in question["options"] if right)

        items = (
            f"<li>{html.escape(q['prompt'])}"
            + "".join(f"<br>◦ {html.escape(o[0])}" for o in q.get("options", []))
            + f"<details><summary>Answer</summary>{html.escape(answer(q))}</details></li>"
            for q in self.questions
        )
        return f'<ol class="canvas-static" data-widget-static>{"".join(items)}</ol>'
