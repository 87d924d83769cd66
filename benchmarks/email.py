"""How good the email is, beside the same articles through MJML and react-email.

The rivals and most of the tools come from npm, into a temporary folder; Chromium and SpamAssassin
are asked where this machine has them. A figure that could not be taken is None.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from benchmarks import _sample
from gymletter.preview.chromium import find_chromium
from gymletter.rendering import markdown, render
from gymletter.rendering.message import build_message
from gymletter.rendering.sample import ADDRESS, sample
from gymletter.rendering.texts import TEXTS, day

if TYPE_CHECKING:
    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

PACKAGES = (
    "@react-email/components@1",
    "caniemail@2.0.2",
    "mjml@5",
    "react@19",
    "react-dom@19",
    "vnu-jar@26",
)
GOALS = {
    "kilobytes": {"six": 20, "twelve": 40},
    "unsupported": {"gmail": 2, "outlook_windows": 5, "new_outlook": 3, "apple": 1},
    "axe": 0,
    "validator": 0,
    "overflow_at_320": 0,
    "spamassassin": 0.0,
}
RIVALS = Path(__file__).parent / "rivals"
_COLUMNS = {
    "gmail.desktop-webmail": "gmail",
    "outlook.windows": "outlook_windows",
    "outlook.outlook-com": "new_outlook",
    "apple-mail.ios": "apple",
}
# What is right in an email and not in a page; Nu says it once per element.
_EMAIL_ONLY = re.compile(
    r"mso-|xmlns|supported-color-schemes|aria-roledescription|xml:lang|x-apple-|format-detection"
    r"|obsolete|cellpadding|cellspacing|bgcolor|-webkit-|-ms-|text-size-adjust"
)


def measure() -> dict[str, object]:
    """The figures per email, and the goals."""
    if shutil.which("npm") is None:
        return {"skipped": "needs npm"}
    with TemporaryDirectory() as folder, _sample.opened() as workspace:
        tools = Path(folder)
        _install(tools)
        emails = _emails(workspace, tools)
        return {
            "goals": GOALS,
            **{name: _figures(email, tools) for name, email in emails.items()},
        }


def _install(tools: Path) -> None:
    (tools / "package.json").write_text('{"type": "module"}')
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([*command, *PACKAGES], cwd=tools, check=True, capture_output=True)
    shutil.copy(RIVALS / "measure.mjs", tools)


def _emails(workspace: Workspace, tools: Path) -> dict[str, Email]:
    """Ours with six and with twelve articles, and the same six through the rivals."""
    six, twelve = (_sample.issue(workspace, count) for count in (6, 12))
    ours = sample(workspace, render(workspace, six))
    content = _content(workspace, six, ours)
    source = jinja2.Environment(autoescape=True).from_string(
        (RIVALS / "newsletter.mjml.j2").read_text(encoding="utf-8")
    )
    mjml = _node(tools, "mjml", source.render(content | {"intro_html": _intro()}))
    react = _node(tools, "react", json.dumps(content))
    return {
        "gymletter_six": ours,
        "gymletter_twelve": sample(workspace, render(workspace, twelve)),
        "mjml_six": _with_html(ours, mjml),
        "react_email_six": _with_html(ours, react),
    }


def _intro() -> Markup:
    body = _sample.BODY.replace('{{ member.first_name | default("sporter") }}', "sporter")
    return Markup(markdown.to_html(body, str))


def _content(workspace: Workspace, issue: Issue, email: Email) -> dict[str, Any]:
    newsletter, texts = workspace.config.newsletter, TEXTS["nl"]
    return {
        "language": "nl",
        "subject": issue.subject,
        "preheader": issue.preheader,
        "name": newsletter.name,
        "sender": "Sportschool De Kade",
        "address": newsletter.postal_address,
        "why": texts.why.format(name="Sportschool De Kade"),
        "unsubscribe": dict(email.headers)["List-Unsubscribe"].strip("<>"),
        "unsubscribe_words": texts.unsubscribe,
        "intro": [html.unescape(re.sub("<[^>]+>", "", p)) for p in _intro().split("</p>")[:-1]],
        "articles": [
            {
                "title": article.title,
                "url": article.url,
                "day": day(article.date, "nl"),
                "summary": article.summary,
                "src": article.image.src if article.image else "",
                "alt": article.image.alt if article.image else "",
            }
            for article in issue.articles
        ],
    }


def _with_html(email: Email, markup: str) -> Email:
    from dataclasses import replace

    return replace(email, html=markup)


def _node(tools: Path, job: str, content: str) -> str:
    (tools / "input").write_text(content, encoding="utf-8")
    done = subprocess.run(
        ["node", "measure.mjs", job, "input"], cwd=tools, check=True, capture_output=True
    )
    return done.stdout.decode()


def _figures(email: Email, tools: Path) -> dict[str, Any]:
    unsupported = json.loads(_node(tools, "caniemail", email.html))
    return {
        "kilobytes": round(len(email.html.encode()) / 1024, 1),
        "unsupported": {_COLUMNS[client]: len(names) for client, names in unsupported.items()},
        **_in_browser(email.html),
        **_validated(email.html, tools),
        "spamassassin": _spam(email),
    }


def _in_browser(markup: str) -> dict[str, Any]:
    """Rules of axe-core that are broken in light and dark, and what sticks out at 320 px."""
    chromium = find_chromium()
    if chromium is None:
        return {"axe_light": None, "axe_dark": None, "overflow_at_320": None}
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    found: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme, width in (("light", 800), ("dark", 800), ("light", 320)):
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            context.route("**/*", lambda route: route.abort())
            page = context.new_page()
            page.set_content(markup)
            if width == 320:
                wide = page.evaluate("document.documentElement.scrollWidth")
                found["overflow_at_320"] = wide - width
            else:
                broken = Axe().run(page).response["violations"]
                # Mail programs strip landmarks, so their absence is no fault of an email.
                rules = {rule["id"] for rule in broken} - {"region", "landmark-one-main"}
                found[f"axe_{scheme}"] = sorted(rules)
            context.close()
        browser.close()
    return found


def _validated(markup: str, tools: Path) -> dict[str, Any]:
    """Errors of the Nu validator, all and those that are not of emails only."""
    jar = next((tools / "node_modules" / "vnu-jar").rglob("vnu.jar"), None)
    if jar is None or shutil.which("java") is None:
        return {"validator_all": None, "validator": None}
    page = tools / "page.html"
    page.write_text(markup, encoding="utf-8")
    done = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", str(page)],
        capture_output=True,
        check=False,
    )
    errors = [m for m in json.loads(done.stderr)["messages"] if m["type"] == "error"]
    real = [m["message"] for m in errors if not _EMAIL_ONLY.search(m["message"])]
    return {"validator_all": len(errors), "validator": len(real), "validator_says": real[:5]}


def _spam(email: Email) -> float | None:
    """SpamAssassin's score with its local rules."""
    if shutil.which("spamassassin") is None:
        return None
    raw = build_message(email, ADDRESS, date=datetime.now(UTC)).as_bytes()
    done = subprocess.run(["spamassassin", "--local"], input=raw, capture_output=True, check=False)
    score = re.search(rb"score=(-?[\d.]+)", done.stdout)
    return float(score[1]) if score else None


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
