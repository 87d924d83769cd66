"""Reach: whether servers answer for the links and pictures; asked only with `--online`.

Invariant: the way out is never asked for, and nothing is asked for twice.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from gymletter import http
from gymletter.checks.finding import Code
from gymletter.checks.page import place_of
from gymletter.checks.pictures import HEAVY
from gymletter.errors import HttpError, Refused
from gymletter.rendering.pictures import fetch, inspect, own_origins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

    from gymletter.checks.page import Page

    Judgement = Callable[[int], list[tuple[str, str]]]

_T = TypeVar("_T")
_AT_ONCE = 8
# A server that turns programs away, or asks who is there, is there.
_GUARDED = {401, 403, 405, 406, 418, 429, 451, 503, 999}

CODES = {
    "link-unreachable": Code(
        "error", "A link's server can't be reached or has no such page", "Correct the address"
    ),
    "picture-unreachable": Code(
        "error",
        "A picture can't be fetched, or is none",
        "Correct its address, or upload the issue's folder to [images] base_url",
    ),
    "picture-large": Code(
        "warning",
        "A picture weighs more than 1 MB, slow on a phone",
        "Set [images] base_url, so that it is made smaller, or link a smaller one",
    ),
    "picture-blurry": Code(
        "note",
        "A picture has fewer pixels than it is shown wide",
        "Use a picture of at least that width, better twice",
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    if not page.online:
        return
    links = {a.url: a.place for a in page.links if a.url.startswith("http")}
    links.pop(page.way_out, None)
    images = {i.get("src"): i for i in page.pictures if (i.get("src") or "").startswith("http")}
    private = own_origins(page.workspace)
    with ThreadPoolExecutor(_AT_ONCE) as pool, http.Client(timeout=15, most=_AT_ONCE) as client:
        answers = _asked(page, "links", links, _trouble_with(client, private), pool)
        for url, place in links.items():
            if answers[url]:
                yield "link-unreachable", f"{url} {answers[url]}", place
        judgements = _asked(page, "pictures", images, _look_at(private), pool)
        for src, image in images.items():
            shown = int(image.get("width")) if (image.get("width") or "").isdigit() else 0
            yield from ((c, f"{src} {said}", place_of(image)) for c, said in judgements[src](shown))


def _asked(
    page: Page, kind: str, wanted: Iterable[str], ask: Callable[[str], _T], pool: Executor
) -> dict[str, _T]:
    """What is known of each address; only what no rendering had before is asked for."""
    known: dict[str, _T] = page.known.setdefault(kind, {})
    fresh = [address for address in wanted if address not in known]
    known.update(zip(fresh, pool.map(ask, fresh), strict=True))
    return known


def _trouble_with(client: http.Client, private: frozenset[str]) -> Callable[[str], str]:
    def ask(url: str) -> str:
        try:
            answer = client.get(url.partition("#")[0], private=private)
        except Refused:
            return ""
        except HttpError as error:
            return error.message
        return "" if answer.ok or answer.status in _GUARDED else f"answers with {answer.status}"

    return ask


def _look_at(private: frozenset[str]) -> Callable[[str], Judgement]:
    return lambda src: _looked_at(src, private)


def _looked_at(src: str, private: frozenset[str]) -> Judgement:
    """Fetch a picture; the result tells what is wrong with it at the width it is shown."""
    try:
        picture, _ = inspect(fetch(src, private))
    except HttpError as error:
        trouble = error.message
        return lambda _: [("picture-unreachable", trouble)]

    def judge(shown: int) -> list[tuple[str, str]]:
        if picture.refused:
            return [("picture-unreachable", f"is refused: {picture.refused}")]
        heavy = [("picture-large", f"weighs {picture.size / HEAVY:.1f} MB")]
        blurry = [("picture-blurry", f"is {picture.width} px, shown at {shown} px")]
        return heavy * (picture.size > HEAVY) + blurry * (picture.width < shown)

    return judge
