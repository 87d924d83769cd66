"""What compose has put into an issue, so that what a person took out stays out."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.articles.identity import keys
from gymletter.errors import IssueError, not_written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gymletter.articles.article import Article


@dataclass(frozen=True)
class Offered:
    """What compose has put into an issue so far, by identity key; kept outside the issue."""

    path: Path

    def read(self) -> set[str]:
        """The keys so far; none where nothing was written yet."""
        try:
            return set(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return set()

    def write(self, articles: Sequence[Article]) -> None:
        """Remember these beside the earlier ones."""
        known = self.read() | {key for article in articles for key in keys(article)}
        try:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise not_written(self.path, error, kind=IssueError) from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(sorted(known), file, ensure_ascii=False)
