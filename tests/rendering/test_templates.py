"""Templates: overriding a single one, and errors with a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.errors import TemplateError
from gymletter.rendering import render
from gymletter.rendering.templates import shipped
from tests.rendering.issues import issue, workspace

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.rendering.email import Email


def _with(root: Path, name: str, text: str) -> Email:
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / name).write_text(text, encoding="utf-8")
    return render(workspace(root), issue())


def test_a_workspace_overrides_a_single_partial(tmp_path: Path) -> None:
    """The others stay those that ship; a workspace beside it keeps the shipped one."""
    email = _with(tmp_path, "hero.html.j2", "<tr><td><h1>Eigen kop: {{ subject }}</h1></td></tr>")
    assert "Eigen kop: Sterker de zomer uit" in email.html
    assert "Afmelden voor deze nieuwsbrief" in email.html
    assert "Eigen kop" not in render(workspace(), issue()).html


def test_a_workspace_overrides_a_style_sheet(tmp_path: Path) -> None:
    """What is inlined and what stays in the head, one by one."""
    css = (shipped() / "inline.css.j2").read_text(encoding="utf-8")
    email = _with(tmp_path, "inline.css.j2", css.replace("font-size: 38px", "font-size: 51px"))
    assert "font-size:51px" in email.html
    email = _with(tmp_path, "dark.css.j2", ".zzz{color:#123456 !important}")
    assert ".zzz{color:#123456 !important}" in email.html


def test_a_template_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """With its whole path, also where another one includes it."""
    path = tmp_path / "templates" / "hero.html.j2"
    path.parent.mkdir()
    path.write_bytes("<p>café".encode("latin-1"))
    with pytest.raises(TemplateError, match="cannot be read as UTF-8") as caught:
        render(workspace(tmp_path), issue())
    assert caught.value.place == str(path)


def test_an_edited_template_is_read_again(tmp_path: Path) -> None:
    """A preview that stays open shows the change."""
    assert "Een" in _with(tmp_path, "footer.html.j2", "<p>Een</p>").html
    assert "Twee" in _with(tmp_path, "footer.html.j2", "<p>Twee, langer</p>").html


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("<p>\n{{ nobody }}", 2, "'nobody' is undefined"),
        ("<p>\n\n{{ newsletter.nmae }}", 3, "no attribute 'nmae'"),
        ("<p>\n{% if %}", 2, "Expected an expression"),
        ("{% include 'nowhere.html.j2' %}", 1, "no template 'nowhere.html.j2'"),
        ("<p>\n{{ subject | shout }}", 2, "No filter named 'shout'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("\n\n{% if member.city %}x{% endif %}", 3, "can't be looked at"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{% for x in range(9) %}\n{{ x.y }}{% endfor %}", 2, "no attribute 'y'"),
    ],
)
def test_a_broken_template_names_its_file_and_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    """Never an empty string, never a traceback."""
    with pytest.raises(TemplateError, match=message) as caught:
        _with(tmp_path, "footer.html.j2", text)
    assert caught.value.place == f"{tmp_path / 'templates' / 'footer.html.j2'}:{line}"


def test_a_template_that_includes_itself_is_an_error(tmp_path: Path) -> None:
    """One line, not a crash."""
    with pytest.raises(TemplateError, match="without end"):
        _with(tmp_path, "footer.html.j2", "{% include 'footer.html.j2' %}")


@pytest.mark.parametrize(
    ("subject", "body", "line"),
    [("Hoi {{ x }}", "goed", 2), ("goed", "een\n\n{{ y }}", 8), ("goed", "{% if %}", 6)],
)
def test_an_error_in_the_issue_names_its_line(
    tmp_path: Path, subject: str, body: str, line: int
) -> None:
    """The front matter's lines are counted."""
    path = tmp_path / "2025-08.md"
    path.write_text(f"---\nsubject: {subject}\n---\n\n\n{body}\n", encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        render(workspace(tmp_path), issue(path=path, subject=subject, body=f"{body}\n"))
    assert caught.value.place == f"{path}:{line}"


def test_a_font_can_not_close_the_style_sheet() -> None:
    """The one free text in the style sheets is kept inside its declaration."""
    html = render(workspace(brand={"font": "Arial</style><script>x</script>"}), issue()).html
    assert "<script" not in html
