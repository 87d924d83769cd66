"""`gymletter init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument(
    "directory", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path)
)
def init(directory: Path) -> None:
    """Make a workspace.

    Writes gymletter.toml, .env with a fresh secret key, .gitignore, and the folders articles/,
    issues/ and templates/. Changes no file that exists, but for lines that .gitignore lacks.

    Example: gymletter init mijn-nieuwsbrief
    """
    from gymletter.scaffold import make_workspace

    make_workspace(directory)
    click.echo(f"Made a workspace in {directory.resolve()}")
    click.echo("Next: fill in gymletter.toml, then `gymletter collect`")
