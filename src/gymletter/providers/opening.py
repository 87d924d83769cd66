"""From `[provider]` in the configuration, and the keys in the environment, to a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.errors import ConfigError

if TYPE_CHECKING:
    from gymletter.http import Client
    from gymletter.providers.base import Capabilities, Provider
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
    if settings.name == "resend":
        from gymletter.providers.resend import Resend

        return Resend(client, workspace.secret("RESEND_API_KEY"), settings.base_url)
    if settings.name == "postmark":
        from gymletter.providers.postmark import Postmark

        token = workspace.secret("POSTMARK_SERVER_TOKEN")
        return Postmark(client, token, settings.base_url, settings.message_stream)
    from gymletter.providers.mailgun import Mailgun

    if settings.domain is None:
        raise _missing("domain", "mg.dekade.example")
    key = workspace.secret("MAILGUN_API_KEY")
    base_url = settings.base_url
    return Mailgun(client, key, settings.domain, region=settings.region, base_url=base_url)


def require_leaving(provider: Provider, *, ours: bool) -> None:
    """Raise `ConfigError` where members could not leave: by our link, or by the provider's own."""
    from gymletter.providers.postmark import Postmark

    if isinstance(provider, Postmark):
        provider.require_leaving(ours=ours)


def capabilities() -> dict[str, Capabilities]:
    """What each provider can do, by name."""
    from gymletter.providers import brevo, mailgun, mailpit, postmark, resend

    return {
        "brevo": brevo.CAPABILITIES,
        "inbox": mailpit.CAPABILITIES,
        "mailgun": mailgun.CAPABILITIES,
        "mailpit": mailpit.CAPABILITIES,
        "postmark": postmark.CAPABILITIES,
        "resend": resend.CAPABILITIES,
    }


def _missing(key: str, example: str) -> ConfigError:
    return ConfigError(
        f"[provider] {key} is missing", remedy=f'Add it, such as {key} = "{example}"'
    )
