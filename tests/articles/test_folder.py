"""Folders of files: the habits of Hugo, Jekyll, Pelican, Eleventy and Obsidian."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.articles import Image, local_pictures
from tests.articles.gym import AUGUST, folder, gym, read

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.articles import Article

BLOG = "https://dekade.example/blog"


def one(tmp_path: Path, name: str, text: str | bytes, *others: str) -> Article:
    """The only article of a folder with this file (and empty `others`)."""
    found = folder(tmp_path, {name: text} | dict.fromkeys(others, b"x"))
    assert not found.errors
    (article,) = found.articles
    return article


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "sterk.md",
            "---\ntitle: Sterk\ndate: 2025-08-13\nsummary: Kort.\n---\nTekst.\n",
            ("Sterk", "2025-08-13", f"{BLOG}/sterk", "Kort."),
        ),
        (
            "hugo/content.md",
            '+++\ntitle = "Hugo"\ndate = 2025-07-31T22:30:00Z\ndescription = "Laat"\n+++\nTekst.\n',
            ("Hugo", "2025-08-01", f"{BLOG}/hugo/content", "Laat"),
        ),
        (
            "bundle/index.md",
            "---\ntitle: Bundel\ndate: 2025-08-13\n---\nEerste alinea.\n\nTweede.\n",
            ("Bundel", "2025-08-13", f"{BLOG}/bundle", "Eerste alinea."),
        ),
        (
            "_posts/2025-08-13-jekyll-zegt-hallo.markdown",
            "---\nlayout: post\ntitle: Jekyll\nexcerpt: Uit de kop\n---\n{% include x %}Tekst.\n",
            ("Jekyll", "2025-08-13", f"{BLOG}/jekyll-zegt-hallo", "Uit de kop"),
        ),
        (
            "pelican.md",
            "Title: Pelican\nDate: 2025-08-13 10:20\nCategory: tips\nSlug: pel\n\nTekst hier.\n",
            ("Pelican", "2025-08-13", f"{BLOG}/pel", "Tekst hier."),
        ),
        (
            "eleventy.md",
            "---\ntitle: Elf\ndate: 2025-08-13\npermalink: /nieuws/elf/\n---\n"
            "Boven.\n<!--more-->\nOnder.\n",
            ("Elf", "2025-08-13", "https://dekade.example/nieuws/elf/", "Boven."),
        ),
        (
            "Water drinken.md",
            "---\ncreated: 13-08-2025\ntags: [eten]\n---\nZie [[Slapen|goed slapen]].\n",
            ("Water drinken", "2025-08-13", f"{BLOG}/Water%20drinken", "Zie goed slapen."),
        ),
        (
            "kop.md",
            "---\ndate: 13 augustus 2025\n---\n# De kop is titel\n\nTekst met *nadruk* & meer.\n",
            ("De kop is titel", "2025-08-13", f"{BLOG}/kop", "Tekst met nadruk & meer."),
        ),
        (
            "bom.md",
            "\ufeff---\r\ntitle: BOM\r\ndate: 2025-08-13\r\n---\r\nTekst.\r\n",
            ("BOM", "2025-08-13", f"{BLOG}/bom", "Tekst."),
        ),
        (
            "vol.md",
            "---\ntitle: Vol adres\ndate: 2025-08-13\nurl: https://elders.example/x\n---\nTekst.\n",
            ("Vol adres", "2025-08-13", "https://elders.example/x", "Tekst."),
        ),
        (
            "pagina.html",
            "<html><head><title>Pagina | De Kade</title></head><body><article><h1>Pagina</h1>"
            "<p>13 augustus 2025</p><p>Een alinea die lang genoeg is om te tellen.</p>"
            "</article></body></html>",
            ("Pagina", "2025-08-13", f"{BLOG}/pagina.html",
             "Een alinea die lang genoeg is om te tellen."),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)  # fmt: skip
def test_a_habit_is_read(
    tmp_path: Path, name: str, text: str, expected: tuple[str, str, str, str]
) -> None:
    """Title, day, address and summary as that engine means them."""
    article = one(tmp_path, name, text)
    assert (article.title, str(article.date), article.url, article.summary) == expected
    assert article.source == "articles"


HEAD = "---\ntitle: Plaat\ndate: 2025-08-13\n"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("image: pictures/x.jpg\n---\n", Image(f"{BLOG}/pictures/x.jpg")),
        ("image: {src: p/x.jpg, alt: Een x}\n---\n", Image(f"{BLOG}/p/x.jpg", "Een x")),
        ("cover:\n  image: x.jpg\n  alt: Een x\n---\n", Image(f"{BLOG}/x.jpg", "Een x")),
        ("image: x.jpg\nimage_alt: Een x\n---\n", Image(f"{BLOG}/x.jpg", "Een x")),
        ("images: [a.jpg, b.jpg]\n---\n", Image(f"{BLOG}/a.jpg")),
        ("---\n![Een x](pictures/x.jpg)\n", Image(f"{BLOG}/pictures/x.jpg", "Een x")),
        ("---\n![](/img/x.jpg)\n", Image("https://dekade.example/img/x.jpg")),
        ("---\n![[x.jpg|Een x]]\n", Image(f"{BLOG}/x.jpg", "Een x")),
        ("---\n![[x.jpg|400]]\n", Image(f"{BLOG}/x.jpg")),
        ('---\n{{< figure src="x.jpg" alt="Een x" >}}\n', Image(f"{BLOG}/x.jpg", "Een x")),
        ("---\n![Een x](<met spatie.jpg>)\n", Image(f"{BLOG}/met%20spatie.jpg", "Een x")),
        ("image: //cdn.example/x.jpg\n---\n", Image("https://cdn.example/x.jpg")),
        ("image: https://cdn.example/x.jpg\n---\n", Image("https://cdn.example/x.jpg")),
        ("image: '{static}/x.jpg'\n---\n", Image(f"{BLOG}/x.jpg")),
        ("image: javascript:alert(1)\n---\n", None),
        ("image: file:///etc/passwd\n---\n", None),
        ('---\n<img src="t.gif" width="1" height="1"><img src="x.jpg">\n', Image(f"{BLOG}/x.jpg")),
        ("---\nGeen plaat.\n", None),
    ],
)  # fmt: skip
def test_a_picture_gets_its_address(tmp_path: Path, rest: str, expected: Image | None) -> None:
    """Local pictures lie below the source's address; only http and https count."""
    assert one(tmp_path, "plaat.md", HEAD + rest).image == expected


