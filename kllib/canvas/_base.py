"""What every canvas shares: its front-end source, its checked traits, its static figure."""

import base64
import html
import math

import anywidget
import numpy as np
import traitlets

from kllib.canvas._source import front_end, style_sheet

__all__ = ["Canvas", "Distribution", "Unit"]


class Distribution(traitlets.TraitType):
    """A list of probabilities that sum to 1, of a fixed length."""

    info_text = "a list of probabilities that sum to 1"

    def __init__(self, default, **kwargs):
        super().__init__(list(default), **kwargs)

    def validate(self, obj, value):
        """Return the value as a list of floats; a bad one raises with the rule it breaks."""
        try:
            values = [float(v) for v in value]
        except (TypeError, ValueError):
            self.error(obj, value)
        size = len(self.default_value)
        if len(values) != size:
            rule = f"must hold {size} probabilities"
        elif not all(0 <= v <= 1 for v in values):
            rule = "must hold probabilities in [0, 1]"
        elif not math.isclose(sum(values), 1, abs_tol=1e-8):
            rule = "must sum to 1"
        else:
            return values
        raise traitlets.TraitError(f"{self.name} {rule}; got {value!r}")


class Unit(traitlets.Enum):
    """The unit in which a canvas shows divergences."""

    def __init__(self, **kwargs):
        super().__init__(["nats", "bits"], "nats", **kwargs)


class Canvas(anywidget.AnyWidget):
    """An interactive figure: alive in the page, in JupyterLab, and a picture in print.

    Subclasses set `_front` (the name of their JavaScript file), `_parts` (the files it imports
    from besides core.js), `_alt` (what a reader would see) and `_caption`, declare their public
    state as synced traits, and draw `figure()`.
    """

    _parts = ("kl",)

    def __init_subclass__(cls, **kwargs):
        if "_front" in cls.__dict__:  # anywidget derives a class per instance; those inherit
            cls._esm = front_end(cls._front, cls._parts)
            cls._css = style_sheet(cls._esm)
        super().__init_subclass__(**kwargs)

    @staticmethod
    def _within(proposal, low, high):
        if all(low <= value <= high for value in np.ravel(proposal.value)):
            return proposal.value
        rule = f"{proposal.trait.name} must lie in [{low}, {high}]; got {proposal.value}"
        raise traitlets.TraitError(rule)

    @property
    def _base(self):
        return 2 if self.unit == "bits" else None

    def figure(self):
        """Return the static matplotlib figure of the present state."""
        raise TypeError(f"{type(self).__name__} draws no static figure")

    def _static(self):
        from kllib.plotting import svg

        alt, caption = html.escape(self._alt), html.escape(self._caption)
        data = base64.b64encode(svg(self.figure()).encode()).decode()
        return (
            f'<figure class="canvas-static" data-widget-static>'
            f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        view = data["application/vnd.jupyter.widget-view+json"]
        script = (
            '<script type="application/vnd.jupyter.widget-view+json">'
            f'{{"model_id": "{view["model_id"]}", "version_major": 2, "version_minor": 0}}</script>'
        )
        return {**data, "text/html": self._static() + script}, metadata
