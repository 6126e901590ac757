from .audit import audit, audit_check, audit_csv
from .jobs import job_cancel, job_retry, jobs
from .mail import mail, mail_dismiss, mail_retry
from .suppression import suppression, suppression_csv, suppression_remove

__all__ = [
    "audit",
    "audit_check",
    "audit_csv",
    "job_cancel",
    "job_retry",
    "jobs",
    "mail",
    "mail_dismiss",
    "mail_retry",
    "suppression",
    "suppression_csv",
    "suppression_remove",
]
