"""Our drift comparison, a bare DuckDB scan of the same columns, and Evidently's tests on the same rows, in one run.

Usage: /usr/bin/python3 benchmarks/drift_side_by_side.py [--evidently FOLDER] [--rounds N] [--rows N] [--folder FOLDER] [--slopes] [--figure FILE] [--text] [--wide]
  --evidently  a checkout of github.com/evidentlyai/evidently: its DataDriftPreset is run on the same rows (0.7.21 was). Needs
               python3-{sklearn,plotly,pydantic,statsmodels,nltk,ujson,fsspec,typing-inspect,typer,rich,deprecation,dynaconf}.
               Without it pandas and scipy compute four statistics a number and three a category, as our side does.
  --slopes     processor seconds against rows and columns, with the slope; --figure draws them (SVG)
  --text       the same rows as CSV, long (1M x 25) and wide (20,000 x 1,000)
  --wide       10M + 10M rows x 1,000 columns (needs 2 GB of disk, and half an hour on two cores); --links 6 makes it 3M + 3M
Needs Debian's python3-pandas and python3-scipy, and `dotnet publish benchmarks/Workbench.Benchmarks -c Release` before: compiled ahead
of time, as the program that users have.
The rows come from a hash, so every run has the same; --folder keeps them.
"""
import argparse
import glob
import importlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types
import uuid
import warnings


def ours(what, *arguments, watch=False):
    programs = glob.glob("artifacts/publish/Workbench.Benchmarks/release*/Workbench.Benchmarks")
    if not programs:
        sys.exit("No published benchmark below artifacts/publish. Run: dotnet publish benchmarks/Workbench.Benchmarks -c Release")
    done = subprocess.run([programs[0], "drift", what, *map(str, arguments)], check=True, stdout=subprocess.PIPE, stderr=None if watch else subprocess.PIPE, text=True)
    return json.loads(done.stdout) if done.stdout.strip() else None


