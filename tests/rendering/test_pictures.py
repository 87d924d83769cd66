"""Blog pictures become JPEG or PNG at twice the shown width."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image as Pillow

from gymletter.articles.article import Image
from gymletter.checks import check
from gymletter.rendering import render
from gymletter.rendering.pictures import inspect
from tests.rendering.issues import article, issue, workspace
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.issue import Issue
    from gymletter.workspace import Workspace

BASE = "https://pictures.dekade.example/mail/"


def encoded(kind: str, size: tuple[int, int] = (1400, 700), mode: str = "RGB", **how: Any) -> bytes:
    """A picture's bytes."""
    out = io.BytesIO()
    colour = (200, 60, 10, 90) if mode == "RGBA" else (200, 60, 10)
    Pillow.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def gym(url: str) -> Workspace:
    """A workspace whose blog is at `url`, with a place to serve pictures from."""
    return workspace(
        images={"base_url": BASE}, sources=[{"kind": "feed", "url": f"{url}/feed.xml"}]
    )


def one_picture(root: Path, url: str) -> Issue:
    """An issue in `root` with one article and the picture at `url`."""
    path = root / "issues" / "2025-08.md"
    return dataclasses.replace(
        issue(0), path=path, articles=(article(0, image=Image(url, "Een plaat")),)
    )


@pytest.mark.parametrize(
    ("kind", "mode", "suffix"),
    [
        ("WEBP", "RGB", "jpg"),
        ("AVIF", "RGB", "jpg"),
        ("PNG", "RGBA", "png"),
        ("JPEG", "RGB", "jpg"),
    ],
)
def test_a_picture_is_converted_and_served_from_the_issues_folder(
    tmp_path: Path, kind: str, mode: str, suffix: str
) -> None:
    """1152 pixels wide for the lead, PNG only where something shines through."""
    with serve(lambda _: Answer(encoded(kind, mode=mode))) as url:
        made = one_picture(tmp_path, f"{url}/p.{kind.lower()}")
        email = render(gym(url), made)
    (file,) = (tmp_path / "issues" / "2025-08").glob(f"*.{suffix}")
    assert f'src="{BASE}2025-08/{file.name}"' in email.html
    with Pillow.open(file) as picture:
        assert picture.size == (1152, 576)


def test_converting_happens_once(tmp_path: Path) -> None:
    """The second rendering asks no server and gives the same bytes."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Answer(encoded("WEBP"))

    with serve(answer) as url:
        made = one_picture(tmp_path, f"{url}/p.webp")
        first = render(gym(url), made)
    assert render(gym(url), made) == first
    assert asked == ["/p.webp"]


def test_nothing_of_the_camera_stays(tmp_path: Path) -> None:
    """No place or comment goes along; the picture is turned upright first."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "thuisadres"
    with serve(lambda _: Answer(encoded("JPEG", exif=exif, comment=b"geheim"))) as url:
        render(gym(url), one_picture(tmp_path, f"{url}/p.jpg"))
    (file,) = (tmp_path / "issues" / "2025-08").glob("*.jpg")
    assert b"thuisadres" not in file.read_bytes()
    assert b"geheim" not in file.read_bytes()
    with Pillow.open(file) as picture:
        assert picture.size == (700, 1400)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG"),
        (b"<html>geen plaat</html>", "not a JPEG"),
        (b"", "not a JPEG"),
        (encoded("PNG", (20_000, 2)), "20000 by 2 pixels"),
        (encoded("JPEG") + bytes(40 * 1024 * 1024), "more than 20 MiB"),
        (encoded("JPEG", (1400, 700))[:900], "damaged"),
    ],
    ids=["svg", "html", "empty", "wide", "heavy", "cut off"],
)
def test_what_is_no_fit_picture_is_refused_with_a_finding(
    tmp_path: Path, body: bytes, reason: str
) -> None:
    """The original stays linked, nothing is written but the reason, and `check` tells it."""
    with serve(lambda _: Answer(body)) as url:
        made = one_picture(tmp_path, f"{url}/p.jpg")
        space = gym(url)
        email = render(space, made)
    assert f'src="{url}/p.jpg"' in email.html
    assert [p.name for p in (tmp_path / "issues" / "2025-08").iterdir()] == ["pictures.json"]
    found = [f for f in check(space, made, email) if f.code == "picture-refused"]
    assert reason in found[0].message


def test_a_server_that_is_down_is_asked_again(tmp_path: Path) -> None:
    """Nothing is settled; the original is linked and `check` says that it was not converted."""
    broken = [True]
    with serve(lambda _: Answer(b"", 503) if broken else Answer(encoded("WEBP"))) as url:
        made = one_picture(tmp_path, f"{url}/p.webp")
        space = gym(url)
        email = render(space, made)
        assert f'src="{url}/p.webp"' in email.html
        assert "picture-unconverted" in {f.code for f in check(space, made, email)}
        broken.clear()
        assert BASE in render(space, made).html


def test_a_broken_manifest_is_made_anew(tmp_path: Path) -> None:
    """What someone's editor left behind doesn't stop a rendering."""
    folder = tmp_path / "issues" / "2025-08"
    folder.mkdir(parents=True)
    (folder / "pictures.json").write_text('{"x": [1]}')
    with serve(lambda _: Answer(encoded("WEBP"))) as url:
        render(gym(url), one_picture(tmp_path, f"{url}/p.webp"))
    facts = json.loads((folder / "pictures.json").read_text())
    assert [f["width"] for f in facts.values()] == [1152]


def test_without_a_place_to_serve_from_the_original_is_linked(tmp_path: Path) -> None:
    """No server is asked and no folder is made."""
    made = one_picture(tmp_path, "https://dekade.example/p.webp")
    assert 'src="https://dekade.example/p.webp"' in render(workspace(), made).html
    assert not (tmp_path / "issues").exists()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """The header's size is enough to know."""
    bomb = bytearray(encoded("PNG", (4, 4)))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    facts, image = inspect(bytes(bomb))
    assert image is None
    assert facts.refused


def test_a_card_is_smaller_than_the_lead(tmp_path: Path) -> None:
    """Twice the width at which each is shown."""
    with serve(lambda _: Answer(encoded("WEBP"))) as url:
        made = one_picture(tmp_path, f"{url}/a.webp")
        second = article(1, image=Image(f"{url}/b.webp", "Nog een"))
        made = dataclasses.replace(made, articles=(*made.articles, second))
        render(gym(url), made)
    sizes = []
    for file in (tmp_path / "issues" / "2025-08").glob("*.jpg"):
        with Pillow.open(file) as picture:
            sizes.append(picture.width)
    assert sorted(sizes) == [544, 1152]
