"""Opens a notebook on our kernel in the classic Notebook page, in headless Chromium: runs it and looks at what it shows.

Usage: classic_notebook.py NOTEBOOK SCREENSHOT.png
"""
import asyncio
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from tornado.websocket import websocket_connect

CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--window-size=1000,1600"]


def wait_for(find, seconds, what):
    deadline = time.time() + seconds
    while time.time() < deadline:
        found = find()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come within {seconds} s")


def start_notebook(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(os.path.join(folder, "notebook.log"), "w+")
    server = subprocess.Popen(
        ["/usr/bin/python3", "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--NotebookApp.port_retries=0", "--NotebookApp.token=", "--NotebookApp.password=", f"--notebook-dir={folder}"],
        stdout=log, stderr=subprocess.STDOUT)

    def address():
        with open(log.name) as lines:
            return re.search(r"http://127\.0\.0\.1:\d+/", lines.read())
    return server, wait_for(address, 60, "the notebook server").group(0)


def start_chromium(profile):
    browser = subprocess.Popen(["/usr/bin/chromium", *CHROMIUM, f"--user-data-dir={profile}", "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    port_file = os.path.join(profile, "DevToolsActivePort")
    wait_for(lambda: os.path.exists(port_file) and os.path.getsize(port_file), 60, "Chromium")
    with open(port_file) as lines:
        port = lines.readline().strip()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as pages:
        page = next(one for one in json.load(pages) if one["type"] == "page")
    return browser, page["webSocketDebuggerUrl"]


class Page:
    def __init__(self, connection):
        self.connection, self.count = connection, 0

    async def call(self, method, **parameters):
        self.count += 1
        number = self.count
        await self.connection.write_message(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self.connection.read_message())
            if message.get("id") == number:
                return message.get("result", {})

    async def evaluate(self, script):
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer.get("result", {}).get("value")

    async def until(self, script, seconds, what):
        deadline = time.time() + seconds
        while time.time() < deadline:
            value = await self.evaluate(script)
            if value:
                return value
            await asyncio.sleep(0.1)
        raise AssertionError(f"{what} did not come within {seconds} s")


async def look(debugger, address, name, screenshot):
    page = Page(await websocket_connect(debugger, max_message_size=100_000_000))
    await page.call("Page.navigate", url=f"{address}notebooks/{name}")
    await page.until("!!(window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected())", 90, "the page with its kernel")
    await page.evaluate("Jupyter.notebook.execute_all_cells()")
    shares = set()
    finished = "Jupyter.notebook.get_cells().filter(c => c.cell_type == 'code').every(c => c.input_prompt_number != '*' && c.input_prompt_number)"
    deadline = time.time() + 120
    while time.time() < deadline:
        shares.add(await page.evaluate("(document.querySelector('.output progress') || {}).value"))
        if await page.evaluate(finished):
            break
        await asyncio.sleep(0.05)
    seen = await page.evaluate("""JSON.stringify({
        tables: document.querySelectorAll('.output table tbody tr').length,
        charts: document.querySelectorAll('.output svg').length,
        progress: (document.querySelector('.output progress') || {}).value,
        errors: document.querySelectorAll('.output_error').length})""")
    picture = await page.call("Page.captureScreenshot", format="png")
    with open(screenshot, "wb") as file:
        file.write(base64.b64decode(picture["data"]))
    seen = json.loads(seen)
    seen["moved"] = len([share for share in shares if share is not None])
    return seen


def main():
    notebook, screenshot = sys.argv[1], os.path.abspath(sys.argv[2])
    folder, profile = tempfile.mkdtemp(), tempfile.mkdtemp()
    shutil.copy(notebook, folder)
    server, address = start_notebook(folder)
    browser = None
    try:
        browser, debugger = start_chromium(profile)
        print(json.dumps(asyncio.run(look(debugger, address, os.path.basename(notebook), screenshot))))
    finally:
        for process in (browser, server):
            if process:
                process.terminate()
                process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(profile, ignore_errors=True)


if __name__ == "__main__":
    main()