def test_a_bundles_picture_is_found_again_as_a_file(tmp_path: Path) -> None:
    """The address of a picture leads back to the file beside the article."""
    article = one(tmp_path, "b/index.md", HEAD + "image: x.jpg\n---\n", "b/x.jpg")
    assert article.image
    assert article.image.src == f"{BLOG}/b/x.jpg"
    source = {"kind": "folder", "path": "articles", "url": BLOG}
    find = local_pictures(gym(tmp_path, source))
    assert find(article.image.src) == tmp_path / "articles" / "b" / "x.jpg"


@pytest.mark.parametrize(
    "address",
    [
        f"{BLOG}/../geheim.txt",
        f"{BLOG}/%2e%2e/geheim.txt",
        f"{BLOG}/link.jpg",
        f"{BLOG}//etc/passwd",
        f"{BLOG}/x.jpg%00",
        f"{BLOG}/",
        "https://elders.example/blog/x.jpg",
        "not an address",
    ],
)
def test_no_file_outside_the_folder_is_handed_out(tmp_path: Path, address: str) -> None:
    """Not through dots, not through a link, not for another host."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "x.jpg").write_bytes(b"x")
    (tmp_path / "geheim.txt").write_text("geheim")
    (tmp_path / "articles" / "link.jpg").symlink_to(tmp_path / "geheim.txt")
    source = {"kind": "folder", "path": "articles", "url": BLOG}
    assert local_pictures(gym(tmp_path, source))(address) is None


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.md", "---\ntitle: A\ndate: 2025-08-13\ndraft: true\n---\n", "is a draft"),
        ("_drafts/a.md", "---\ntitle: A\ndate: 2025-08-13\n---\n", "is a draft"),
        ("a.md", "---\ntitle: A\ndate: 2025-08-13\npublished: false\n---\n", "is not published"),
        ("a.md", "Title: A\nDate: 2025-08-13\nStatus: draft\n\nx\n", "has the status draft"),
        ("a.md", "---\ntitle: A\ndate: 2099-08-13\n---\n", "is dated in the future, 2099-08-13"),
        ("a.md", "---\ntitle: A\n---\n", "has no date"),
        ("a.md", "---\ntitle: A\ndate: binnenkort\n---\n", "has no date"),
        ("a.md", "---\ntitle: A\ndate: 0001-01-01\n---\n", "has no date"),
        ("a.md", "---\ndate: 2025-08-13\n---\nTekst\n", "has no title (2025-08-13)"),
    ],
)
def test_what_is_not_offered_is_listed(tmp_path: Path, name: str, text: str, reason: str) -> None:
    """Drafts, future and undated posts are skipped with the reason; that is no error."""
    found = folder(tmp_path, {name: text})
    assert not found.articles
    assert not found.errors
    assert [s.reason for s in found.skipped] == [reason]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: [A\ndate: 2025-08-13\n---\n", "fout.md:2: the front matter is not"),
        ("---\ntitle: A\ndate: 2025-02-30\n---\n", "fout.md:3: '2025-02-30' is not a day"),
        ("---\ntitle: A\ndate: 30 februari 2025\n---\n", "fout.md:3: '30 februari 2025' is not"),
        ("+++\ntitle = A\n+++\n", "fout.md:2: the front matter is not valid TOML"),
        ("---\ntitle: A\n", "fout.md:1: the front matter does not end"),
        ("---\n- a\n- b\n---\n", "fout.md:1: the front matter holds no"),
        (b"---\ntitle: Caf\xe9\ndate: 2025-08-13\n---\n", "fout.md:2: is not UTF-8"),
        (b"x" * (5 * 1024 * 1024 + 1), "is larger than 5 MiB"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_and_hides_no_other(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    """One line with file and line; the rest is listed."""
    found = folder(tmp_path, {"fout.md": text, "goed.md": HEAD + "---\nTekst.\n"})
    assert [a.title for a in found.articles] == ["Plaat"]
    (error,) = found.errors
    assert says in error.message
    assert "\n" not in error.message


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    """A symbolic link to a file elsewhere is told, not followed."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "geheim.md").write_text(HEAD + "---\n")
    (tmp_path / "articles" / "link.md").symlink_to(tmp_path / "geheim.md")
    found = folder(tmp_path, {})
    assert not found.articles
    assert "leads out of the folder" in found.errors[0].message


