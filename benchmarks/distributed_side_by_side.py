#!/usr/bin/python3
"""Data-parallel training beside PyTorch's DistributedDataParallel with gloo, on one host.

    distributed_side_by_side.py PROGRAM [REPETITIONS]

PROGRAM is a built Workbench.Benchmarks. Both train the same networks with SGD on random rows, 2 ranks of 1 thread and 1 rank
of 1 thread, in turns; medians over REPETITIONS (default 5). Run it on an otherwise idle machine with 2 cores or more.
Needs mpirun (openmpi-bin) and Debian's python3-torch.
"""
import os
import statistics
import subprocess
import sys
import time

CASES = {"cnn": (180, 64), "mlp": (60, 32)}  # steps, rows a rank


def train(name, steps, batch):
    """One rank of PyTorch; rank 0 prints rows a second of all ranks."""
    import torch
    import torch.distributed as dist
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(1)
    size = int(os.environ["WORLD_SIZE"])
    rank = int(os.environ["RANK"])
    if name == "cnn":
        network = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10))
        inputs = torch.randn(batch * 16, 1, 28, 28)
    else:
        network = nn.Sequential(nn.Linear(784, 2048), nn.ReLU(), nn.Linear(2048, 2048), nn.ReLU(), nn.Linear(2048, 10))
        inputs = torch.randn(batch * 16, 784)
    targets = torch.randint(10, (batch * 16,))
    model = network
    if size > 1:
        dist.init_process_group("gloo")
        model = nn.parallel.DistributedDataParallel(network)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
    rates = []
    for part in range(6):
        began = time.perf_counter()
        for step in range(steps // 6):
            at = step % 16 * batch
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs[at:at + batch]), targets[at:at + batch]).backward()
            optimizer.step()
        rates.append(steps // 6 * batch * size / (time.perf_counter() - began))
    if rank == 0:
        print(f"{sorted(rates[1:])[2]:.1f}")


def pytorch(name, steps, batch, size):
    ranks = []
    for rank in range(size):
        env = dict(os.environ, RANK=str(rank), WORLD_SIZE=str(size), MASTER_ADDR="127.0.0.1", MASTER_PORT="29731", OMP_NUM_THREADS="1", GLOO_SOCKET_IFNAME="lo")
        ranks.append(subprocess.Popen([sys.executable, __file__, "--rank", name, str(steps), str(batch)], env=env, stdout=subprocess.PIPE, text=True))
    printed = [rank.communicate()[0] for rank in ranks]
    return float(printed[0])


def workbench(program, name, steps, batch, size):
    env = dict(os.environ, OMP_NUM_THREADS="1", TERM="dumb")
    root = ["--allow-run-as-root"] if os.getuid() == 0 else []
    line = ["mpirun", *root, "--bind-to", "none", "--oversubscribe", "--mca", "mpi_yield_when_idle", "1", "-np", str(size), program, "distributed", name, str(steps), str(batch)]
    return float(subprocess.run(line, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1])


def main():
    program = sys.argv[1]
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print("network | ranks | workbench rows/s | PyTorch rows/s | ratio")
    for name, (steps, batch) in CASES.items():
        median = {}
        for size in (1, 2):
            pairs = [(workbench(program, name, steps, batch, size), pytorch(name, steps, batch, size)) for _ in range(repetitions)]
            median[size] = [statistics.median(values) for values in zip(*pairs)]
            ratio = statistics.median(ours / theirs for ours, theirs in pairs)
            print(f"{name} | {size} | {median[size][0]:.0f} | {median[size][1]:.0f} | {ratio:.2f}", flush=True)
        print(f"{name} | efficiency | {median[2][0] / median[1][0] / 2:.2f} | {median[2][1] / median[1][1] / 2:.2f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--rank"]:
        train(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif len(sys.argv) < 2:
        sys.exit(__doc__)
    else:
        main()
