"""`gymletter demo`: the whole pipeline on a sample gym, step by step, with the real commands."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from gymletter.errors import ConfigError, IssueError, NothingToDo

_ISSUE = "2025-08"
_MEMBERS = "members.csv"


@click.command()
@click.argument(
    "directory", metavar="[DIR]", default="demo", type=click.Path(file_okay=False, path_type=Path)
)
def demo(directory: Path) -> None:
    """Make a sample workspace and run the whole pipeline in it.

    The blog, its pictures and the members are samples; the mail goes into the embedded inbox and
    never leaves this machine. Run again, it shows that nothing is sent twice.

    Example: gymletter demo
    """
    _prepare(directory)
    for title, arguments in _steps(directory):
        shown = shlex.join(("gymletter", "-C", str(directory), *arguments))
        click.echo(f"\n{click.style(title, bold=True)}\n$ {shown}")
        _run(directory, arguments)
    where = shlex.quote(str(directory))
    click.echo(
        f"\nThe workspace is {directory.resolve()}\n"
        f"See the mail that was sent:   gymletter -C {where} inbox\n"
        f"See the newsletter and edit:  gymletter -C {where} preview {_ISSUE}"
    )


def _steps(directory: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is shown, and the commands that show it."""
    return (
        ("Which articles did the blog bring in August?", ("collect", "--month", _ISSUE)),
        ("Make an issue of them", ("compose", _ISSUE)),
        ("Render it as an email", ("render", _ISSUE, "-o", str(directory / "out"))),
        ("Would it hold in real mail programs?", ("check", _ISSUE)),
        ("Who wants it?", ("members", "import", str(directory / _MEMBERS))),
        ("Send it, into the embedded inbox", ("send", _ISSUE, "--yes")),
        ("Send it again: nobody gets it twice", ("send", _ISSUE, "--yes")),
        ("What became of it?", ("status", _ISSUE)),
    )


def _prepare(directory: Path) -> None:
    from gymletter.scaffold import make_sample_workspace

    if (directory / _MEMBERS).exists() and (directory / "gymletter.toml").exists():
        click.echo(f"Using the sample workspace in {directory.resolve()}")
        return
    if directory.exists() and any(directory.iterdir()):
        raise ConfigError(
            "is not empty and not a sample workspace",
            place=str(directory),
            remedy="Name a new folder: gymletter demo DIR",
        )
    make_sample_workspace(directory)
    click.echo(f"Made a sample workspace in {directory.resolve()}")


def _run(directory: Path, arguments: tuple[str, ...]) -> None:
    """One command, as if typed; what is done already says so and the demo goes on."""
    from gymletter.cli import cli

    try:
        cli.main(["-C", str(directory), *arguments], standalone_mode=False)
    except (NothingToDo, IssueError) as done_already:
        click.echo(str(done_already))
