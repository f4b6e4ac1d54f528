"""Our drift comparison, a bare DuckDB scan of the same columns, and Evidently's tests on the same rows, in one run.

Usage: /usr/bin/python3 benchmarks/drift_side_by_side.py [--evidently FOLDER] [--rounds N] [--rows N] [--folder FOLDER] [--slopes] [--text] [--wide]
  --evidently  a checkout of github.com/evidentlyai/evidently. Its drift tests are loaded from src/evidently/legacy/calculations/
               stattests as they are; the package around them needs more than Debian has, so two stand-ins take the place of
               its registry and its column types. Without it scipy does the same statistics.
  --slopes     time against rows and columns, with the slope
  --text       the same rows as CSV, long (1M x 25) and wide (20,000 x 1,000)
  --wide       10M + 10M rows x 1,000 columns (needs 3 GB of disk and an hour)
Needs Debian's python3-pandas and python3-scipy, and `dotnet build benchmarks/Workbench.Benchmarks -c Release` before.
The rows come from a hash, so every run has the same; --folder keeps them.
"""
import argparse
import enum
import glob
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types
import warnings

TESTS = {"numeric": ["ks_stattest:_ks_stat_test", "wasserstein_distance_norm:_wasserstein_distance_norm", "psi:_psi", "jensenshannon:_jensenshannon"],
         "categorical": ["psi:_psi", "chisquare_stattest:_chi_stat_test", "jensenshannon:_jensenshannon"]}


def ours(what, *arguments, watch=False):
    program = glob.glob("artifacts/bin/Workbench.Benchmarks/release*/Workbench.Benchmarks")[0]
    done = subprocess.run([program, "drift", what, *map(str, arguments)], check=True, stdout=subprocess.PIPE, stderr=None if watch else subprocess.PIPE, text=True)
    return json.loads(done.stdout) if done.stdout.strip() else None


def theirs(folder, evidently):
    """In a process of its own: time and memory of the tests without the loading."""
    done = subprocess.run([sys.executable, __file__, "--peer", folder, evidently or ""], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def peer(folder, evidently):
    import pandas
    warnings.filterwarnings("ignore")
    frames = [pandas.read_csv(f"{folder}/{side}.csv") for side in ("reference", "current")]
    tests = evidently_tests(evidently) if evidently else scipy_tests()
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")  # the high-water mark begins anew, at the loaded rows
    begin = time.perf_counter()
    for column in frames[0]:
        reference, current = (frame[column].dropna() for frame in frames)
        kind = "numeric" if reference.dtype.kind in "if" else "categorical"
        for test in tests[kind]:
            test(reference, current, kind)
    seconds = time.perf_counter() - begin
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "by": "Evidently" if evidently else "scipy"}))


def evidently_tests(checkout):
    """Evidently's own functions, called as its registry calls them."""
    base = "evidently.legacy.calculations.stattests"
    kinds = enum.Enum("ColumnType", {"Numerical": "num", "Categorical": "cat", "Text": "text", "Datetime": "datetime", "Date": "date", "Id": "id", "Unknown": "unknown", "List": "list"})
    for name in ("evidently", "evidently.legacy", "evidently.legacy.calculations", base):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["evidently.legacy.core"] = types.SimpleNamespace(ColumnType=kinds)
    sys.modules[base + ".registry"] = types.SimpleNamespace(StatTest=lambda **settings: settings, register_stattest=lambda *_, **__: None)

    def load(name):
        spec = importlib.util.spec_from_file_location(f"{base}.{name}", f"{checkout}/src/evidently/legacy/calculations/stattests/{name}.py")
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    load("utils")

    def call(name):
        module, function = name.split(":")
        found = getattr(load(module), function)
        return lambda reference, current, kind: found(reference, current, kinds.Numerical if kind == "numeric" else kinds.Categorical, 0.1)
    return {kind: [call(name) for name in names] for kind, names in TESTS.items()}


def scipy_tests():
    import numpy
    import pandas
    from scipy import stats
    from scipy.spatial import distance

    def shares(reference, current, kind):
        if kind == "numeric":
            edges = numpy.histogram_bin_edges(pandas.concat([reference, current]), "sturges")
            return [numpy.histogram(side, edges)[0] / len(side) for side in (reference, current)]
        keys = sorted(set(reference.unique()) | set(current.unique()))
        return [side.value_counts().reindex(keys).fillna(0).to_numpy() / len(side) for side in (reference, current)]

    def psi(reference, current, kind):
        p, q = (numpy.maximum(side, 1e-4) for side in shares(reference, current, kind))
        return ((q - p) * numpy.log(q / p)).sum()

    def chi2(reference, current, kind):
        p, q = shares(reference, current, kind)
        return stats.chisquare(q[p > 0] / q[p > 0].sum() * len(current), p[p > 0] * len(current))

    def js(reference, current, kind):
        return distance.jensenshannon(*shares(reference, current, kind))
    return {"numeric": [lambda a, b, _: stats.ks_2samp(a, b), lambda a, b, _: stats.wasserstein_distance(a, b) / a.std(), psi, js], "categorical": [psi, chi2, js]}


