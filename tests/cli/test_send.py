"""`gymletter send` and `status`, as a person runs them, through the embedded inbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.campaigns import ISSUE
from tests.providers.fake import Fake, running
from tests.providers.shapes import SHAPES, PostmarkShape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def ready(workspace_dir: Path, gymletter: Callable[..., Any]) -> Path:
    """A workspace with an issue and three members."""
    (workspace_dir / "issues" / "2025-08.md").write_text(ISSUE, encoding="utf-8")
    members = workspace_dir / "leden.csv"
    members.write_text("email,first_name\na@x.example,An\nb@x.example,\nc@x.example,Cas\n")
    consent = ("--consent-basis", "opt-in", "--consent-source", "the front desk")
    assert gymletter("members", "import", str(members), *consent).code == 0
    return workspace_dir


def _mails(workspace: Path) -> list[str]:
    return [path.read_text() for path in workspace.glob(".gymletter/inbox/*/*.eml")]


def test_send_reaches_everyone_once(ready: Path, gymletter: Callable[..., Any]) -> None:
    """A campaign goes out, is counted, and goes out no second time."""
    sent = gymletter("send", "2025-08", "--yes")
    assert (sent.code, sent.err) == (0, "")
    assert len(_mails(ready)) == 3
    again = gymletter("send", "2025-08", "--yes")
    assert again.code == 0
    assert len(_mails(ready)) == 3
    counted = gymletter("status", "2025-08", "--json").json
    assert counted == {
        "issue": "2025-08",
        "state": "complete",
        "audience": 3,
        "accepted": 3,
        "rejected": 0,
        "excluded": 0,
        "unknown": 0,
        "pending": 0,
        "sending": 0,
    }


def test_send_asks_first(ready: Path, gymletter: Callable[..., Any]) -> None:
    """Without --yes the count is shown, and a no sends nothing."""
    sent = gymletter("send", "2025-08", input="n\n")
    assert "to 3 members?" in sent.out
    assert sent.code == 130
    assert _mails(ready) == []


def test_an_unknown_check_cannot_be_ignored(ready: Path, gymletter: Callable[..., Any]) -> None:
    """A code that is misspelt is not taken silently."""
    sent = gymletter("send", "2025-08", "--yes", "--ignore", "law-unsubscibe")
    assert sent.code == 2
    assert "no check is called 'law-unsubscibe'" in sent.err
    assert _mails(ready) == []


def test_a_dry_run_sends_nothing(ready: Path, gymletter: Callable[..., Any]) -> None:
    """--dry-run says to how many it would go, and freezes nothing."""
    assert "3 members" in gymletter("send", "2025-08", "--dry-run").out
    assert _mails(ready) == []
    assert gymletter("status", "2025-08").code == 3


def test_a_test_mail_touches_no_campaign(ready: Path, gymletter: Callable[..., Any]) -> None:
    """--test sends to that address alone."""
    assert gymletter("send", "2025-08", "--test", "ik@x.example").code == 0
    assert len(_mails(ready)) == 1
    assert gymletter("status", "2025-08").code == 3


def test_an_edited_issue_is_not_resumed(ready: Path, gymletter: Callable[..., Any]) -> None:
    """What was frozen stays; an edit afterwards is told, with the name of a new campaign."""
    gymletter("send", "2025-08", "--yes")
    path = ready / "issues" / "2025-08.md"
    path.write_text(path.read_text().replace("Sterker", "Zwakker"), encoding="utf-8")
    sent = gymletter("send", "2025-08", "--yes")
    assert sent.code == 1
    assert "subject" in sent.err
    assert "--as 2025-08-b" in sent.err
    assert gymletter("send", "2025-08", "--yes", "--as", "2025-08-b").code == 0
    assert len(_mails(ready)) == 6


VARIED = ISSUE.replace("articles:", "vary_by: [language]\narticles:").replace(
    "Hier is", '{% if member.language == "en" %}TODO: translate{% endif %}\n\nHier is'
)


@pytest.fixture
def varied(ready: Path) -> Path:
    """The same, with a placeholder that only the two members with an English mail would get."""
    (ready / "issues" / "2025-08.md").write_text(VARIED, encoding="utf-8")
    return ready


def _with_languages(gymletter: Callable[..., Any], folder: Path, *languages: str) -> None:
    rows = [f"{n}@y.example,{one}\n" for n, one in enumerate(languages)]
    path = folder / "talen.csv"
    path.write_text("email,language\n" + "".join(rows))
    consent = ("--consent-basis", "opt-in", "--consent-source", "the front desk")
    assert gymletter("members", "import", str(path), *consent).code == 0


def test_every_rendering_is_checked(varied: Path, gymletter: Callable[..., Any]) -> None:
    """What only English readers would get stops `send`, is named by `check`, and is told once."""
    assert gymletter("check", "2025-08", "--no-spam").code == 0
    _with_languages(gymletter, varied, "nl", "en", "en")
    checked = gymletter("check", "2025-08", "--no-spam", "--json")
    assert checked.code == 4
    errors = [f for f in checked.json["findings"] if f["severity"] == "error"]
    assert {f["code"] for f in errors} == {"content-placeholder"}
    assert all(f["place"].endswith(" (language=en)") for f in errors)
    everywhere = [f for f in checked.json["findings"] if "(" not in f["place"]]
    assert everywhere
    assert len({tuple(f.items()) for f in everywhere}) == len(everywhere)
    seen = gymletter("check", "2025-08", "--no-spam")
    assert re.search(r"html:\d+ \(language=en\) \| .*TODO: translate", seen.out)
    sent = gymletter("send", "2025-08", "--yes")
    assert sent.code == 4
    assert "(language=en): content-placeholder" in sent.err
    assert not _mails(varied)


def test_check_makes_no_database(varied: Path, gymletter: Callable[..., Any]) -> None:
    """Without a database the empty rendering is checked, and none is made."""
    kept = varied / ".gymletter" / "gymletter.db"
    kept.unlink()
    assert gymletter("check", "2025-08", "--no-spam").code == 0
    assert not kept.exists()


def test_nobody_to_send_to(workspace_dir: Path, gymletter: Callable[..., Any]) -> None:
    """An empty audience is exit 3, and nothing is written."""
    (workspace_dir / "issues" / "2025-08.md").write_text(ISSUE, encoding="utf-8")
    sent = gymletter("send", "2025-08", "--yes")
    assert sent.code == 3
    assert gymletter("status", "2025-08").code == 3


def test_status_writes_who_is_missing(ready: Path, gymletter: Callable[..., Any]) -> None:
    """--missing writes a file that only its owner reads."""
    gymletter("send", "2025-08", "--yes")
    path = ready / "missing.csv"
    assert gymletter("status", "2025-08", "--missing", str(path)).code == 0
    assert path.read_text() == "email,state,reason,sent_at\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_canary_goes_first(ready: Path, gymletter: Callable[..., Any]) -> None:
    """--canary N sends to N and waits; without a terminal the next run sends the rest."""
    sent = gymletter("send", "2025-08", "--yes", "--canary", "1")
    assert sent.code == 5
    assert len(_mails(ready)) == 1
    assert gymletter("send", "2025-08", "--yes").code == 0
    assert len(_mails(ready)) == 3


def test_later_is_a_clear_no_where_the_provider_cannot(
    ready: Path, gymletter: Callable[..., Any]
) -> None:
    """--at names the line for cron, and nothing is frozen."""
    sent = gymletter("send", "2025-08", "--yes", "--at", "2099-01-02T08:30")
    assert sent.code == 1
    assert "30 8 2 1 * gymletter -C" in sent.err
    assert gymletter("status", "2025-08").code == 3


def test_a_segment_and_an_empty_one(ready: Path, gymletter: Callable[..., Any]) -> None:
    """--segment sends to a part; nobody in it is exit 3, and nothing is frozen."""
    none = gymletter("send", "2025-08", "--yes", "--segment", 'first_name = "Niemand"')
    assert none.code == 3
    one = gymletter("send", "2025-08", "--yes", "--segment", 'first_name = "Cas"')
    assert one.code == 0
    assert len(_mails(ready)) == 1


def test_a_wrong_key_is_one_line(ready: Path, gymletter: Callable[..., Any]) -> None:
    """The provider's words and status are told, not the key; the campaign is not complete."""
    config = ready / "gymletter.toml"
    with running(Fake(SHAPES["brevo"]())) as url:
        config.write_text(f'{config.read_text()}\n[provider]\nname = "brevo"\nbase_url = "{url}"\n')
        sent = gymletter("send", "2025-08", "--yes", BREVO_API_KEY="wrong-key-123")
        assert sent.code == 5
        assert "Key not found" in sent.err
        assert "wrong-key-123" not in sent.err
        assert gymletter("send", "2025-08", "--yes", BREVO_API_KEY="a-key").code == 0


