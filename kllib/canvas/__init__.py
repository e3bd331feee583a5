"""Canvases: interactive figures on kllib, one class each."""

from kllib.canvas.bernoulli_kl import BernoulliKL
from kllib.canvas.code_budget import CodeBudget
from kllib.canvas.contributions import Contributions
from kllib.canvas.elbo_gap import ElboGap
from kllib.canvas.estimators import Estimators
from kllib.canvas.f_divergence_zoo import FDivergenceZoo
from kllib.canvas.leash import Leash
from kllib.canvas.loss_landscape import LossLandscape
from kllib.canvas.one_gaussian import OneGaussian
from kllib.canvas.quick_questions import QuickQuestions, ask_choice, ask_number
from kllib.canvas.support_overlap import SupportOverlap
from kllib.canvas.tangent_bound import TangentBound

__all__ = [
    "BernoulliKL",
    "CodeBudget",
    "Contributions",
    "ElboGap",
    "Estimators",
    "FDivergenceZoo",
    "Leash",
    "LossLandscape",
    "OneGaussian",
    "QuickQuestions",
    "SupportOverlap",
    "TangentBound",
    "ask_choice",
    "ask_number",
]
