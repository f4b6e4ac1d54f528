"""What jupyter-kernel-test leaves out: stdin, queued cells after an error, comms, early interrupt, a dead parent."""
import os
import signal
import subprocess
import sys
import time

from jupyter_client.manager import start_new_kernel


def text_of(client, request, kind="stream", limit=30):
    """The text of the outputs of one request, until the kernel is idle again."""
    seen = ""
    while True:
        message = client.get_iopub_msg(timeout=limit)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == kind:
            content = message["content"]
            seen += content.get("text") or content.get("data", {}).get("text/plain", "")
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return seen


def reply_of(client, request, limit=30):
    while True:
        message = client.get_shell_msg(timeout=limit)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def check_stdin(client):
    request = client.execute('var name = input("who? "); var secret = password("key? "); name + secret + Console.ReadLine()', allow_stdin=True)
    prompts = []
    for answer in ("a", "b", "c"):
        question = client.get_stdin_msg(timeout=30)["content"]
        prompts.append((question["prompt"], question["password"]))
        client.input(answer)
    assert text_of(client, request, "execute_result") == "abc"
    assert prompts == [("who? ", False), ("key? ", True), ("", False)], prompts


def check_abort(client):
    first = client.execute('await Task.Delay(300); throw new Exception("x");')
    queued = [client.execute(f"Console.WriteLine({i});") for i in range(3)]
    assert reply_of(client, first)["status"] == "error"
    assert [reply_of(client, one)["status"] for one in queued] == ["aborted"] * 3
    assert reply_of(client, client.execute("1"))["status"] == "ok"
    first = client.execute('await Task.Delay(300); throw new Exception("x");', stop_on_error=False)
    second = client.execute("1")
    assert reply_of(client, first)["status"] == "error" and reply_of(client, second)["status"] == "ok"


def check_user_expressions(client):
    reply = reply_of(client, client.execute("var u = 20;", user_expressions={"twice": "u * 2", "bad": "nothing"}))
    assert reply["user_expressions"]["twice"]["data"]["text/plain"] == "40", reply
    assert reply["user_expressions"]["bad"]["status"] == "error", reply


def check_comm(client):
    message = client.session.msg("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
    client.shell_channel.send(message)
    while True:
        answer = client.get_iopub_msg(timeout=30)
        if answer["msg_type"] == "comm_close" and answer["content"]["comm_id"] == "c1":
            return


def check_early_interrupt(manager, client):
    """An interrupt that overtakes its cell is not lost."""
    client.execute("await Task.Delay(400);")
    request = client.execute("await Task.Delay(-1);")
    started = time.time()
    time.sleep(0.1)  # the first cell runs, the second waits
    manager.interrupt_kernel()
    assert reply_of(client, request)["status"] in ("error", "aborted")
    assert time.time() - started < 10


def check_dead_parent():
    """A kernel whose front end was killed ends by itself."""
    front_end = subprocess.Popen(
        [sys.executable, "-c", "from jupyter_client.manager import start_new_kernel; import time\n"
         "m, c = start_new_kernel(kernel_name='workbench-csharp'); print(m.provisioner.pid, flush=True); time.sleep(600)"],
        stdout=subprocess.PIPE, text=True)
    kernel = int(front_end.stdout.readline())
    front_end.send_signal(signal.SIGKILL)
    front_end.wait()
    deadline = time.time() + 15
    while time.time() < deadline:
        try:
            with open(f"/proc/{kernel}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] in ("Z", "X"):
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    os.kill(kernel, signal.SIGKILL)
    raise AssertionError("the kernel outlived its front end by 15 s")


def main():
    manager, client = start_new_kernel(kernel_name="workbench-csharp")
    try:
        for check in (check_stdin, check_abort, check_user_expressions, check_comm):
            check(client)
            print("ok", check.__name__)
        check_early_interrupt(manager, client)
        print("ok check_early_interrupt")
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not manager.has_kernel or not manager.is_alive()
    check_dead_parent()
    print("ok check_dead_parent")


if __name__ == "__main__":
    main()