def test_a_campaign_is_finished_where_it_was_begun(
    ready: Path, gymletter: Callable[..., Any]
) -> None:
    """Another account knows of nobody, so whoever is in doubt would be mailed again: refused."""
    config = ready / "gymletter.toml"
    text = config.read_text()
    fakes = Fake(SHAPES["brevo"]()), Fake(SHAPES["brevo"]())
    with running(fakes[0]) as begun, running(fakes[1]) as other:
        for url, code in ((begun, 5), (other, 1), (begun, 0)):
            config.write_text(f'{text}\n[provider]\nname = "brevo"\nbase_url = "{url}"\n')
            more = ("--canary", "1") if not fakes[0].letters else ()
            sent = gymletter("send", "2025-08", "--yes", *more, BREVO_API_KEY="a-key")
            assert (sent.code, len(fakes[1].letters)) == (code, 0)
    assert len(fakes[0].letters) == 3


def test_reconcile_has_nothing_to_do_after_a_good_send(
    ready: Path, gymletter: Callable[..., Any]
) -> None:
    """Nothing in doubt is said so, with exit 0."""
    gymletter("send", "2025-08", "--yes")
    settled = gymletter("reconcile", "2025-08")
    assert (settled.code, settled.out) == (0, "2025-08: nothing was in doubt\n")


