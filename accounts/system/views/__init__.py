from .audit import audit, audit_check, audit_csv, audit_file
from .jobs import job_cancel, job_retry, jobs, jobs_file
from .mail import mail, mail_dismiss, mail_file, mail_retry
from .suppression import suppression, suppression_csv, suppression_remove

__all__ = [
    "audit",
    "audit_check",
    "audit_csv",
    "audit_file",
    "job_cancel",
    "job_retry",
    "jobs",
    "jobs_file",
    "mail",
    "mail_dismiss",
    "mail_file",
    "mail_retry",
    "suppression",
    "suppression_csv",
    "suppression_remove",
]
