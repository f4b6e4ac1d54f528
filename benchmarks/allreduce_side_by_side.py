#!/usr/bin/python3
"""Bandwidth of an all-reduce beside MPI_Allreduce called from C, 2 ranks on one host.

    allreduce_side_by_side.py PROGRAM [REPETITIONS] [MEGABYTES]

PROGRAM is a built Workbench.Benchmarks. Both sum float32 over the ranks, in turns and under the same mpirun; C in place and
into another buffer. One run's figure is the median of 9 all-reduces; the table has medians over REPETITIONS (default 5) runs,
and of the ratios of ours to the faster of C's two within a repetition. MEGABYTES is 100 by default. Run it on an otherwise
idle machine with 2 cores or more. Needs mpirun (openmpi-bin) and mpicc (libopenmpi-dev, gcc).
"""
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TIMES = "9"


def gigabytes_per_second(command):
    root = ["--allow-run-as-root"] if os.getuid() == 0 else []
    line = ["mpirun", *root, "--bind-to", "none", "--oversubscribe", "--mca", "mpi_yield_when_idle", "1", "-np", "2", *command]
    env = dict(os.environ, OMP_NUM_THREADS="1", TERM="dumb")
    return float(subprocess.run(line, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1])


def main():
    program = sys.argv[1]
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    size = str(int(sys.argv[3]) * 1_000_000 if len(sys.argv) > 3 else 100_000_000)
    with tempfile.TemporaryDirectory() as folder:
        raw = f"{folder}/allreduce"
        subprocess.run(["mpicc", "-O2", "-o", raw, str(Path(__file__).with_name("allreduce.c"))], check=True)
        commands = {
            "workbench": [program, "distributed", "allreduce", size, TIMES],
            "MPI in place": [raw, size, TIMES, "in-place"],
            "MPI into another buffer": [raw, size, TIMES, "separate"],
        }
        runs = [{name: gigabytes_per_second(command) for name, command in commands.items()} for _ in range(repetitions)]
    for name in commands:
        print(f"{name} | {statistics.median(run[name] for run in runs):.2f} GB/s")
    ratio = statistics.median(run["workbench"] / max(run["MPI in place"], run["MPI into another buffer"]) for run in runs)
    print(f"ratio | {ratio:.2f} (asked: 0.90 or more)")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
