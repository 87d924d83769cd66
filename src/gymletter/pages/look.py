"""Pages as Jinja templates, and the style sheet, script and icon both sites share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


class Look:
    """Renders the templates of a site's package; everything in them is escaped."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader("gymletter.pages")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from the template `name`."""
        return HTMLResponse(self._environment.get_template(name).render(values), status)

    def routes(self) -> list[BaseRoute]:
        """Where the style sheets and scripts are served: `/look/` shared, `/own/` of the site."""
        return [
            Mount("/look", StaticFiles(packages=[("gymletter.pages", "static")])),
            Mount("/own", StaticFiles(packages=[(self._package, "static")])),
        ]
