"""Blog pictures made fit for email: JPEG or PNG at twice the shown width, in the issue's folder.

Invariant: nothing is decoded before its size is known to be bounded, and what is written holds
pixels only (no place, camera or comment). A refused picture stays linked where it is; the reason
is written down in `pictures.json` beside the others, for `check`.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gymletter import http
from gymletter.errors import HttpError, Refused, TemplateError

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image as Pillow

    from gymletter.issue import Issue
    from gymletter.workspace import Workspace

LEAD_WIDTH, CARD_WIDTH = 576, 272
MOST_BYTES = 20 * http.MEBIBYTE
MOST_SIDE = 12_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
_MANIFEST = "pictures.json"


@dataclass(frozen=True)
class Picture:
    """A picture's facts in pixels and bytes, and its converted file; or why it was refused."""

    file: str = ""
    kind: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    refused: str = ""


def public_pictures(workspace: Workspace, issue: Issue) -> dict[str, str]:
    """`{address on the blog: address in the mail}` of the pictures that were converted.

    Converts what is not there yet. Empty unless `[images] base_url` is set.
    """
    base = workspace.config.images.base_url
    if base is None:
        return {}
    folder = folder_of(issue)
    private = own_origins(workspace)
    known = read_manifest(issue)
    made = {
        name: _kept(known.get(name), folder) or _made(src, width, folder, private)
        for name, (src, width) in _wanted(issue).items()
    }
    settled = {name: picture for name, picture in made.items() if picture}
    if settled != known:
        _write_manifest(folder, settled)
    root = f"{base.rstrip('/')}/{issue.id}"
    return {
        src: f"{root}/{made_of.file}"
        for name, (src, _) in _wanted(issue).items()
        if (made_of := settled.get(name)) and made_of.file
    }


def folder_of(issue: Issue) -> Path:
    """Where the converted pictures of an issue are: beside its file, in a folder of its id."""
    return issue.path.parent / issue.id


def read_manifest(issue: Issue) -> dict[str, Picture]:
    """What is known of each picture by its name; empty where nothing (readable) is written."""
    try:
        found = json.loads((folder_of(issue) / _MANIFEST).read_text(encoding="utf-8"))
        return {str(name): Picture(**facts) for name, facts in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def name_of(src: str, width: int) -> str:
    """A picture's name without its type: of its address and shown width."""
    return f"{hashlib.sha256(src.encode('utf-8', 'replace')).hexdigest()[:12]}-{width * 2}"


def _wanted(issue: Issue) -> dict[str, tuple[str, int]]:
    """Address and shown width by name; the first article leads."""
    widths = [LEAD_WIDTH, *[CARD_WIDTH] * len(issue.articles)]
    pairs = zip(issue.articles, widths, strict=False)
    found = [(article.image.src, width) for article, width in pairs if article.image]
    return {name_of(src, width): (src, width) for src, width in found}


def _kept(picture: Picture | None, folder: Path) -> Picture | None:
    """What was made before, if it is still there."""
    if picture and (picture.refused or (folder / picture.file).is_file()):
        return picture
    return None


def own_origins(workspace: Workspace) -> frozenset[str]:
    """The gym's own addresses that are private; no other private server is asked."""
    config = workspace.config
    urls = (source.url for source in config.sources if source.url)
    return http.private_origins(config.newsletter.website, *urls)


def _made(src: str, width: int, folder: Path, private: frozenset[str]) -> Picture | None:
    """The picture, converted and written; None when its server could not be asked now."""
    try:
        body = fetch(src, private)
    except Refused as refusal:
        return Picture(refused=f"its server {refusal.message}")
    except HttpError:
        return None
    picture, image = inspect(body)
    return picture if image is None else _write(image, width, folder, name_of(src, width))


def fetch(src: str, private: frozenset[str]) -> bytes:
    """A picture's bytes; raises `HttpError`, and `Refused` for more than `MOST_BYTES`."""
    with http.Client(timeout=20) as client:
        answer = client.get(src, headers={"Accept": "image/*"}, limit=MOST_BYTES, private=private)
    if not answer.ok:
        raise HttpError(f"answers with {answer.status}", place=src)
    return answer.body


def inspect(body: bytes) -> tuple[Picture, Pillow.Image | None]:
    """A picture's facts, and the picture itself unless it is refused; pixels not yet read."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(body), formats=_FORMATS)
    except Image.DecompressionBombError:
        return Picture(refused=f"it has more pixels than {MOST_SIDE} by {MOST_SIDE}"), None
    except (OSError, ValueError, SyntaxError):
        return Picture(refused="it is not a JPEG, PNG, GIF, WebP or AVIF picture"), None
    width, height = image.size
    if max(width, height) > MOST_SIDE:
        return Picture(refused=f"it is {width} by {height} pixels of at most {MOST_SIDE}"), None
    return Picture("", image.format or "", width, height, len(body)), image


def _write(image: Pillow.Image, width: int, folder: Path, name: str) -> Picture:
    try:
        shrunk = _shrunk(image, width * 2)
    except (OSError, ValueError, SyntaxError, MemoryError):
        return Picture(refused="it is damaged")
    kind, suffix = ("PNG", "png") if _is_transparent(shrunk) else ("JPEG", "jpg")
    out = io.BytesIO()
    pixels = shrunk.convert("RGBA" if kind == "PNG" else "RGB")
    pixels.info.clear()
    pixels.save(
        out, kind, optimize=True, **({} if kind == "PNG" else {"quality": 82, "progressive": True})
    )
    _put(folder / f"{name}.{suffix}", out.getvalue())
    return Picture(f"{name}.{suffix}", kind, *shrunk.size, len(out.getvalue()))


def _shrunk(image: Pillow.Image, width: int) -> Pillow.Image:
    """Upright, in RGB(A), at most `width` wide."""
    from PIL import Image, ImageOps

    image.draft("RGB", (width, width))
    image.seek(0)
    upright = ImageOps.exif_transpose(image)
    clear = "A" in upright.getbands() or "transparency" in upright.info
    upright = upright.convert("RGBA" if clear else "RGB")
    if upright.width <= width:
        return upright
    height = max(1, round(upright.height * width / upright.width))
    return upright.resize((width, height), Image.Resampling.LANCZOS)


def _is_transparent(image: Pillow.Image) -> bool:
    if image.mode != "RGBA":
        return False
    lowest = image.getchannel("A").getextrema()[0]
    return isinstance(lowest, int) and lowest < 255  # noqa: PLR2004


def _write_manifest(folder: Path, pictures: dict[str, Picture]) -> None:
    facts = {name: asdict(picture) for name, picture in sorted(pictures.items())}
    _put(folder / _MANIFEST, (json.dumps(facts, indent=1) + "\n").encode())


def _put(path: Path, content: bytes) -> None:
    """Write whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise TemplateError(
            f"a picture cannot be written: {error.strerror}",
            place=str(path),
            remedy="Make the folder writable, or take [images] base_url out of gymletter.toml",
        ) from error
