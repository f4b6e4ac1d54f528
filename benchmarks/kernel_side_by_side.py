"""Our kernel and ipykernel in one run: ratios, since the machine's speed differs from day to day.

Usage: /usr/bin/python3 benchmarks/kernel_side_by_side.py PATH/TO/workbench [CELLS]
The executable is a published one (dotnet publish src/Workbench.Host -c Release), which is compiled ahead of time.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

folder = tempfile.mkdtemp()
os.environ["JUPYTER_PATH"] = folder + os.pathsep + os.environ.get("JUPYTER_PATH", "")
from jupyter_client.manager import start_new_kernel  # noqa: E402  reads JUPYTER_PATH


def install(workbench):
    """Installs the kernel as a user does, under a name of its own."""
    kernels = os.path.join(folder, "kernels")
    subprocess.run([workbench, "kernel", "install", "--folder", kernels], check=True, stdout=subprocess.DEVNULL)
    os.rename(os.path.join(kernels, "workbench-csharp"), os.path.join(kernels, "workbench-bench"))


def run(client, code):
    """Seconds from the request to the kernel's idle message."""
    start = time.perf_counter()
    request = client.execute(code, store_history=True)
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "error":
            raise RuntimeError(message["content"]["evalue"])
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    client.get_shell_msg(timeout=10)
    return time.perf_counter() - start


def complete(client, code):
    start = time.perf_counter()
    client.complete(code, len(code))
    while client.get_shell_msg(timeout=120)["msg_type"] != "complete_reply":
        pass
    return time.perf_counter() - start


def memory_mb(manager):
    with open(f"/proc/{manager.provisioner.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def start(name):
    begin = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=name)
    run(client, "1+1")
    return manager, client, time.perf_counter() - begin


def stop(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def measure(name, declare, cells):
    starts = []
    for _ in range(3):
        manager, client, seconds = start(name)
        starts.append(seconds)
        stop(manager, client)
    manager, client, seconds = start(name)
    starts.append(seconds)
    time.sleep(8)  # completion is prepared in the background
    result = {"start to first result (s)": statistics.median(starts)}
    for _ in range(20):
        run(client, "1+1")
    result["warm 1+1, median (ms)"] = 1000 * statistics.median(run(client, "1+1") for _ in range(50))
    begin = time.perf_counter()
    declared = [run(client, declare.format(i)) for i in range(cells // 2)]
    for i in range(cells // 2):
        run(client, "1+1")
    result[f"{cells} cells (s)"] = time.perf_counter() - begin
    result["memory after them (MiB)"] = memory_mb(manager)
    tenth = max(1, len(declared) // 5)
    result["declaring cells, last fifth / first fifth"] = statistics.median(declared[-tenth:]) / statistics.median(declared[:tenth])
    completed = "Console.WriteLi" if name != "python3" else "str.capital"
    complete(client, completed)
    result["completion, median (ms)"] = 1000 * statistics.median(complete(client, completed) for _ in range(20))
    stop(manager, client)
    return result


def main():
    install(os.path.abspath(sys.argv[1]))
    cells = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    ours = measure("workbench-bench", "var v{0} = {0}; v{0}", cells)
    theirs = measure("python3", "v{0} = {0}; v{0}", cells)
    print(f"{'':45}{'workbench':>12}{'ipykernel':>12}{'ratio':>8}")
    for name, value in ours.items():
        print(f"{name:45}{value:12.2f}{theirs[name]:12.2f}{value / theirs[name]:8.2f}")


if __name__ == "__main__":
    main()
