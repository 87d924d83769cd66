"""What a person may get wrong around `gymletter send`: one line tells it, and nobody is lost."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from gymletter.campaign import Ledger
from gymletter.database import open_database
from gymletter.members.tables import members
from tests.campaign.people import address
from tests.cli.campaigns import (
    ISSUE,
    KEYS,
    populate,
    require_everyone_once,
    settle_on,
    write_issue,
)
from tests.conftest import CONFIG
from tests.providers.fake import Fake, Reply, running
from tests.providers.shapes import SHAPES, ResendShape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.providers.fake import Call, Letter

Run = Callable[..., Any]
SEND = ("send", "2025-08", "--yes")
MEMBERS = 9
GIVES_DEFAULT = ISSUE.replace("Hier is", 'Coach {{ member.coach | default("Bo") }}. Hier is')
GIVES_NONE = GIVES_DEFAULT.replace(' | default("Bo")', "").replace(' | default("sporter")', "")


@pytest.fixture
def fake(workspace_dir: Path) -> Iterator[Fake]:
    """A Brevo that is configured, with nine members and an issue."""
    fake = Fake(SHAPES["brevo"]())
    write_issue(workspace_dir)
    with running(fake) as fake.url:
        populate(settle_on(workspace_dir, "brevo", fake.url), MEMBERS)
        yield fake


def _database(workspace: Path) -> str:
    return f"sqlite:///{workspace}/.gymletter/gymletter.db"


def _stops(run: Run, *arguments: str, code: int = 1, **environment: str) -> str:
    """The one line that the command ends in."""
    done = run(*arguments, **{**KEYS, **environment})
    assert (done.code, done.err.count("\n"), done.err[:7]) == (code, 1, "Error: ")
    return str(done.err)


def _nothing_frozen(workspace: Path, fake: Fake) -> bool:
    engine = open_database(_database(workspace))
    frozen = Ledger(engine).all()
    engine.dispose()
    return not frozen and not fake.letters


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("", 'mode = "hosted": base_url is missing. Add where'),
        ('[unsubscribe]\nmode = "mailto"\n', "address is missing. Add the mailbox"),
        ('[unsubscribe]\nmode = "provider"\n', "brevo has no unsubscribe link of its own. Use"),
    ],
)
def test_without_a_way_out_nothing_is_frozen(
    workspace_dir: Path, gymletter: Run, fake: Fake, settings: str, says: str
) -> None:
    """The file and the remedy are named."""
    (workspace_dir / "gymletter.toml").write_text(CONFIG.partition("[unsubscribe]")[0] + settings)
    settle_on(workspace_dir, "brevo", fake.url)
    said = _stops(gymletter, *SEND)
    assert "gymletter.toml: [unsubscribe] mode = " in said
    assert says in said
    assert _nothing_frozen(workspace_dir, fake)


def test_without_a_key_nothing_is_frozen(workspace_dir: Path, gymletter: Run, fake: Fake) -> None:
    """It says which one, and where to put it, in a dry run too; then the same command sends."""
    for flag in ("--yes", "--dry-run"):
        said = _stops(gymletter, "send", "2025-08", flag, BREVO_API_KEY="")
        assert "BREVO_API_KEY is not set. Export it, or add it to" in said
    assert _nothing_frozen(workspace_dir, fake)
    assert gymletter(*SEND, **KEYS).code == 0


def test_fields_without_a_value_are_all_told_before_anything_is_frozen(
    workspace_dir: Path, gymletter: Run, fake: Fake
) -> None:
    """With how many members lack each, the defaults to write, and a command that lists them."""
    write_issue(workspace_dir, GIVES_NONE)
    said = _stops(gymletter, *SEND)
    assert said == _stops(gymletter, "send", "2025-08", "--dry-run")
    assert "2025-08.md: 9 members without a coach, 3 members without a first_name," in said
    assert '{{ member.coach | default("…") }}, {{ member.first_name | default("…") }}' in said
    assert _nothing_frozen(workspace_dir, fake)
    listed = gymletter(*shlex.split(said.split("`")[1])[1:])
    assert listed.out.count("@post.example") == 3
    write_issue(workspace_dir, GIVES_DEFAULT)
    assert gymletter(*SEND, **KEYS).code == 0
    assert all("Coach Bo." in letter.text for letter in fake.letters)


def test_an_issue_that_was_edited_in_the_middle_goes_on_as_it_was_frozen(
    workspace_dir: Path, gymletter: Run, fake: Fake
) -> None:
    """What differs is named, by a dry run too; --frozen finishes it, even without the file."""
    gymletter(*SEND, "--canary", "4", **KEYS)
    path = write_issue(workspace_dir, ISSUE.replace("Sterker", "Zwakker"))
    for flag in ("--yes", "--dry-run"):
        said = _stops(gymletter, "send", "2025-08", flag)
        assert "2025-08.md: '2025-08' was edited after it was frozen: its " in said
        assert "subject" in said
        assert "with --frozen, or send a new campaign with --as 2025-08-b" in said
    path.unlink()
    assert "Go on as it was frozen with --frozen" in _stops(gymletter, *SEND)
    assert len(fake.letters) == 4
    assert gymletter(*SEND, "--frozen", **KEYS).code == 0
    assert {letter.subject for letter in fake.letters} == {"Sterker de zomer uit"}
    require_everyone_once(fake, _database(workspace_dir), MEMBERS)


def test_a_rejected_address_is_told_and_listed(
    workspace_dir: Path, gymletter: Run, fake: Fake
) -> None:
    """The others get it; the command that is named lists the one, with the provider's words."""
    engine = open_database(_database(workspace_dir))
    bad = {"email": "fout@bad.example", "address_key": "fout@bad.example"}
    with engine.begin() as connection:
        connection.execute(update(members).where(members.c.email == address(4)).values(bad))
    engine.dispose()
    sent = gymletter(*SEND, **KEYS)
    assert (sent.code, sent.out) == (0, "2025-08: 8 accepted, 1 rejected of 9 members\n")
    named = shlex.split(sent.err.split("`")[1])
    listed = workspace_dir / "missing.csv"
    gymletter(*named[1:-1], str(listed))
    assert "fout@bad.example,rejected,brevo: email is not valid in to," in listed.read_text()


