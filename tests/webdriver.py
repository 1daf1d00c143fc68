"""Firefox and WebKit, driven by the standard library alone: https://www.w3.org/TR/webdriver2/

Firefox answers to the commands over its own socket (Marionette: `length:[0, number, name, parameters]`), WebKit over
HTTP through WebKitWebDriver, in GTK's small browser on a screen of Xvfb. Debian has both; the program that makes
Firefox speak HTTP it has not, and Playwright drives only builds of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver") and shutil.which("Xvfb")

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name the standard gives to a reference
ENTER, ESCAPE, DOWN, RIGHT = "\ue007", "\ue00c", "\ue015", "\ue014"


class DriverError(Exception):
    """The browser's own words for a command that failed."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Driver:
    """One window of a browser, with a profile of its own in `place`. `quit` ends it."""

    place: Path

    def command(self, name: str, **parameters):
        """Send a command by Marionette's name and return its value. Raises DriverError."""
        raise NotImplementedError

    def faults(self) -> list[str]:
        """What the console said since the last call that a developer should mend."""
        raise NotImplementedError

    def quit(self) -> None:
        raise NotImplementedError

    def go(self, url: str) -> None:
        self.command("Navigate", url=url)

    def reload(self) -> None:
        self.command("Refresh")

    def js(self, script: str, *arguments):
        """Run the body of a function in the page and return what it returns."""
        return self.command("ExecuteScript", script=script, args=list(arguments))

    def until(self, expression: str, seconds: float = 20):
        """Wait until an expression holds in the page, across pages too; returns its value."""
        end = time.monotonic() + seconds
        while True:
            try:
                if value := self.js(f"return {expression}"):
                    return value
            except DriverError:
                pass  # between two pages
            assert time.monotonic() < end, expression
            time.sleep(0.05)

    def click(self, selector: str, text: str = "") -> None:
        """Click what a selector finds, or of that the first with a text in it or in its label. It need not be in view."""
        script = """const [selector, text] = arguments;
            const found = [...document.querySelectorAll(selector)].find((each) => (each.ariaLabel || each.textContent).includes(text));
            if (found) found.click();
            return Boolean(found)"""
        assert self.js(script, selector, text), f"nothing to click: {selector} {text}"

    def type(self, selector: str, text: str) -> None:
        found = self.command("FindElement", using="css selector", value=selector)
        self.command("ElementSendKeys", id=found[ELEMENT], text=text)

    def press(self, *keys: str) -> None:
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.command("PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])


class Firefox(Driver):
    # It asks its maker for nothing while it is tested.
    QUIET = {
        "app.update.enabled": False, "browser.aboutwelcome.enabled": False, "browser.safebrowsing.downloads.remote.enabled": False,
        "browser.safebrowsing.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
        "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,", "toolkit.telemetry.enabled": False,
    }  # fmt: skip

    def __init__(self, place: Path, **preferences):
        self.place, self.number = place, 0
        port = _free_port()
        values = self.QUIET | {"marionette.port": port, "browser.download.folderList": 2, "browser.download.dir": str(place)} | preferences
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in values.items()]
        (place / "user.js").write_text("".join(lines), encoding="utf-8")
        flags = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", str(place)]
        with open(place / "log", "w") as log:
            self.process = subprocess.Popen([FIREFOX, *flags], stdout=log, stderr=subprocess.STDOUT)
        self.socket = _connected(port, self.process)
        self.socket.settimeout(60)
        self._read()
        self.command("NewSession", capabilities={})

    def _read(self):
        size = b""
        while (character := self.socket.recv(1)) != b":":
            size += character
        text = b""
        while len(text) < int(size):
            text += self.socket.recv(int(size) - len(text))
        return json.loads(text)

    def command(self, name, **parameters):
        self.number += 1
        words = json.dumps([0, self.number, name if ":" in name else f"WebDriver:{name}", parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(words), words))
        _, _, error, result = self._read()
        if error:
            raise DriverError(f"{error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def faults(self):
        self.command("Marionette:SetContext", value="chrome")
        try:
            return self.js("""const found = Services.console.getMessageArray().filter((each) => each instanceof Ci.nsIScriptError
                    && !(each.flags & each.warningFlag) && /^(http:..127|file:)/.test(each.sourceName));
                Services.console.reset();
                return found.map((each) => `${each.errorMessage} ${each.sourceName}:${each.lineNumber}`)""")
        finally:
            self.command("Marionette:SetContext", value="content")

    def quit(self):
        try:
            self.command("Marionette:Quit", flags=["eForceQuit"])
        except (OSError, ValueError, DriverError):
            self.process.terminate()
        self.process.wait(20)
        self.socket.close()


class WebKit(Driver):
    COMMANDS = {
        "Navigate": ("POST", "/url"), "Refresh": ("POST", "/refresh"), "ExecuteScript": ("POST", "/execute/sync"),
        "FindElement": ("POST", "/element"), "ElementSendKeys": ("POST", "/element/{id}/value"),
        "PerformActions": ("POST", "/actions"), "SetWindowRect": ("POST", "/window/rect"), "DeleteSession": ("DELETE", ""),
    }  # fmt: skip

    def __init__(self, place: Path):
        self.place, self.read = place, 0
        port, told = _free_port(), place / "screen"
        with open(place / "log", "w") as log, open(told, "w") as number:
            self.screen = subprocess.Popen(
                ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], stdout=number, stderr=subprocess.DEVNULL
            )
            end = time.monotonic() + 20
            while not told.read_text().endswith("\n"):
                assert time.monotonic() < end and self.screen.poll() is None, "no screen"
                time.sleep(0.05)
            environment = os.environ | {
                "DISPLAY": f":{told.read_text().strip()}", "GDK_BACKEND": "x11", "HOME": str(place), "XDG_RUNTIME_DIR": str(place),
                "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            }  # fmt: skip
            self.process = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env=environment, stdout=log, stderr=subprocess.STDOUT)
        _connected(port, self.process).close()
        self.address = f"http://127.0.0.1:{port}/session"
        browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        options = {"binary": str(browser), "args": ["--automation", "--enable-write-console-messages-to-stdout=true"]}
        session = self._ask("POST", "", {"capabilities": {"alwaysMatch": {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}}})
        self.address += f"/{session['sessionId']}"

    def _ask(self, method: str, path: str, body: dict | None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise DriverError(f"{told['error']}: {told['message']}") from None

    def command(self, name, **parameters):
        method, path = self.COMMANDS[name]
        return self._ask(method, path.format(id=parameters.pop("id", "")), parameters if method == "POST" else None)

    def faults(self):
        lines = (self.place / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        new, self.read = lines[self.read :], len(lines)
        # GTK's WebKit is built without web app manifests and does not know the word; Safari does.
        return [line for line in new if line.startswith("CONSOLE") and " ERROR " in line and "manifest-src" not in line]

    def quit(self):
        try:
            self.command("DeleteSession")
        except (OSError, DriverError):
            pass  # it has ended by itself
        for process in (self.process, self.screen):
            process.terminate()
            process.wait(20)


def _connected(port: int, process: subprocess.Popen) -> socket.socket:
    """A connection to what a process opens on a port, as soon as it does."""
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < end and process.poll() is None, f"{process.args[0]} did not start"
            time.sleep(0.05)
