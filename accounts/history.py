"""What the audit's entries about people, settings and files say."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "login.succeeded": _("%(who)s logged in"),
        "login.ended": _("%(who)s logged out"),
        "login.failed": _("A login failed"),
        "password.changed": _("%(who)s set a new password"),
        "profile.changed": _("%(who)s changed their profile"),
        "portal.invited": _("%(who)s gave a contact access to the portal"),
        "portal.revoked": _("%(who)s ended a contact's access to the portal"),
        "settings.changed": _("%(who)s changed settings"),
        "file.loaded": _("%(who)s loaded a file"),
        "job.cancelled": _("%(who)s cancelled a job"),
        "job.retried": _("%(who)s started a job again"),
        "mail.retried": _("%(who)s let a parked mail be tried again"),
        "mail.dismissed": _("%(who)s dismissed a parked mail"),
        "audit.check_started": _("%(who)s started a check of the audit"),
        "export.made": _("%(who)s exported a list"),
    }
)
call(
    {
        "accounts.user": _("Person"),
        "accounts.customer": _("Customer"),
        "accounts.portalaccess": _("Portal access"),
        "accounts.workspace": _("Workspace"),
        "jobs.job": _("Job"),
        "outbox.outboxmail": _("Mail"),
        "integrations.loadrun": _("Loaded file"),
    }
)
