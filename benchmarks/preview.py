"""Live reload: from the save of an issue to the painted pixels in a real browser.

The baseline of the same run is what cannot be saved: rendering and checking that issue once.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gymletter.articles import collect
from gymletter.checks import check
from gymletter.issue import compose, month_of, read_issue
from gymletter.pages.serving import listen, serving
from gymletter.preview.app import Site
from gymletter.preview.chromium import HOW_TO_GET, find_chromium
from gymletter.rendering import render
from gymletter.scaffold import make_sample_workspace
from gymletter.workspace import open_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SAVES = 15
_ISSUE = "2025-08"
# Resolves with the time (ms since 1970) at which the frame that follows the change was painted.
_PAINTED = """(words) => new Promise((resolve) => {
  const mail = document.querySelector("iframe").contentDocument;
  const look = () => {
    if (!mail.body.textContent.includes(words)) return false;
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
    return true;
  };
  const observer = new MutationObserver(() => look() && observer.disconnect());
  observer.observe(mail, { subtree: true, childList: true, characterData: true });
})"""


def measure() -> dict[str, object]:
    """Median and worst of fifteen saves in milliseconds, beside the baseline."""
    if find_chromium() is None:
        return {"skipped": f"no Chromium on this machine. {HOW_TO_GET}"}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "gym"
        make_sample_workspace(root)
        workspace, window = open_workspace(root), month_of(_ISSUE)
        assert window
        compose(workspace, _ISSUE, collect(workspace, window), window)
        baseline = _baseline(root)
        taken = _measure_saves(root)
    median = statistics.median(taken)
    return {
        "save_to_pixels_ms": round(median),
        "worst_ms": round(max(taken)),
        "render_and_check_ms": round(baseline, 1),
        "ratio": round(median / baseline, 1),
    }


def _baseline(root: Path) -> float:
    workspace = open_workspace(root)
    taken = []
    for _ in range(10):
        began = time.perf_counter()
        issue = read_issue(workspace, _ISSUE)
        check(workspace, issue, render(workspace, issue))
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _measure_saves(root: Path) -> list[float]:
    from playwright.sync_api import sync_playwright

    site = Site(root, lambda *_: "")
    with serving(site.app, listen(), site.close) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(f"{url}/issue/{_ISSUE}")
        page.wait_for_selector(".screen[data-ready]")
        page.wait_for_selector("body[data-live]")
        taken = [_save(page, root / "issues" / f"{_ISSUE}.md", n) for n in range(_SAVES + 1)]
        browser.close()
    return taken[1:]


def _save(page: Page, path: Path, number: int) -> float:
    words = f"Regel nummer {number}."
    text = path.read_text(encoding="utf-8") + f"\n{words}\n"
    page.evaluate(f"window.painted = ({_PAINTED})({words!r}); undefined")
    began = time.time()
    path.write_text(text, encoding="utf-8")
    painted: float = page.evaluate("window.painted")
    return painted - began * 1000
