"""The Jinja environment: a workspace's templates before those that ship; errors have a place.

Invariant: an unknown variable, filter or partial is a `TemplateError`, never an empty string.
"""

from __future__ import annotations

import traceback
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gymletter.errors import GymletterError, TemplateError
from gymletter.rendering.plaintext import wrap
from gymletter.rendering.tokens import Chosen, MergeValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def shipped() -> Path:
    """The folder of the templates that ship: in the wheel, else in the repository."""
    package = Path(__file__).parents[1]
    packaged = package / "templates"
    return packaged if packaged.is_dir() else package.parents[1] / "templates"


class _Loader(jinja2.FileSystemLoader):
    """Says of which file it is that it cannot be read."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """As Jinja wants it; raises `TemplateError` with the file's path."""
        try:
            return super().get_source(environment, template)
        except jinja2.TemplateNotFound:
            raise
        except (UnicodeDecodeError, OSError) as error:
            found = (Path(folder) / template for folder in self.searchpath)
            raise TemplateError(
                f"cannot be read as UTF-8: {getattr(error, 'strerror', None) or error}",
                place=str(next(path for path in found if path.is_file())),
                remedy="Save it with the encoding UTF-8, and look at its permissions",
            ) from error


def environment(own: Path) -> jinja2.Environment:
    """The environment of a workspace whose templates are in `own`."""
    # A new override must be seen although the template it hides has not changed.
    return _environment(own, frozenset(path.name for path in own.glob("*.j2")))


@lru_cache(maxsize=8)
def _environment(own: Path, _: frozenset[str]) -> jinja2.Environment:
    env = ImmutableSandboxedEnvironment(
        loader=_Loader([own, shipped()]),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    env.filters |= {"default": _default, "d": _default, "urlencode": _urlencode, "wrap": wrap}
    env.filters["underline"] = lambda text, mark="-": f"{text}\n{mark * min(len(text), 72)}"
    return env


def _default(value: Any, default: str = "", _boolean: object = None) -> Any:
    """Jinja's `default`; for a member's field, what stands in for an empty value."""
    if isinstance(value, MergeValue):
        return value.with_default(str(default))
    return default if isinstance(value, jinja2.Undefined) or value in {Chosen(""), None} else value


def _urlencode(value: Any) -> Any:
    if isinstance(value, MergeValue):
        return value.url_encoded()
    return jinja2.filters.do_urlencode(value)


def render_file(env: jinja2.Environment, name: str, context: Mapping[str, object]) -> str:
    """A template file, rendered."""
    return _with_place(lambda: env.get_template(name).render(context), name)


def render_text(
    env: jinja2.Environment, source: str, context: Mapping[str, object], path: Path
) -> str:
    """A text of the file at `path`, rendered; an error's place is the line in that file."""
    place = str(path)
    if "{" not in source:
        return source

    def run() -> str:
        code = env.compile(source, name=place, filename=place)
        return jinja2.Template.from_code(env, code, env.make_globals(None)).render(context)

    return _with_place(run, place, lambda: _lines_before(source, path))


def _lines_before(source: str, path: Path) -> int:
    """How many lines of the file stand before `source`; 0 when that can't be seen."""
    try:
        whole = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return 0
    start = whole.rfind(source.strip())
    return whole.count("\n", 0, start) if start > 0 else 0


def _with_place(run: Callable[[], str], name: str, skip: Callable[[], int] = lambda: 0) -> str:
    try:
        return run()
    except jinja2.TemplateSyntaxError as error:
        where = f"{error.filename or error.name or name}:{error.lineno + skip()}"
        raise TemplateError(
            f"the template is not valid: {(error.message or 'cannot be read').rstrip('.')}",
            place=where,
            remedy="Close every {{ with }} and every {% with %}; if and for need an end",
        ) from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError(
            f"there is no template {error.name!r}",
            place=_place(error, name, skip),
            remedy=f"Put it in the workspace's templates, or use one of {shipped()}",
        ) from error
    except GymletterError as error:
        error.place = error.place or _place(error, name, skip)
        raise
    except jinja2.UndefinedError as error:
        raise TemplateError(
            error.message or "a name is undefined",
            place=_place(error, name, skip),
            remedy="Correct the name; members' values are {{ member.first_name }} and the like",
        ) from error
    except RecursionError as error:
        raise TemplateError("templates include each other without end", place=name) from error
    except Exception as error:
        message = getattr(error, "message", None) or str(error) or type(error).__name__
        raise TemplateError(str(message), place=_place(error, name, skip)) from error


def _place(error: BaseException, name: str, skip: Callable[[], int]) -> str:
    """File and line of the innermost template in the traceback, as Jinja rewrites it."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if frame.filename == name or ".j2" in frame.filename:
            return f"{frame.filename}:{(frame.lineno or 1) + skip()}"
    return name
