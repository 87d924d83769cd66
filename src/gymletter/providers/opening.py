"""From `[provider]` in the configuration, and the keys in the environment, to a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.errors import ConfigError

if TYPE_CHECKING:
    from gymletter.http import Client
    from gymletter.providers.base import Provider
    from gymletter.workspace import Workspace


def open_provider(
    workspace: Workspace, client: Client, *, inbox_url: str | None = None
) -> Provider:
    """The configured provider. `inbox_url`: where the embedded inbox runs, when that is the one.

    Raises `ConfigError` where a key or a setting is missing.
    """
    settings = workspace.config.provider
    if settings.name in ("inbox", "mailpit"):
        from gymletter.providers.mailpit import Mailpit

        url = inbox_url if settings.name == "inbox" else settings.base_url
        if url is None:
            raise _missing("base_url", "http://127.0.0.1:8025")
        return Mailpit(client, url, settings.name)
    if settings.name == "brevo":
        from gymletter.providers.brevo import Brevo

        return Brevo(client, workspace.secret("BREVO_API_KEY"), settings.base_url)
    raise ConfigError(f"the provider {settings.name!r} is not there yet")


def _missing(key: str, example: str) -> ConfigError:
    return ConfigError(
        f"[provider] {key} is missing", remedy=f'Add it, such as {key} = "{example}"'
    )
