"""Settings from `gymletter.toml`; an unknown key is an error that names the nearest known one.

Secrets are never here: they come from the environment, see `workspace.py`.
"""

from __future__ import annotations

import re
import tomllib
from email.utils import parseaddr
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from gymletter.config_errors import explain
from gymletter.errors import ConfigError, not_read

if TYPE_CHECKING:
    from pathlib import Path


_ADDRESS = r"[^\s<>@,;]+@[^\s<>@,;]+"
_SENDER = re.compile(rf"{_ADDRESS}|[^<>@]*<{_ADDRESS}>")
_DATABASE = re.compile(r"sqlite:///[^?\x00-\x1f]*[^?/\x00-\x1f]|postgresql(\+\w+)?://\S+")


def _http_url(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value) or not _has_usable_host(value):
        raise ValueError("must be an http:// or https:// address")
    return value


def _has_usable_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _feed_address(value: str) -> str:
    return _http_url(value) if re.match(r"https?:", value) else value


def _database_url(value: str) -> str:
    if not _DATABASE.fullmatch(value) or (value[0] == "p" and not _has_valid_port(value)):
        raise ValueError(
            'must be "sqlite:///FILE", or "postgresql+psycopg://…" with gymletter[postgres]'
        )
    return value


def _has_valid_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _hex_color(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError('must be a colour of six hex digits, such as "#c2410c"')
    return value.lower()


HttpUrl = Annotated[str, AfterValidator(_http_url)]
HexColor = Annotated[str, AfterValidator(_hex_color)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Newsletter(_Section):
    """`[newsletter]`: who sends, in which language, on whose clock."""

    name: str = Field(min_length=1)
    sender: str = Field(alias="from")
    reply_to: str | None = None
    postal_address: str = Field(min_length=5)
    language: Literal["nl", "en"] = "nl"
    timezone: str = "Europe/Amsterdam"
    website: HttpUrl

    @field_validator("sender", "reply_to")
    @classmethod
    def _has_address(cls, value: str | None) -> str | None:
        if value is None or (_SENDER.fullmatch(value.strip()) and "@" in parseaddr(value)[1]):
            return value
        raise ValueError('must be an e-mail address, such as "De Kade <nieuws@dekade.example>"')

    @field_validator("timezone")
    @classmethod
    def _is_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError("is not a time zone such as Europe/Amsterdam") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The gym's clock."""
        return ZoneInfo(self.timezone)


class FolderSource(_Section):
    """Files on this machine. `url` is where the blog is served, so that links can be made."""

    kind: Literal["folder"]
    path: str
    url: HttpUrl | None = None


class FeedSource(_Section):
    """RSS, Atom or JSON Feed: an address, or a file in the workspace."""

    kind: Literal["feed"]
    url: Annotated[str, AfterValidator(_feed_address)]


class WebpageSource(_Section):
    """A blog's index page without a feed; the CSS selectors are optional."""

    kind: Literal["webpage"]
    url: HttpUrl
    card: str | None = None
    title: str | None = None
    date: str | None = None
    summary: str | None = None
    image: str | None = None
    link: str | None = None
    next: str | None = None
    max_pages: int = Field(default=20, ge=1, le=500)


class WordpressSource(_Section):
    """A WordPress site with its REST API."""

    kind: Literal["wordpress"]
    url: HttpUrl


class SitemapSource(_Section):
    """A sitemap, used to find pages; `match` is a pattern of addresses to follow."""

    kind: Literal["sitemap"]
    url: HttpUrl
    match: str | None = None
    max_pages: int = Field(default=50, ge=1, le=500)


Source = Annotated[
    FolderSource | FeedSource | WebpageSource | WordpressSource | SitemapSource,
    Field(discriminator="kind"),
]


class Brand(_Section):
    """`[brand]`: colours of six hex digits, logo addresses, font stack."""

    color: HexColor = "#c2410c"
    accent: HexColor | None = None
    logo: HttpUrl | None = None
    logo_dark: HttpUrl | None = None
    logo_width: int = Field(default=160, ge=16, le=560)
    font: str = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"


class Utm(_Section):
    """UTM parameters put on links; the campaign is the issue's id."""

    source: str = "nieuwsbrief"
    medium: str = "email"


class Links(_Section):
    """`[links]`."""

    utm: Utm | None = None


class Images(_Section):
    """`[images]`: where the converted pictures will be served, with a closing slash or without."""

    base_url: HttpUrl | None = None


ProviderName = Literal["inbox", "brevo", "mailgun", "mailpit", "postmark", "resend"]


class ProviderSettings(_Section):
    """`[provider]`: which one, and what it needs beside its key."""

    name: ProviderName = "inbox"
    base_url: HttpUrl | None = None
    domain: str | None = None
    region: Literal["eu", "us"] | None = None
    message_stream: str | None = None
    messages_per_second: float = Field(default=50, gt=0)

    @property
    def account(self) -> str:
        """The provider and where it is: what a campaign is begun with and must be finished with."""
        where = (self.base_url, self.domain, self.region, self.message_stream)
        return " ".join([self.name, *filter(None, where)])


class Unsubscribe(_Section):
    """`[unsubscribe]`: how a member leaves."""

    mode: Literal["hosted", "provider", "mailto"] = "hosted"
    base_url: HttpUrl | None = None
    address: str | None = None


class Database(_Section):
    """`[database]`: an SQLAlchemy address; a relative SQLite file is relative to the workspace."""

    url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///.gymletter/gymletter.db"


class CampaignSettings(_Section):
    """`[campaign]`: how long an unfinished one may be resumed, how long addresses are kept."""

    max_age_days: float = Field(default=7, gt=0)
    keep_addresses_days: int | None = Field(default=None, ge=1)


class Config(_Section):
    """The whole of `gymletter.toml`."""

    newsletter: Newsletter
    sources: tuple[Source, ...] = ()
    brand: Brand = Brand()
    links: Links = Links()
    images: Images = Images()
    provider: ProviderSettings = ProviderSettings()
    unsubscribe: Unsubscribe = Unsubscribe()
    database: Database = Database()
    campaign: CampaignSettings = CampaignSettings()
    segments: dict[str, str] = Field(default_factory=dict)


def read_config(path: Path) -> Config:
    """Read and validate; raises `ConfigError` with the file, the line and the remedy."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return Config.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        raise ConfigError(
            f"is not valid TOML: {str(error)[: line.start()] if line else error}",
            place=f"{path}:{line[1]}" if line else str(path),
            remedy='Write `key = "value"`, and [section] on a line of its own',
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise not_read(path, error, kind=ConfigError) from error
    except RecursionError as error:
        raise ConfigError("is nested too deeply", place=str(path), remedy="Unnest it") from error
    except ValidationError as error:
        raise explain(error, Config, path, text) from error
