"""Write estimators_k3.json: exp(u) - 1 - u at floats u, by mpmath with 400 digits.

Run as `python -m tests.kllib.tables.estimators_k3`.
"""

import json
from pathlib import Path

from mpmath import exp, mp, mpf, nstr

mp.dps = 400

SIZES = [1e-150, 1e-20, 1e-9, 1e-4, 0.0099, 0.0299, 0.0301, 0.05, 0.3, 0.9, 1.1, 5.0, 40.0, 700.0]

if __name__ == "__main__":
    rows = [[u, nstr(exp(mpf(u)) - 1 - mpf(u), 20)] for s in SIZES for u in (s, -s)]
    Path(__file__).with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n")
