"""Our training loop and PyTorch in one run: ratios, since the machine's speed differs from day to day.

Usage: /usr/bin/python3 benchmarks/training_side_by_side.py [ROUNDS]
Needs Debian's python3-torch and libopenblas0-pthread (the reference BLAS makes PyTorch fifteen times slower), and
`dotnet build benchmarks/Workbench.Benchmarks -c Release` before.
"""
import glob
import json
import os
import statistics
import subprocess
import sys
import time

SECONDS = 4


def ours(workload, threads, *options):
    program = glob.glob("artifacts/bin/Workbench.Benchmarks/release*/Workbench.Benchmarks")[0]
    arguments = [program, "training", workload, "--threads", str(threads), "--seconds", str(SECONDS), *options]
    return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


def theirs(workload, threads):
    """The same in a process of its own, so that its threads are as many as asked for."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    return json.loads(subprocess.run([sys.executable, __file__, "--pytorch", workload, str(threads)],
                                     check=True, capture_output=True, text=True, env=environment).stdout)


def pytorch(workload, threads):
    import torch
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    return {"mlp": mlp, "parquet": loader, "gpt": gpt}[workload](torch)


def measured(step, rows):
    """Median rows a second over blocks of steps, after a second of warming up."""
    begin, rates = time.perf_counter(), []
    while time.perf_counter() - begin < 1 + SECONDS:
        start, steps = time.perf_counter(), 0
        while steps < 100 and time.perf_counter() - start < 1:
            step()
            steps += 1
        if start - begin > 1:
            rates.append(steps * rows / (time.perf_counter() - start))
    return {"rows_per_second": statistics.median(rates)}


def mlp(torch):
    nn = torch.nn
    net = nn.Sequential(nn.Linear(20, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 2))
    optimizer = torch.optim.AdamW(net.parameters())
    x, y = torch.randn(200_000, 20), torch.randint(0, 2, (200_000,))
    state = {"order": torch.randperm(len(x)), "at": 0}
    shuffled = [x[state["order"]], y[state["order"]]]

    def step():
        if state["at"] + 1024 > len(x):
            order = torch.randperm(len(x))
            shuffled[0], shuffled[1], state["at"] = x[order], y[order], 0
        at = state["at"]
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(net(shuffled[0][at:at + 1024]), shuffled[1][at:at + 1024]).backward()
        optimizer.step()
        state["at"] = at + 1024
    return measured(step, 1024)


def loader(torch):
    """PyTorch's DataLoader over rows that are in memory already, which is kinder to it than a file; the best of 0 and 2 workers."""
    from torch.utils.data import DataLoader, TensorDataset
    data = TensorDataset(torch.rand(100_000, 20), torch.randint(0, 2, (100_000,)))
    best = 0
    for workers in (0, 2):
        rows, begin = 0, time.perf_counter()
        for x, _ in DataLoader(data, batch_size=256, shuffle=True, num_workers=workers):
            rows += len(x)
            if time.perf_counter() - begin > SECONDS:
                break
        best = max(best, rows / (time.perf_counter() - begin))
    return {"rows_per_second": best}


def gpt(torch):
    """The GPT-2 layout: 4 layers of width 128, 4 heads, context 128, 256 tokens, batches of 16."""
    nn, functional = torch.nn, torch.nn.functional
    width, heads, context, tokens = 128, 4, 128, 256
    mask = torch.triu(torch.full((context, context), float("-inf")), 1)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.c_fc, self.c_out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x):
            b, t, c = x.shape
            q, k, v = (part.view(b, t, heads, c // heads).transpose(1, 2) for part in self.c_attn(self.ln_1(x)).split(c, 2))
            seen = functional.softmax(q @ k.transpose(-2, -1) * (c // heads) ** -0.5 + mask[:t, :t], -1) @ v
            x = x + self.c_proj(seen.transpose(1, 2).reshape(b, t, c))
            return x + self.c_out(functional.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte, self.wpe = nn.Embedding(tokens, width), nn.Embedding(context, width)
            self.h, self.ln_f = nn.Sequential(*(Block() for _ in range(4))), nn.LayerNorm(width)

        def forward(self, ids):
            x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
            return self.ln_f(self.h(x)) @ self.wte.weight.T

    model = Model()
    optimizer = torch.optim.AdamW(model.parameters())
    ids = torch.randint(0, tokens, (512, context + 1))
    state = {"at": 0}

    def step():
        at = state["at"] = (state["at"] + 16) % 512
        batch = ids[at:at + 16]
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(model(batch[:, :-1]).reshape(-1, tokens), batch[:, 1:].reshape(-1)).backward()
        optimizer.step()
    return measured(step, 16)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{'workload':34}{'ours/s':>12}{'PyTorch/s':>12}{'ratio':>8}   ratios of {rounds} rounds")
    for threads in (1, 2):
        for workload, options, name in (
                ("mlp", (), "MLP rows"), ("mlp", ("--engine", "flat"), "MLP rows, flat"), ("mlp", ("--engine", "builtin"), "MLP rows, builtin"),
                ("gpt", (), "GPT windows of 128 tokens"), ("gpt", ("--precision", "bfloat16"), "GPT windows, bf16 autocast"),
                ("parquet", (), "batches from Parquet, rows")):
            # One after the other, again and again, so that a busy moment meets both.
            pairs = [(ours(workload, threads, *options)["rows_per_second"], theirs(workload, threads)["rows_per_second"]) for _ in range(rounds)]
            ratios = sorted(a / b for a, b in pairs)
            print(f"{name + f', {threads} thread' + 's' * (threads > 1):34}{statistics.median(a for a, _ in pairs):12,.0f}{statistics.median(b for _, b in pairs):12,.0f}"
                  f"{statistics.median(ratios):8.2f}   {', '.join(f'{ratio:.2f}' for ratio in ratios)}", flush=True)
    memory = ours("memory", 1)
    print(f"resident memory after 10,000 and 30,000 steps: {memory['first_mib']:.0f} and {memory['last_mib']:.0f} MiB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pytorch"]:
        print(json.dumps(pytorch(sys.argv[2], int(sys.argv[3]))))
    else:
        main()
