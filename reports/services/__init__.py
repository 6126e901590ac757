"""Writes on value reports and the files made of them."""

from reports.services.releasing import (
    LANGUAGES,
    NotNow,
    back_to_draft,
    create_report,
    draft_content,
    issue_without_customer,
    may_issue_alone_from,
    release_by_csm,
    release_by_customer,
    set_comment,
    submit_for_review,
)

__all__ = [
    "LANGUAGES",
    "NotNow", "back_to_draft", "create_report", "draft_content", "issue_without_customer", "may_issue_alone_from",
    "release_by_csm", "release_by_customer", "set_comment", "submit_for_review",
]  # fmt: skip