class _RevokesItsKey:
    """A Resend that takes no call with the first key any more, from the 57th on."""

    def __init__(self) -> None:
        self.shape = ResendShape()
        self.calls = 0

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """As the shape does, with whichever key is the right one."""
        self.calls += 1
        right = "Bearer a-key" if self.calls < 57 else "Bearer a-new-key"
        if call.headers["authorization"] != right:
            return Reply(401, {"name": "invalid_api_key", "message": "API key is invalid"}), ()
        headers = {**call.headers, "authorization": "Bearer a-key"}
        return self.shape.take(replace(call, headers=headers))


def test_a_key_that_is_wrong_from_the_57th_batch_on(workspace_dir: Path, gymletter: Run) -> None:
    """It stops at once with the provider's words; the rest is pending, and sent with a new key."""
    fake = Fake(_RevokesItsKey())
    write_issue(workspace_dir)
    with running(fake) as url:
        database = settle_on(workspace_dir, "resend", url)
        populate(database, 7000)
        said = _stops(gymletter, *SEND, code=5)
        assert "resend refused the call (401): API key is invalid." in said
        assert "a-key" not in said
        assert len(fake.calls) <= 58  # two at once
        counted = gymletter("status", "2025-08", "--json").json
        assert (counted["accepted"], counted["pending"]) == (5600, 1400)
        assert gymletter(*SEND, **{**KEYS, "RESEND_API_KEY": "a-new-key"}).code == 0
    require_everyone_once(fake, database, 7000)


def test_an_empty_segment_names_the_command_that_lists_nobody(
    workspace_dir: Path, gymletter: Run, fake: Fake
) -> None:
    """Nothing to do is exit 3; nothing is frozen."""
    said = _stops(gymletter, *SEND, "--segment", "first_name = 'Niemand'", code=3)
    listed = gymletter(*shlex.split(said.split("`")[1])[1:])
    assert (listed.code, "@" in listed.out) == (0, False)
    assert _nothing_frozen(workspace_dir, fake)


def test_a_segment_that_grew_gets_no_larger_by_going_on(
    workspace_dir: Path, gymletter: Run, fake: Fake
) -> None:
    """Who joined after the freeze is not in it, and that is said."""
    assert gymletter(*SEND, "--segment", 'language = "nl"', "--canary", "2", **KEYS).code == 5
    joined = workspace_dir / "nieuw.csv"
    joined.write_text(
        "email,language\na@nieuw.example,nl\nb@nieuw.example,nl\nc@nieuw.example,en\n"
    )
    consent = ("--consent-basis", "opt-in", "--consent-source", "the front desk")
    assert gymletter("members", "import", str(joined), *consent).code == 0
    sent = gymletter(*SEND, **KEYS)
    assert (sent.code, sent.out) == (0, "2025-08: 5 accepted of 5 members\n")
    assert sent.err == "2 members more match now; they are not in 2025-08\n"
    assert sorted(letter.to for letter in fake.letters) == [address(n) for n in range(0, 9, 2)]
