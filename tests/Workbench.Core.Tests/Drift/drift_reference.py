"""Expected values of drift tests, from scipy and numpy or by the definition. Reads cases from stdin, writes JSON."""
import itertools
import json
import math
import sys
import warnings

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon

warnings.simplefilter("ignore")
np.seterr(all="ignore")


def tried(compute):
    """The numbers, or None where the library refuses or gives NaN."""
    try:
        values = [float(value) for value in np.atleast_1d(compute())]
    except (ValueError, IndexError, ZeroDivisionError, FloatingPointError):
        return None
    return values if all(math.isfinite(value) for value in values) else None


def pair(result):
    return [result.statistic, result.pvalue]


# ---- by definition

def dominance(a, b):
    """Cliff's delta with the unbiased variance and the interval of Cliff 1996, from the whole matrix."""
    d = np.sign(b[None, :] - a[:, None])
    n, m = d.shape
    delta = d.mean()
    rows, columns = d.mean(axis=1), d.mean(axis=0)
    variance = (m**2 * ((rows - delta) ** 2).sum() + n**2 * ((columns - delta) ** 2).sum() - ((d - delta) ** 2).sum()) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    z = stats.norm.ppf(0.975)
    root = z * math.sqrt(variance) * math.sqrt((1 - delta**2) ** 2 + z**2 * variance)
    below = 1 - delta**2 + z**2 * variance
    return [delta, *np.clip([(delta - delta**3 - root) / below, (delta - delta**3 + root) / below], -1, 1)]


def cohen(a, b):
    n, m = len(a), len(b)
    spread = math.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * b.var(ddof=1)) / (n + m - 2))
    d = (b.mean() - a.mean()) / spread
    width = stats.norm.ppf(0.975) * math.sqrt((n + m) / (n * m) + d**2 / (2 * (n + m)))
    return [d, d - width, d + width]


def cramer_von_mises(a, b):
    """T over all pooled rows, which needs no word about ties."""
    z = np.concatenate([a, b])
    f = np.searchsorted(np.sort(a), z, side="right") / len(a)
    g = np.searchsorted(np.sort(b), z, side="right") / len(b)
    return len(a) * len(b) / len(z) ** 2 * ((f - g) ** 2).sum()


def cramer_permuted(a, b, count, seed):
    """Its permutation p-value from distinct values: multivariate hypergeometric draws of the reference side."""
    values, inverse = np.unique(np.concatenate([a, b]), return_inverse=True)
    both = np.bincount(inverse)
    n, m, total = len(a), len(b), len(a) + len(b)
    draws = np.random.default_rng(seed).multivariate_hypergeometric(both, n, size=count)
    f, c = draws.cumsum(axis=1), both.cumsum()
    t = n * m / total**2 * (both * (f / n - (c - f) / m) ** 2).sum(axis=1)
    return (t >= cramer_von_mises(a, b) - 1e-9).mean()


def cramer_enumerated(a, b):
    """Its exact p-value over all choices of the reference rows."""
    pooled = np.concatenate([a, b])
    observed, least, count = cramer_von_mises(a, b), 0, 0
    for chosen in itertools.combinations(range(len(pooled)), len(a)):
        mask = np.zeros(len(pooled), bool)
        mask[list(chosen)] = True
        least += cramer_von_mises(pooled[mask], pooled[~mask]) >= observed - 1e-9
        count += 1
    return least / count


def inhomogeneity(a, b):
    z = np.unique(np.concatenate([a, b]))
    f = np.searchsorted(np.sort(a), z[:-1], side="right") / len(a)
    g = np.searchsorted(np.sort(b), z[:-1], side="right") / len(b)
    w = np.diff(z)
    return ((f - g) ** 2 * w).sum() / ((f * (1 - g) + g * (1 - f)) * w).sum()


# ---- Evidently 0.7.21

def filled(shares):
    smallest = shares[shares > 0].min()
    return np.where(shares == 0, smallest / 10**6 if smallest <= 0.0001 else 0.0001, shares)


def evidently_cells(a, b):
    if len(np.unique(a)) > 20:
        edges = np.histogram_bin_edges(np.concatenate([a, b]), bins="sturges")
        return np.histogram(a, edges)[0] / len(a), np.histogram(b, edges)[0] / len(b)
    keys = np.union1d(a, b)
    return np.array([(a == key).mean() for key in keys]), np.array([(b == key).mean() for key in keys])


