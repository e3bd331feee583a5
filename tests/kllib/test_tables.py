"""Functions that return several numbers against mpmath, and who has a table at all."""

import json
from pathlib import Path

import numpy as np
import pytest

import kllib

TABLES = Path(__file__).parent / "tables"
SEVERAL = json.loads((TABLES / "several.json").read_text())
# Without numbers to tabulate: kinds of results, strings, models, trajectories. The next are
# tried on every sample or code of a size; `kl_knn` against SciPy's distances; `projection_kl`
# at its minima.
UNTABLED = {"AccuracyWarning", "Elbo", "Estimate", "GaussianMixture", "Moments", "Projection"}
UNTABLED |= {"LinearVAE", "TinyVAE", "Trajectory", "descend", "fit", "prefix_code"}
UNTABLED |= {"prefix_decode", "prefix_encode"}
UNTABLED |= {"arithmetic_decode", "arithmetic_encode", "is_prefix_free", "is_uniquely_decodable"}
UNTABLED |= {"bregman_estimate", "huffman_lengths", "kl_knn", "projection_kl"}
UNTABLED |= {
    "Generator",
    "bregman_divergence",
    "NormalRatio",
    "Tilt",
    "ascend",
    "normal_crossing",
    "normal_variances",
    "tilt",
}
UNTABLED |= {"ExponentialFamily", "IProjection"}
OTHERS = {"entropy_from_counts", "js_distance", "kl_bernoulli_logits", "kl_normal_standard_logvar"}
OTHERS |= {"k3", "kl_between", "project_forward", "project_reverse"}  # tables of other forms


@pytest.mark.parametrize(("name", "args", "keywords", "values"), SEVERAL)
def test_exact_values(name, args, keywords, values):
    got = np.ravel(getattr(kllib, name)(*args, **keywords))
    np.testing.assert_allclose(got, np.array(values, float), rtol=1e-12, atol=1e-30)


def test_every_function_has_a_table():
    named = {row[0] for row in SEVERAL}
    for table in ("discrete", "divergences", "families", "geometry"):
        named |= {row[0] for row in json.loads((TABLES / f"{table}.json").read_text())}
    assert not named & (UNTABLED | OTHERS)
    assert named | UNTABLED | OTHERS == set(kllib.__all__)
