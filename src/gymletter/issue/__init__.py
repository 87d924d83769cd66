"""`Issue`: one edition of the newsletter, a Markdown file with YAML front matter.

Invariant: composing again keeps every byte that a person wrote, and only adds articles.
"""

from gymletter.issue.composing import Composed, compose
from gymletter.issue.editing import arrange, set_article, set_text
from gymletter.issue.model import Cta, DateItem, Dates, Issue, Quote
from gymletter.issue.reading import list_issues, month_of, read_issue

__all__ = [
    "Composed",
    "Cta",
    "DateItem",
    "Dates",
    "Issue",
    "Quote",
    "arrange",
    "compose",
    "list_issues",
    "month_of",
    "read_issue",
    "set_article",
    "set_text",
]