def evidently_shares(p, q):
    fp, fq = filled(p), filled(q)
    return {
        "psi": tried(lambda: ((fp - fq) * np.log(fp / fq)).sum()),
        "kl_div": tried(lambda: stats.entropy(fp, fq)),
        "jensenshannon": tried(lambda: jensenshannon(p, q)),
    }


def evidently_hellinger(a, b):
    edges = np.histogram_bin_edges(np.unique(np.concatenate([a, b])), bins="sturges")
    h, g = np.histogram(a, edges, density=True)[0], np.histogram(b, edges, density=True)[0]
    return math.sqrt(1 - min(1, (np.sqrt(h * g) * np.diff(edges)).sum()))


def two_proportions(x, n, y, m):
    p = (x + y) / (n + m)
    z = (x / n - y / m) / math.sqrt(p * (1 - p) * (1 / n + 1 / m))
    return 2 * (1 - stats.norm.cdf(abs(z)))


# ---- NannyML 0.13.1

def nannyml(a, b):
    edges = np.histogram_bin_edges(a, bins="doane")
    p, q = np.histogram(a, edges)[0] / len(a), np.histogram(b, edges)[0] / len(b)
    out = 1 - q.sum()
    if out > 0:
        p, q = np.append(p, 0), np.append(q, out)
    return {
        "jensen_shannon": tried(lambda: jensenshannon(p, q, base=2)),
        "hellinger": tried(lambda: math.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2)),
        "kolmogorov_smirnov": tried(lambda: nannyml_ks(a, b)),
        "wasserstein": tried(lambda: nannyml_wasserstein(a, b)),
    }


def nannyml_ks(a, b):
    if len(a) < 10_000:
        return stats.ks_2samp(a, b).statistic
    edges = np.linspace(a.min(), a.max(), 10_001)
    f = (np.histogram(a, edges)[0] / len(a)).cumsum()
    g = (np.histogram(b, edges)[0] / len(b)).cumsum() + (b < edges[0]).mean()
    return np.abs(f - g).max()


def nannyml_wasserstein(a, b):
    if len(a) < 10_000:
        return stats.wasserstein_distance(a, b)
    counts, edges = np.histogram(a, bins=10_000)
    below, above = b[b < edges[0]], b[b > edges[-1]]
    shift = (len(below) + 1) / len(b) if len(below) else 0
    f, g = (counts / len(a)).cumsum(), (np.histogram(b, edges)[0] / len(b)).cumsum() + shift
    return np.abs(f - g).sum() * (edges[1] - edges[0]) + (edges[0] - below).sum() / len(b) + (above - edges[-1]).sum() / len(b)


def numeric(case):
    a, b = np.array(case["a"], float), np.array(case["b"], float)
    keys = np.union1d(a, b)
    table = np.array([[(side == key).sum() for key in keys] for side in (a, b)]) if len(keys) <= 50 else None
    untied = len(keys) == len(a) + len(b)
    p, q = evidently_cells(a, b)
    result = {
        "distinct": [len(keys)],
        "ks": tried(lambda: pair(stats.ks_2samp(a, b))),
        "wasserstein": tried(lambda: stats.wasserstein_distance(a, b)),
        "energy-raw": tried(lambda: stats.energy_distance(a, b)),
        "energy": tried(lambda: [stats.energy_distance(a / a.std(), b / a.std()), inhomogeneity(a, b)]),
        "anderson-darling": tried(lambda: list(stats.anderson_ksamp([a, b]))[::2]),
        "scipy-cvm": tried(lambda: pair(stats.cramervonmises_2samp(a, b))),
        "cramer-von-mises": tried(lambda: pair(stats.cramervonmises_2samp(a, b))) if untied else None,
        "cvm-statistic": tried(lambda: cramer_von_mises(a, b)),
        "cvm-enumerated": tried(lambda: cramer_enumerated(a, b)) if len(a) + len(b) <= 12 else None,
        "cvm-permuted": tried(lambda: cramer_permuted(a, b, 40_000, 1)) if len(keys) <= 12 else None,
        "mann-whitney": tried(lambda: pair(stats.mannwhitneyu(b, a))),
        "mannw": tried(lambda: stats.mannwhitneyu(a, b, alternative="less").pvalue),
        "dominance": tried(lambda: dominance(a, b)) if min(len(a), len(b)) > 1 and len(a) * len(b) < 500_000 else None,
        "t": tried(lambda: pair(stats.ttest_ind(b, a))),
        "welch": tried(lambda: pair(stats.ttest_ind(b, a, equal_var=False))),
        "cohen": tried(lambda: cohen(a, b)),
        "epps-singleton": tried(lambda: pair(stats.epps_singleton_2samp(a, b))),
        "evidently-wasserstein": tried(lambda: stats.wasserstein_distance(a, b) / max(a.std(), 0.001)),
        "evidently-hellinger": tried(lambda: evidently_hellinger(a, b)),
        "evidently-chisquare": tried(lambda: stats.chisquare(table[1], table[0] * len(b) / len(a)).pvalue) if table is not None else None,
        "evidently-z": tried(lambda: two_proportions((a != keys[0]).sum(), len(a), (b != keys[0]).sum(), len(b))),
    }
    result.update({"evidently-" + name: value for name, value in evidently_shares(p, q).items()})
    result.update({"nannyml-" + name: value for name, value in nannyml(a, b).items()})
    return result


