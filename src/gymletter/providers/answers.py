"""What providers answer: their words, their waiting times, and what an answer is worth.

Invariant: no address and no key gets from an answer into a message of ours.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from gymletter.errors import HttpError, InDoubt, Refused
from gymletter.providers.base import CampaignFault, TryLater

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gymletter.http import Client, Response

LIMIT = 16 * 1024 * 1024
MOST_WAIT = 3600.0
_LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_LONG_WORD = re.compile(r"[A-Za-z0-9_\-]{24,}")
_AFTER_SECONDS = re.compile(r"after (\d+) seconds")
_AFTER_DATE = re.compile(r"after (\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} (?:GMT|UTC|[+-]\d{4}))")
# A reset below this is a number of seconds, above it a moment in seconds since 1970.
_SINCE_1970 = 1_000_000_000


def ask(
    client: Client, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> Response:
    """Ask the provider; an answer that we refuse to read leaves in doubt what it said."""
    try:
        return client.call(method, url, headers=headers, content=body, limit=LIMIT)
    except Refused as error:
        raise InDoubt(error.message, place=_bare(url), remedy=error.remedy) from error
    except HttpError as error:
        error.place = _bare(url)
        raise


def _bare(url: str) -> str:
    """Without the query, in which a member may be named."""
    return url.partition("?")[0]


def parse(response: Response) -> Any:
    """The answer's JSON, or None where it is none."""
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return None


def said(words: object) -> str:
    """The provider's own words, without addresses and keys, in one line."""
    text = _LONG_WORD.sub("(…)", _ADDRESS.sub("(address)", str(words)))
    return " ".join(text.split())[:_LONGEST]


def is_no(response: Response) -> bool:
    """The provider read the call and will not take it (4xx)."""
    return HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR


def fault(name: str, response: Response, words: object) -> CampaignFault:
    """The campaign's fault: stop."""
    return CampaignFault(
        f"{name} refused the call ({response.status}): {said(words or response.text)}",
        remedy="Put that right and send again; it goes on where it stopped",
    )


def later(name: str, response: Response, words: object) -> TryLater:
    """Not now: the waiting time is in the answer, or it is None."""
    return TryLater(
        f"{name} says to try later ({response.status}): {said(words or response.text)}",
        seconds=wait_of(response),
    )


def doubt(name: str, response: Response) -> InDoubt:
    """An answer that does not tell whether the messages were taken."""
    return InDoubt(f"{name} gave no usable answer ({response.status}): {said(response.text)}")


def wait_of(response: Response) -> float | None:
    """How many seconds the answer asks to wait, in whichever form; at most an hour.

    Retry-After in seconds or as a date (RFC 9110, 10.2.3); a `…ratelimit-reset` in seconds
    or since 1970; words such as "try again after 120 seconds" or "after <date>" (Mailgun).
    """
    for found in (_retry_after(response), _reset(response), _in_words(response)):
        if found is not None:
            return min(max(found, 0.0), MOST_WAIT)
    return None


def pause_of(response: Response) -> float:
    """How long to wait before the next call although this one was taken: nothing remains."""
    remaining = _header(response, "ratelimit-remaining")
    if remaining is not None and remaining <= 0:
        return wait_of(response) or 0.0
    return 0.0


def _retry_after(response: Response) -> float | None:
    value = response.headers.get("retry-after", "").strip()
    return _number(value) if _number(value) is not None else _until(value, response)


def _reset(response: Response) -> float | None:
    value = _header(response, "ratelimit-reset")
    if value is None or value < _SINCE_1970:
        return value
    return value - _clock_of(response)


def _in_words(response: Response) -> float | None:
    if found := _AFTER_SECONDS.search(response.text):
        return float(found[1])
    found = _AFTER_DATE.search(response.text)
    return _until(found[1], response) if found else None


def _header(response: Response, ending: str) -> float | None:
    for prefix in ("", "x-", "x-sib-"):
        value = response.headers.get(prefix + ending)
        if value is not None:
            return _number(value)
    return None


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\d{1,12}(\.\d+)?", value.strip()) else None


def _until(value: str, response: Response) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - _clock_of(response)


def _clock_of(response: Response) -> float:
    """The provider's clock, so that ours may be wrong."""
    try:
        date = parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return datetime.now(UTC).timestamp()
    return date.replace(tzinfo=date.tzinfo or UTC).timestamp()
