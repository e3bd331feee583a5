"""What every canvas shares: its front-end source, its checked traits, its static figure."""

import base64
import html
import math
import numbers
import operator
import reprlib

import anywidget
import traitlets

from kllib.canvas._source import front_end, style_sheet

__all__ = ["Bounded", "Canvas", "Distribution", "Unit"]


class Bounded(traitlets.TraitType):
    """A number within limits, or a list of so many as the default has.

    Whole numbers if the default is whole. The limits stand here once: the page gets them by
    `rule`, the class's docstring by `%(name)s`, the tests draw their random states from them.
    """

    def __init__(self, default, low, high, **kwargs):
        self.low, self.high = low, high
        self.size = len(default) if isinstance(default, (list, tuple)) else None
        first = default if self.size is None else default[0]
        self.whole = isinstance(first, int)
        super().__init__(list(default) if self.size else default, **kwargs)

    @property
    def limits(self):
        """The limits in words."""
        return f"[{self.low:g}, {self.high:g}]"

    @property
    def rule(self):
        """What the page must know to refuse a value."""
        limits = {"low": self.low, "high": self.high, "whole": self.whole}
        return limits if self.size is None else limits | {"size": self.size}

    def validate(self, obj, value):
        """Return the value as a number or a list of them; a bad one raises with its rule."""
        try:
            entries = [self._number(v) for v in ([value] if self.size is None else value)]
        except TypeError:
            self._refuse(f"must be {self._kind}", value)
        if len(entries) != (self.size or 1):
            self._refuse(f"must hold {self._kind}", value)
        if not all(self.low <= v <= self.high for v in entries):
            self._refuse(f"must lie in {self.limits}", value)
        return entries[0] if self.size is None else entries

    def _number(self, value):
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError(value)
        return operator.index(value) if self.whole else float(value) + 0.0  # no minus zero

    @property
    def _kind(self):
        kind = "whole number" if self.whole else "number"
        return f"a {kind}" if self.size is None else f"{self.size} {kind}s"

    def _refuse(self, rule, value):
        raise traitlets.TraitError(f"{self.name} {rule}; got {reprlib.repr(value)}")


class Distribution(Bounded):
    """A list of probabilities that sum to 1, of a fixed length."""

    def __init__(self, default, **kwargs):
        super().__init__([float(v) for v in default], 0, 1, **kwargs)

    @property
    def rule(self):
        """What the page must know to refuse a value."""
        return super().rule | {"total": 1}

    def validate(self, obj, value):
        """Return the value as a list of floats; a bad one raises with the rule it breaks."""
        values = super().validate(obj, value)
        if not math.isclose(sum(values), 1, abs_tol=1e-8):
            self._refuse("must sum to 1", value)
        return values


class Unit(traitlets.Enum):
    """The unit in which a canvas shows divergences."""

    def __init__(self, **kwargs):
        super().__init__(["nats", "bits"], "nats", **kwargs)


def _rule(trait):
    """What the page must know to refuse a value of the trait; None for one it may not set."""
    if isinstance(trait, Bounded):
        return trait.rule
    if isinstance(trait, traitlets.Bool):
        return {"options": [False, True]}
    return {"options": trait.values} if isinstance(trait, traitlets.Enum) else None


class Canvas(anywidget.AnyWidget):
    """An interactive figure: alive in the page, in JupyterLab, and a picture in print.

    Subclasses set `_front` (the name of their JavaScript file), `_alt` (what a reader would see)
    and `_caption`, declare their public state as synced traits, and draw `figure()`.
    """

    _rules = traitlets.Dict(read_only=True).tag(sync=True)

    def __init_subclass__(cls, **kwargs):
        if "_front" in cls.__dict__:  # anywidget derives a class per instance; those inherit
            cls._esm = front_end(cls._front)
            cls._css = style_sheet(cls._esm)
            own = {name: _rule(each) for name, each in vars(cls).items()}
            cls.rules = {name: rule for name, rule in own.items() if rule}
            bounded = {k: v.limits for k, v in vars(cls).items() if isinstance(v, Bounded)}
            cls.__doc__ = cls.__doc__ and cls.__doc__ % bounded
        super().__init_subclass__(**kwargs)

    @traitlets.default("_rules")
    def _publish_rules(self):
        return self.rules

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