def fisher_enumerated(table):
    """Over all tables with the same totals, more than two columns."""
    both, n = table.sum(axis=0), table[0].sum()
    def log_chance(row):
        return sum(math.lgamma(c + 1) - math.lgamma(r + 1) - math.lgamma(c - r + 1) for r, c in zip(row, both))
    observed, least, total = log_chance(table[0]) + 1e-7, 0.0, 0.0
    for head in itertools.product(*[range(c + 1) for c in both[:-1]]):
        last = n - sum(head)
        if 0 <= last <= both[-1]:
            chance = math.exp(log_chance((*head, last)))
            total += chance
            least += chance if log_chance((*head, last)) <= observed else 0
    return least / total


def variation_permuted(table):
    """Two columns: the permutation p-value of total variation is a sum over the hypergeometric distribution."""
    n, m, k = table[0].sum(), table[1].sum(), table[:, 0].sum()
    x = np.arange(max(0, k - m), min(k, n) + 1)
    gap = np.abs(x * m - (k - x) * n)
    return stats.hypergeom.pmf(x, n + m, k, n)[gap >= abs(table[0][0] * m - table[1][0] * n)].sum()


def categorical(case):
    table = np.array([case["a"], case["b"]])
    p, q = table[0] / table[0].sum(), table[1] / table[1].sum()
    small = table.shape[1] > 2 and table.sum() <= 60
    result = {
        "chi2": tried(lambda: stats.chi2_contingency(table, correction=False)[:2]),
        "g": tried(lambda: stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[:2]),
        "yates": tried(lambda: stats.chi2_contingency(table)[:2]),
        "fisher": tried(lambda: stats.fisher_exact(table)[1]) if table.shape[1] == 2 else tried(lambda: fisher_enumerated(table)) if small else None,
        "tvd": tried(lambda: np.abs(p - q).sum() / 2),
        "tvd-permuted": tried(lambda: variation_permuted(table)) if table.shape[1] == 2 else None,
        "js": tried(lambda: jensenshannon(p, q, base=2)),
        "hellinger": tried(lambda: math.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2)),
        "evidently-chisquare": tried(lambda: stats.chisquare(table[1], table[0] * table[1].sum() / table[0].sum()).pvalue),
        "evidently-z": tried(lambda: two_proportions(table[0][1:].sum(), table[0].sum(), table[1][1:].sum(), table[1].sum())),
        "evidently-g_test": tried(lambda: stats.power_divergence(table[1], table[0] * table[1].sum() / table[0].sum(), lambda_="log-likelihood").pvalue),
        "evidently-hellinger": tried(lambda: math.sqrt(1 - min(1, np.sqrt(p * q).sum()))),
    }
    result.update({"evidently-" + name: value for name, value in evidently_shares(p, q).items()})
    return result


def student(case):
    return {"p": tried(lambda: 2 * stats.t.sf(case["t"], case["df"]))}


def limit(case):
    """P(W² ≥ x) of the Cramér-von Mises limit from its first 400 weights by Imhof's integral."""
    from scipy.integrate import quad
    weights = 1 / (np.pi * np.arange(1, 401)) ** 2
    rest = 1 / 6 - weights.sum()
    def f(u):
        angle = 0.5 * np.arctan(weights * u).sum() - 0.5 * (case["x"] - rest) * u
        return math.sin(angle) / (u * np.exp(0.25 * np.log1p((weights * u) ** 2).sum()))
    return {"p": [0.5 + quad(f, 0, 4000, limit=2000, epsabs=1e-11)[0] / math.pi]}


kinds = {"numeric": numeric, "categorical": categorical, "student": student, "limit": limit}
print(json.dumps([kinds[case["kind"]](case) for case in json.load(sys.stdin)]))
