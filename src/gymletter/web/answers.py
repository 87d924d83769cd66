"""The answers of the public endpoint, in words a member understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from gymletter.web.pages import Form, Link, Pages
from gymletter.web.texts import texts_of

if TYPE_CHECKING:
    from gymletter.config import Config
    from gymletter.members.leaving import Known
    from gymletter.web.texts import Texts


class Answers:
    """Makes them for one newsletter; a member's language comes before the newsletter's."""

    def __init__(self, config: Config) -> None:
        self._pages = Pages(config)
        self._newsletter = config.newsletter
        self.policy = self._pages.policy

    def ask_to_leave(self, member: Known | None, token: str) -> Response:
        """One page with one button."""
        language, words = self._words(member)
        return self._page(
            language,
            words.leave_title,
            words.leave_question.format(name=self._newsletter.name),
            form=Form("leave", words.leave_button),
            # Relative, so that it also holds below a proxy's prefix.
            link=Link(f"{quote(token, safe='')}/pause", words.pause_link),
        )

    def ask_to_pause(self, member: Known | None, token: str) -> Response:
        """The choices; the running pause, and its end, come first."""
        language, words = self._words(member)
        name = self._newsletter.name
        choices = words.pause_choices
        running = []
        if member and member.paused_until and member.paused_until > datetime.now(UTC):
            running = [words.paused_now.format(date=words.date_format.format(member.paused_until))]
            choices = ((0, words.pause_end), *choices)
        question = words.pause_question.format(name=name)
        form = Form("pause", words.pause_button, question, choices)
        link = Link(f"../{quote(token, safe='')}", words.leave_link)
        return self._page(language, words.pause_title, *running, form=form, link=link)

    def left(self, member: Known | None, *, one_click: bool) -> Response:
        """Done: a page for a person, a word for a mail program."""
        if one_click:
            return PlainTextResponse("Unsubscribed")
        language, words = self._words(member)
        text = words.left_text.format(name=self._newsletter.name)
        return self._page(language, words.left_title, text, words.close)

    def saved(self, member: Known | None, months: int) -> Response:
        """The pause is stored, or ended."""
        language, words = self._words(member)
        text = words.saved_text if months else words.resumed_text
        return self._page(
            language, words.saved_title, text.format(name=self._newsletter.name), words.close
        )

    def not_understood(self, member: Known | None) -> Response:
        """A POST that is neither ours nor RFC 8058's."""
        language, words = self._words(member)
        return self._page(language, words.bad_title, words.bad_text, status=400)

    def missing(self) -> Response:
        """No such page."""
        language, words = self._words(None)
        return self._page(language, words.missing_title, words.missing_text, status=404)

    def later(self, status: int) -> Response:
        """Not now; nothing was changed."""
        language, words = self._words(None)
        response = self._page(language, words.later_title, words.later_text, status=status)
        response.headers["Retry-After"] = "60"
        return response

    def _words(self, member: Known | None) -> tuple[str, Texts]:
        return texts_of(member.language if member else "", self._newsletter.language)

    def _page(
        self,
        language: str,
        title: str,
        *paragraphs: str,
        form: Form | None = None,
        link: Link | None = None,
        status: int = 200,
    ) -> Response:
        page = self._pages.page(language, title, *paragraphs, form=form, link=link)
        return HTMLResponse(page, status_code=status)
