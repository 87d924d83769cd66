"""The command line: one thin module per command, imported when it is used.

Invariant: `gymletter --help` imports nothing but click; no traceback reaches a person
unless `--debug` asks for it.
"""

from __future__ import annotations

import importlib
import io
import sys
import traceback
from typing import NoReturn

import click

from gymletter import __version__
from gymletter.cli.context import Context
from gymletter.errors import GymletterError

# Command → the first line of its help, so that the list can be shown without importing any.
COMMANDS = {
    "check": "List what is wrong with an issue's email, and what to do about it.",
    "collect": "List the articles, and what was skipped and why.",
    "compose": "Write an issue from the articles of its month.",
    "demo": "Make a sample workspace and run the whole pipeline in it.",
    "doctor": "Say what would stop a send.",
    "inbox": "Open the embedded inbox: the mail that was sent on this machine.",
    "init": "Make a workspace.",
    "members": "Import, list, export, suppress and forget members.",
    "preview": "Look at an issue as every member will see it, and edit it.",
    "providers": "Show what each provider can and can't do.",
    "reconcile": "Settle the deliveries that are in doubt.",
    "render": "Write an issue's email as ISSUE.html, ISSUE.txt and ISSUE.eml.",
    "send": "Send an issue; run again, it continues.",
    "serve": "Run the public endpoints, where members leave or pause.",
    "status": "Count the deliveries of a campaign by state.",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"gymletter.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gymletter")
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=click.Path(file_okay=False),
    default=".",
    help="Work in the workspace around DIR.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(context: click.Context, directory: str, debug: bool) -> None:  # noqa: FBT001
    """Turn a gym's blog into its monthly newsletter and get it, once, to every member."""
    context.obj = Context(directory, debug)


def main() -> NoReturn:
    """Run the command line; every error is one line on standard error and an exit code."""
    _speak_utf8()
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        _fail("Stopped.", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except GymletterError as error:
        _fail(f"Error: {error}", error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        _fail(f"Error: {_from_the_database(error) or _unexpected(error)}", 1)
    sys.exit(0)


def _from_the_database(error: Exception) -> GymletterError | None:
    """What a database that is full or out of reach said; None for any other error."""
    if not type(error).__module__.startswith("sqlalchemy."):
        return None
    from sqlalchemy.exc import InterfaceError, OperationalError

    from gymletter.database import failed

    return failed(error) if isinstance(error, OperationalError | InterfaceError) else None


def _unexpected(error: Exception) -> str:
    """Bytes that are no text lead nearly anywhere; say which word held them."""
    for word in sys.argv[1:]:
        if not word.isascii() and word.encode("utf-8", "replace").decode() != word:
            return f"{word!r} is not UTF-8. Type it in a terminal that is set to UTF-8"
    return f"unexpected {type(error).__name__}. Run again with --debug and report it"


def _speak_utf8() -> None:
    """Results are UTF-8 whatever LANG says; a terminal that can't show a sign shows another."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _fail(line: str, code: int) -> NoReturn:
    if "--debug" in sys.argv:
        traceback.print_exc()
    click.echo(line, err=True)
    sys.exit(code)