def test_flags_that_come_later_change_no_campaign(
    ready: Path, gymletter: Callable[..., Any]
) -> None:
    """--at and --segment are refused where the campaign was begun without them."""
    gymletter("send", "2025-08", "--yes", "--canary", "1")
    for flag, value in (("--at", "2099-01-02T08:30"), ("--segment", 'first_name = "Cas"')):
        sent = gymletter("send", "2025-08", "--yes", flag, value)
        assert sent.code == 1
        assert f"{flag} does not change it" in sent.err
    assert len(_mails(ready)) == 1


def test_what_is_wrong_is_listed_in_the_order_of_the_lines(
    ready: Path, gymletter: Callable[..., Any]
) -> None:
    """Line 100 comes after line 99; nothing is sent."""
    path = ready / "issues" / "2025-08.md"
    links = "".join(f"\n\n[Plek {n}](http://10.0.0.{n}/)" for n in range(40))
    path.write_text(ISSUE + links, encoding="utf-8")
    sent = gymletter("send", "2025-08", "--yes")
    lines = [int(n) for n in re.findall(r"^html:(\d+): link-local", sent.err, re.M)]
    assert (sent.code, len(str(lines[0])), len(str(lines[-1]))) == (4, 2, 3)
    assert lines == sorted(lines)


def test_nobody_to_send_to_says_where_to_look(
    workspace_dir: Path, gymletter: Callable[..., Any]
) -> None:
    """Exit code 3, before a campaign is made."""
    (workspace_dir / "issues" / "2025-08.md").write_text(ISSUE, encoding="utf-8")
    sent = gymletter("send", "2025-08", "--yes")
    remedy = "`gymletter members list --mailable` lists who may be mailed"
    assert (sent.code, sent.err) == (3, f"Error: nobody to send to. {remedy}\n")


def test_a_time_that_is_none_is_answered_with_an_example(gymletter: Callable[..., Any]) -> None:
    """Wrong usage, before anything is read."""
    sent = gymletter("send", "2025-08", "--at", "morgen")
    says = "'morgen' is not a day and time, such as `--at 2025-09-01T08:00`."
    assert (sent.code, sent.err.splitlines()[-1].endswith(says)) == (2, True)


def test_a_test_mail_shows_every_rendering(ready: Path, gymletter: Callable[..., Any]) -> None:
    """Where an issue varies, the tester gets what members would get, and not what nobody gets."""
    path = ready / "issues" / "2025-08.md"
    path.write_text(path.read_text().replace("since:", "vary_by: [first_name]\nsince:"))
    assert gymletter("send", "2025-08", "--test", "ik@x.example").out.count("accepted") == 3


@pytest.mark.parametrize(
    ("mode", "handling", "code"),
    [("hosted", "Postmark", 1), ("hosted", "Custom", 0), ("provider", "Postmark", 0),
     ("provider", "Custom", 1)],
)  # fmt: skip
def test_postmark_is_asked_whose_link_its_stream_carries(
    ready: Path, gymletter: Callable[..., Any], mode: str, handling: str, code: int
) -> None:
    """A link that the stream would replace, or would not put in, is refused before any call."""
    config = ready / "gymletter.toml"
    fake = Fake(PostmarkShape(handling))
    with running(fake) as url:
        text = config.read_text().replace('"hosted"', f'"{mode}"')
        config.write_text(f'{text}\n[provider]\nname = "postmark"\nbase_url = "{url}"\n')
        sent = gymletter("send", "2025-08", "--yes", POSTMARK_SERVER_TOKEN="a-key")
    assert (sent.code, len(fake.letters)) == (code, 0 if code else 3)
    assert ("'broadcast'" in sent.err) == bool(code)
