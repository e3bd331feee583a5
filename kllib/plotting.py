"""The book's figure style and a small vocabulary of figures."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

__all__ = ["GREY", "P", "Q", "area", "axes", "bars", "contour", "curve", "note", "style", "svg"]

P = "#0072B2"  # blue: the truth
Q = "#D55E00"  # vermillion, and dashed or hatched too: the model
GREY = "#6B7280"  # integrand, gap, everything else

_STYLE = Path(__file__).with_name("book.mplstyle")


def style():
    """Use the book's style for every figure that follows."""
    plt.style.use(_STYLE)
    if mpl.get_backend().endswith("inline"):  # in a notebook: vector figures
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        # without the date, so that the same figure is the same text
        set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})


def axes(ncols=1, *, size=None, **settings):
    """Return a figure and its axes in the book's style; `settings` go to ``Axes.set``."""
    with plt.style.context(_STYLE):
        fig, ax = plt.subplots(1, ncols, figsize=size or (6.4 if ncols == 1 else 7.2, 2.8))
        for each in np.ravel(ax):
            each.set(**settings)
    return fig, ax


def bars(ax, p, q, labels=None):
    """Draw two distributions side by side: p solid, q hatched, each named on its first bar."""
    place = np.arange(len(p))
    with plt.style.context(_STYLE):
        ax.bar(place - 0.2, p, 0.38, color=P)
        ax.bar(place + 0.2, q, 0.38, facecolor="none", edgecolor=Q, hatch="////")
    note(ax, "p", (place[0] - 0.2, p[0]), color=P, dy=4, ha="center")
    note(ax, "q", (place[0] + 0.2, q[0]), color=Q, dy=4, ha="center")
    ax.set_xticks(place, labels if labels is not None else place)


def curve(ax, x, y, which="p", name=None, at=0):
    """Draw a density: p solid blue, q dashed vermillion, named directly at index `at`."""
    color, dash = {"p": (P, "-"), "q": (Q, (0, (5, 2)))}.get(which, (GREY, (0, (2, 2))))
    ax.plot(x, y, color=color, ls=dash)
    if name:
        note(ax, name, (x[at], y[at]), color=color)


def area(ax, x, y, color=GREY):
    """Shade what an integral adds up: positive parts dark, negative parts hatched."""
    ax.fill_between(x, 0, np.maximum(y, 0), color=color, alpha=0.45, lw=0)
    ax.fill_between(
        x, 0, np.minimum(y, 0), facecolor="none", edgecolor=color, hatch="\\\\\\\\", lw=0
    )


def contour(ax, x, y, z, levels=20):
    """Draw a landscape z[j, i] over x[i], y[j] with labelled level lines."""
    ax.contourf(x, y, z, levels=levels, cmap="cividis")
    ax.clabel(ax.contour(x, y, z, levels=levels, colors="white", linewidths=0.5), fontsize=7)


def note(ax, text, at, *, color="black", dx=4, dy=4, **settings):
    """Write a direct label beside a data point, in place of a legend."""
    ax.annotate(text, at, xytext=(dx, dy), textcoords="offset points", color=color, **settings)


def svg(fig):
    """Return the figure as SVG text, the same for the same figure, and close it."""
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "kllib", "svg.fonttype": "none"}):
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(fig)
    text = re.sub(r"<metadata>.*?</metadata>", "", buffer.getvalue(), flags=re.DOTALL)
    return text[text.index("<svg") :]
