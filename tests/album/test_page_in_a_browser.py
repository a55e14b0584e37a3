"""The album's page in a real browser, where there is one: opened from disk, filtered by clicks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_up import FAILS, draw
from test_catalogue import make

from recognizer.album.page import write_page

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--window-size=1200,900"]


class Browser:
    """A few words of the WebDriver protocol."""

    def __init__(self, port: int, profile: Path) -> None:
        self._base = f"http://127.0.0.1:{port}/session"
        options = {"args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        told = self._ask("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._base += f"/{told['sessionId']}"

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self._base + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)["value"]

    def open(self, url: str) -> None:
        self._ask("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:
        return self._ask("POST", "/execute/sync", {"script": script, "args": []})

    def click(self, css: str) -> None:
        found = self._ask("POST", "/element", {"using": "css selector", "value": css})
        (number,) = found.values()
        self._ask("POST", f"/element/{number}/click", {})

    def complaints(self) -> list[str]:
        """What the browser says in its console: errors, refused contents."""
        return [entry["message"] for entry in self._ask("POST", "/se/log", {"type": "browser"})]

    def close(self) -> None:
        self._ask("DELETE", "")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    driver = shutil.which("chromedriver")
    if driver is None:
        pytest.skip("no chromedriver here")
    port = 20_000 + os.getpid() % 20_000
    with subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(50):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/status"):
                        break
                except OSError:
                    time.sleep(0.1)
            opened = Browser(port, tmp_path_factory.mktemp("profile"))
            yield opened
            opened.close()
        finally:
            process.terminate()


CARDS = "return [...document.querySelectorAll('article')].map(a => a.innerText)"


def test_the_page_opens_from_disk_and_filters(tmp_path: Path, browser: Browser) -> None:
    for name, red in {"красный.png": 2, "b.png": 4, "c.png": 3, "odd <b>.png": FAILS}.items():
        draw(tmp_path / "scans" / name, red)
    page = write_page(make(tmp_path), tmp_path / "album")
    browser.open(page.as_uri())
    assert len(browser.run(CARDS)) == 4
    assert browser.run("return document.querySelectorAll('svg polygon').length") == 6
    assert browser.run("return [...document.images].every(i => i.complete && i.naturalWidth > 0)")
    browser.click("#mark option[value=m2]")
    (red,) = browser.run(CARDS)
    assert "красный.png" in red
    assert "Союз ТМА-13" in red
    assert str(tmp_path) not in red  # the folder all scans lie in need not be told
    assert browser.run("return document.querySelectorAll('polygon.on').length") == 1
    assert not browser.run("return document.getElementById('more').checkVisibility()")
    browser.click("#mark option[value='']")
    browser.click("#mission option[value='-']")
    (unknown,) = browser.run(CARDS)
    assert "c.png" in unknown
    browser.click("#mission option[value='']")
    browser.click("#look")
    both = browser.run(CARDS)
    assert len(both) == 2
    assert any("odd <b>.png" in card for card in both)
    assert browser.run("return document.getElementById('count').textContent") == "2 of 4 scans, 1 piece"
    assert browser.complaints() == []
