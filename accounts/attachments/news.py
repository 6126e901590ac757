"""What colleagues wrote and added for a contact lately: read from what is there, so that nothing has to be sent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.attachments.models import Attachment
from accounts.attachments.queries import portal_attachments
from accounts.comments.models import Comment
from accounts.comments.queries import shown_records
from accounts.comments.registry import SUBJECTS
from accounts.models import PortalAccess

RECENT = timedelta(days=30)
MOST = 8


@dataclass(frozen=True)
class News:
    at: datetime
    text: str
    title: str
    url: str


def portal_news(access: PortalAccess) -> list[News]:
    """The newest first, of the records that are shown to the contact; a constant number of queries."""
    since = timezone.now() - RECENT
    ours = {"access": None, "created_at__gte": since}
    comments = Comment.objects.filter(shown_records(access), is_shared=True, withdrawn_at=None, **ours)
    files = portal_attachments(access).filter(archived_at=None, **ours)
    newest = chain(comments.select_related("author").order_by("-pk")[:MOST], files.order_by("-pk")[:MOST])
    rows = sorted(newest, key=lambda row: row.created_at, reverse=True)[:MOST]
    records = _records(access, rows)
    return [_told(row, records[row.record]) for row in rows if row.record in records]


def _records(access: PortalAccess, rows: Iterable[Comment | Attachment]) -> dict[Any, Any]:
    """By public id; one question a kind."""
    wanted = defaultdict(set)
    for row in rows:
        wanted[row.kind].add(row.record)
    found: dict[Any, Any] = {}
    for kind, ids in wanted.items():
        shown = SUBJECTS[kind].shown_to(access).filter(public_id__in=ids)  # type: ignore[misc]
        found |= {record.public_id: record for record in shown}
    return found


def _told(row: Comment | Attachment, record: Any) -> News:
    subject = SUBJECTS[row.kind]
    url = subject.portal_url(record) if subject.portal_url else ""
    if isinstance(row, Attachment):
        text, part = _("%(who)s added the file %(name)s") % {"who": row.author, "name": row.name}, "files"
    else:
        text, part = _("%(who)s wrote a comment") % {"who": row.author}, "comments"
    return News(row.created_at, text, subject.title(record), f"{url}#{part}")