def test_files_about_the_folder_are_passed_over(tmp_path: Path) -> None:
    """A readme, a section page and hidden folders are no posts."""
    text = HEAD + "---\n"
    names = ("README.md", "_index.md", ".git/x.md", "node_modules/x.md", ".x.md")
    found = folder(tmp_path, dict.fromkeys(names, text))
    assert not found.articles
    assert not found.skipped


def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """The path that was looked for is named."""
    found = read(tmp_path, {"kind": "folder", "path": "blog"})
    assert str(tmp_path / "blog") in found.errors[0].message
    assert "Correct `path`" in found.errors[0].message


def test_without_an_address_the_newsletters_website_is_taken(tmp_path: Path) -> None:
    """Links must lead somewhere; the gym's own site is where its blog is, most likely."""
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "sterk.md").write_text(HEAD + "---\n")
    found = read(tmp_path, {"kind": "folder", "path": "blog"}, window=AUGUST)
    assert found.articles[0].url == "https://dekade.example/sterk"


def test_text_is_plain_whatever_the_markdown_holds(tmp_path: Path) -> None:
    """No markup, script or control character reaches an article's texts."""
    text = (
        '---\ntitle: "A <b>&amp;</b> \\u0007B"\ndate: 2025-08-13\n---\n'
        "Tekst <script>alert(1)</script><i>schuin</i> &lt;b&gt; \u202e omgekeerd.\n"
    )
    article = one(tmp_path, "a.md", text)
    assert article.title == "A & B"
    assert article.summary == "Tekst schuin <b> omgekeerd."


def test_a_name_that_is_not_utf8_keeps_its_bytes(tmp_path: Path) -> None:
    """A server that has the file under that name finds it by this address."""
    article = one(tmp_path, "caf\udce9.md", "---\ntitle: Sterk\ndate: 2025-08-13\n---\nTekst.\n")
    assert article.url == f"{BLOG}/caf%E9"


def test_brackets_without_end_fail_one_file(tmp_path: Path) -> None:
    """The others are read."""
    good = b"---\ntitle: Sterk\ndate: 2025-08-13\n---\nTekst.\n"
    found = folder(tmp_path, {"a.md": "+++\ntitle = " + "[" * 5000 + "\n+++\n", "b.md": good})
    assert [article.title for article in found.articles] == ["Sterk"]
    (failure,) = found.errors
    assert "a.md:1: the front matter is nested too deeply" in failure.message