def theirs(folder, evidently):
    """In a process of its own: time of the comparison without the loading, and the most memory since."""
    done = subprocess.run([sys.executable, __file__, "--peer", folder, evidently or ""], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def peer(folder, evidently):
    import pandas
    warnings.filterwarnings("ignore")
    frames = [pandas.read_csv(f"{folder}/{side}.csv") for side in ("reference", "current")]
    compare = evidently_preset(evidently) if evidently else scipy_preset()
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")  # the high-water mark begins anew, at the loaded rows
    begin, processor = time.perf_counter(), time.process_time()
    compare(*frames)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": processor, "peak_mb": peak, "by": "Evidently" if evidently else "scipy"}))


def evidently_preset(checkout):
    """Evidently's DataDriftPreset as its users run it: one test a column, with the figures of its report."""
    package = types.ModuleType("evidently")  # without what the package's own start imports: a web server and its storage
    package.__path__ = [f"{checkout}/src/evidently"]
    identifiers = types.ModuleType("uuid6")  # not in Debian; names snapshots, which this has none of
    identifiers.uuid7 = uuid.uuid4
    identifiers.UUID = lambda int=None, version=None, **named: uuid.UUID(int=int, **named)
    sys.modules.update({"evidently": package, "uuid6": identifiers})
    importlib.import_module("evidently.descriptors")  # first, or its modules import each other in a circle
    report = importlib.import_module("evidently.legacy.report").Report
    preset = importlib.import_module("evidently.legacy.metric_preset").DataDriftPreset

    def run(reference, current):
        made = report(metrics=[preset()])
        made.run(reference_data=reference, current_data=current)
        return made.as_dict()
    return run


def scipy_preset():
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
    tests = {"numeric": [lambda a, b, _: stats.ks_2samp(a, b), lambda a, b, _: stats.wasserstein_distance(a, b) / a.std(), psi, js], "categorical": [psi, chi2, js]}

    def run(*frames):
        for column in frames[0]:
            reference, current = (frame[column].dropna() for frame in frames)
            kind = "numeric" if reference.dtype.kind in "if" else "categorical"
            for test in tests[kind]:
                test(reference, current, kind)
    return run


def rounds(count, *jobs):
    """Each job once a round, one after the other, so that a busy moment meets all; medians."""
    results = [[job() for job in jobs] for _ in range(count)]
    return [{**results[0][i], **{unit: statistics.median(r[i][unit] for r in results) for unit in ("seconds", "cpu_seconds")}, "peak_mb": max(r[i]["peak_mb"] for r in results)} for i in range(len(jobs))]


def side_by_side(folder, arguments):
    sides = f"{folder}/reference", f"{folder}/current"
    ours("generate", folder, "--rows", arguments.rows, "--columns", 25, "--csv", "yes")
    floor, exact, sketch, decide = rounds(arguments.rounds, *(lambda what=what: ours(what, *sides) for what in ("floor", "exact", "sketch", "decide")))
    them = theirs(folder, arguments.evidently)
    print(f"{arguments.rows:,} + {arguments.rows:,} rows x 25 columns, median of {arguments.rounds} rounds ({them['by']}: one)")
    print(f"{'':10}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}{'x floor':>9}{'cpu':>7}{'of ' + them['by'] + ' time':>20}{'cpu':>9}{'memory':>9}")
    for name, one in (("floor", floor), ("exact", exact), ("sketch", sketch), ("decide", decide), (them["by"], them)):
        part = {unit: "1/" + format(them[unit] / one[unit], ".1f") for unit in ("seconds", "cpu_seconds", "peak_mb")}
        print(f"{name:10}{one['seconds']:9.2f}{one['cpu_seconds']:9.2f}{one['peak_mb']:9.0f}{one['seconds'] / floor['seconds']:9.2f}{one['cpu_seconds'] / floor['cpu_seconds']:7.2f}"
              f"{part['seconds']:>20}{part['cpu_seconds']:>9}{part['peak_mb']:>9}", flush=True)


KINDS = "floor", "sketch", "decide", "exact"


def slopes(folder, arguments):
    """Processor seconds against size, and the slope of log(seconds) over log(size) between the smallest and the largest: 1 is linear."""
    panels = []
    for axis, sizes in (("rows", [(250_000, 25), (500_000, 25), (1_000_000, 25), (2_000_000, 25)]), ("columns", [(200_000, 25), (200_000, 50), (200_000, 100), (200_000, 200)])):
        points = []
        for rows, columns in sizes:
            place = f"{folder}/{rows}-{columns}"
            ours("generate", place, "--rows", rows, "--columns", columns)
            found = rounds(arguments.rounds, *(lambda what=what: ours(what, f"{place}/reference", f"{place}/current") for what in KINDS))
            points.append((rows if axis == "rows" else columns, [one["cpu_seconds"] for one in found]))
            print(f"{rows:>11,} rows x {columns:>5,} columns: " + ", ".join(f"{what} {one['cpu_seconds']:.2f} s ({one['seconds']:.2f} elapsed, {one['peak_mb']:.0f} MB)" for what, one in zip(KINDS, found)), flush=True)
            subprocess.run(["rm", "-r", place], check=True)
        span = math.log(points[-1][0] / points[0][0])
        panels.append((axis, points, [math.log(last / first) / span for first, last in zip(points[0][1], points[-1][1])]))
        print(f"slope over {axis}: " + ", ".join(f"{what} {slope:.2f}" for what, slope in zip(KINDS, panels[-1][2])), flush=True)
    if arguments.figure:
        with open(arguments.figure, "w") as figure:
            figure.write(draw(panels))


def draw(panels):
    """Both panels as SVG, logarithmic on both axes: a line of slope 1 is a cost that grows with the size."""
    colours = "#888888", "#0072b2", "#009e73", "#d55e00"  # Okabe and Ito's, which the colour-blind can tell apart
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 330" font-family="sans-serif" font-size="12">', '<rect width="760" height="330" fill="white"/>']
    seconds = [second for _, points, _ in panels for _, all in points for second in all]
    low, high = math.log(min(seconds)) - 0.2, math.log(max(seconds)) + 0.2
    for panel, (axis, points, fits) in enumerate(panels):
        left, first, last = 60 + 380 * panel, math.log(points[0][0]), math.log(points[-1][0])

        def place(size, second):
            return left + 20 + 180 * (math.log(size) - first) / (last - first), 280 - 240 * (math.log(second) - low) / (high - low)
        parts.append(f'<path d="M{left} 40V280H{left + 220}" fill="none" stroke="black"/><text x="{left}" y="25">CPU seconds against {axis}</text>')
        for size, _ in points:
            parts.append(f'<text x="{place(size, 1)[0]:.0f}" y="298" text-anchor="middle">{f"{size / 1e6:g}M" if size >= 1e6 else f"{size:,}"}</text>')
        for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
            if low <= math.log(tick) <= high:
                parts.append(f'<text x="{left - 6}" y="{place(points[0][0], tick)[1] + 4:.0f}" text-anchor="end">{tick}</text>')
        for i, (what, colour) in enumerate(zip(KINDS, colours)):
            spots = [place(size, all[i]) for size, all in points]
            parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
            parts.append(f'<text x="{left + 228}" y="{60 + 18 * i}" fill="{colour}">{what} {fits[i]:.2f}</text>')
        parts.append(f'<text x="{left + 228}" y="{60 + 18 * len(KINDS)}">(slopes)</text><text x="{left + 110}" y="318" text-anchor="middle">{axis}</text>')
    return "\n".join(parts + ["</svg>", ""])


def text(folder, arguments):
    for name, rows, columns in (("long", 1_000_000, 25), ("wide", 20_000, 1_000)):
        place = f"{folder}/{name}"
        ours("generate", place, "--rows", rows, "--columns", columns, "--csv", "yes")
        sides = f"{place}/reference.csv", f"{place}/current.csv"
        size = sum(os.path.getsize(side) for side in sides) / 2**20
        # The columns' names are read from the Parquet file beside the text.
        parquet, csv = rounds(arguments.rounds, lambda: ours("decide", f"{place}/reference", f"{place}/current"), lambda: ours("decide", *sides))
        print(f"CSV {name} ({rows:,} + {rows:,} rows x {columns:,} columns, {size:,.0f} MB): " + "; ".join(
            f"{what} {one['seconds']:.2f} s, {one['cpu_seconds']:.2f} CPU s, {one['peak_mb']:.0f} MB" for what, one in (("CSV", csv), ("Parquet", parquet))), flush=True)
        subprocess.run(["rm", "-r", place], check=True)


def wide(folder, arguments):
    """500,000 rows a side as one file, and hard links to it (19 by default): 10M rows a side to whoever reads them."""
    place = f"{folder}/wide"
    if not os.path.exists(f"{place}/current/{arguments.links - 1}.parquet"):
        ours("generate", place, "--rows", 500_000, "--columns", 1_000, "--links", arguments.links)
    sides = f"{place}/reference", f"{place}/current"
    floor = ours("floor", *sides, "--columns", arguments.columns)
    print(json.dumps(floor), flush=True)
    result = ours(arguments.precision, *sides, "--columns", arguments.columns, "--memory", 3 * 2**30, "--progress", "yes", watch=True)
    print(json.dumps(result), flush=True)
    million = arguments.links / 2
    print(f"{million:g}M + {million:g}M rows x {result['columns']:,} columns, {arguments.precision}: {result['seconds']:,.0f} s, {result['cpu_seconds']:,.0f} CPU s, {result['peak_mb']:,.0f} MB; "
          f"floor {floor['seconds']:,.0f} s, {floor['cpu_seconds']:,.0f} CPU s; ratio {result['seconds'] / floor['seconds']:.2f}, by CPU {result['cpu_seconds'] / floor['cpu_seconds']:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--evidently")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder")
    parser.add_argument("--figure")
    parser.add_argument("--links", type=int, default=20)
    parser.add_argument("--columns", type=int, default=1_000)
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