def rounds(count, *jobs):
    """Each job once a round, one after the other, so that a busy moment meets all; medians."""
    results = [[job() for job in jobs] for _ in range(count)]
    return [{**results[0][i], "seconds": statistics.median(r[i]["seconds"] for r in results), "peak_mb": max(r[i]["peak_mb"] for r in results)} for i in range(len(jobs))]


def side_by_side(folder, arguments):
    sides = f"{folder}/reference", f"{folder}/current"
    ours("generate", folder, "--rows", arguments.rows, "--columns", 25, "--csv", "yes")
    floor, exact, sketch, decide = rounds(arguments.rounds, *(lambda what=what: ours(what, *sides) for what in ("floor", "exact", "sketch", "decide")))
    them = theirs(folder, arguments.evidently)
    print(f"{arguments.rows:,} + {arguments.rows:,} rows x 25 columns, median of {arguments.rounds} rounds ({them['by']}: one)")
    print(f"{'':10}{'seconds':>9}{'peak MB':>9}{'x floor':>9}{'of ' + them['by'] + ' time':>20}{'memory':>9}")
    for name, one in (("floor", floor), ("exact", exact), ("sketch", sketch), ("decide", decide), (them["by"], them)):
        print(f"{name:10}{one['seconds']:9.2f}{one['peak_mb']:9.0f}{one['seconds'] / floor['seconds']:9.2f}{'1/' + format(them['seconds'] / one['seconds'], '.0f'):>20}{'1/' + format(them['peak_mb'] / one['peak_mb'], '.1f'):>9}", flush=True)


def slopes(folder, arguments):
    """Seconds against size, and the slope of log(seconds) over log(size) between the smallest and the largest: 1 is linear."""
    import math
    for name, sizes in (("rows", [(500_000, 25), (1_000_000, 25), (2_000_000, 25), (4_000_000, 25)]), ("columns", [(500_000, 25), (500_000, 50), (500_000, 100), (500_000, 200)])):
        points = []
        for rows, columns in sizes:
            place = f"{folder}/{rows}-{columns}"
            ours("generate", place, "--rows", rows, "--columns", columns)
            points.append([rows, columns] + [one["seconds"] for one in rounds(arguments.rounds, *(lambda what=what: ours(what, f"{place}/reference", f"{place}/current") for what in ("floor", "sketch", "decide", "exact")))])
            print(f"{rows:>11,} rows x {columns:>5,} columns: floor {points[-1][2]:6.2f} s, sketch {points[-1][3]:6.2f} s, decide {points[-1][4]:6.2f} s, exact {points[-1][5]:6.2f} s", flush=True)
            subprocess.run(["rm", "-r", place], check=True)
        axis = 0 if name == "rows" else 1
        span = math.log(points[-1][axis] / points[0][axis])
        print(f"slope over {name}: " + ", ".join(f"{what} {math.log(points[-1][i] / points[0][i]) / span:.2f}" for i, what in ((2, "floor"), (3, "sketch"), (4, "decide"), (5, "exact"))), flush=True)


def text(folder, arguments):
    for name, rows, columns in (("long", 1_000_000, 25), ("wide", 20_000, 1_000)):
        place = f"{folder}/{name}"
        ours("generate", place, "--rows", rows, "--columns", columns, "--csv", "yes")
        sides = f"{place}/reference.csv", f"{place}/current.csv"
        size = sum(os.path.getsize(side) for side in sides) / 2**20
        # The columns' names are read from the Parquet file beside the text.
        parquet, csv = rounds(arguments.rounds, lambda: ours("decide", f"{place}/reference", f"{place}/current"), lambda: ours("decide", *sides))
        print(f"CSV {name} ({rows:,} + {rows:,} rows x {columns:,} columns, {size:,.0f} MB): {csv['seconds']:.2f} s, {csv['peak_mb']:.0f} MB; Parquet {parquet['seconds']:.2f} s, {parquet['peak_mb']:.0f} MB", flush=True)
        subprocess.run(["rm", "-r", place], check=True)


def wide(folder, arguments):
    """500,000 rows a side as one file, and 19 hard links to it: 10M rows a side to whoever reads them."""
    place = f"{folder}/wide"
    if not os.path.exists(f"{place}/current/19.parquet"):
        ours("generate", place, "--rows", 500_000, "--columns", 1_000, "--links", 20)
    sides = f"{place}/reference", f"{place}/current"
    limit = ["--memory", 4 * 2**30 * 3 // 4]
    result = ours(arguments.precision, *sides, *limit, "--progress", "yes", watch=True)
    print(json.dumps(result), flush=True)
    floor = ours("floor", *sides)
    print(f"10M + 10M rows x 1,000 columns, {arguments.precision}: {result['seconds']:,.0f} s, {result['peak_mb']:,.0f} MB; floor {floor['seconds']:,.0f} s; ratio {result['seconds'] / floor['seconds']:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--evidently")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder")
    parser.add_argument("--precision", default="decide")
    for part in ("slopes", "text", "wide"):
        parser.add_argument("--" + part, action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or temporary
        if arguments.slopes:
            slopes(folder, arguments)
        if arguments.text:
            text(folder, arguments)
        if arguments.wide:
            wide(folder, arguments)
        if not (arguments.slopes or arguments.text or arguments.wide):
            side_by_side(folder, arguments)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[2], sys.argv[3])
    else:
        main()
