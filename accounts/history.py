"""What the audit's entries about people, settings and files say."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call, say

say(
    {
        "login.succeeded": _("%(who)s logged in"),
        "login.ended": _("%(who)s logged out"),
        "login.failed": _("A login failed"),
        "password.changed": _("%(who)s set a new password"),
        "security.factor_added": _("%(who)s added a second factor"),
        "security.factor_removed": _("%(who)s removed a second factor"),
        "security.codes_renewed": _("%(who)s made new recovery codes"),
        "security.password_changed": _("%(who)s changed the password"),
        "security.factors_reset": _("%(who)s took a colleague's second factors away"),
        "session.ended": _("%(who)s ended a session"),
        "session.others_ended": _("%(who)s ended all other sessions"),
        "token.created": _("%(who)s made an API token"),
        "token.revoked": _("%(who)s revoked an API token"),
        "person.invited": _("%(who)s invited a colleague"),
        "person.invitation_withdrawn": _("%(who)s withdrew an invitation"),
        "person.invitation_accepted": _("%(who)s accepted the invitation"),
        "person.role_changed": _("%(who)s changed a colleague's role"),
        "person.teams_changed": _("%(who)s changed a colleague's teams"),
        "person.deactivated": _("%(who)s deactivated a colleague"),
        "person.reactivated": _("%(who)s reactivated a colleague"),
        "person.handed_over": _("%(who)s handed over what belonged to a colleague"),
        "team.created": _("%(who)s made a team"),
        "team.changed": _("%(who)s changed a team"),
        "team.removed": _("%(who)s removed a team"),
        "setup.begun": _("The setup was begun"),
        "setup.step_done": _("%(who)s finished a step of the setup"),
        "customer.owner_changed": _("%(who)s gave the customer another owner"),
        "customer.created": _("%(who)s added a customer"),
        "workspace.described": _("%(who)s changed what the workspace says about itself"),
        "workspace.second_factor_required": _("%(who)s changed which roles need a second factor"),
        "mail.tested": _("%(who)s sent a test mail"),
        "profile.notifications_chosen": _("%(who)s chose how to be notified"),
        "profile.changed": _("%(who)s changed their profile"),
        "portal.invited": _("%(who)s gave a contact access to the portal"),
        "viewing.started": _("%(who)s began to view the portal as a contact"),
        "viewing.ended": _("%(who)s ended viewing the portal as a contact"),
        "person.came_by_provider": _("The login service brought a new viewer"),
        "portal.revoked": _("%(who)s ended a contact's access to the portal"),
        "settings.changed": _("%(who)s changed settings"),
        "file.loaded": _("%(who)s loaded a file"),
        "facts.dumped": _("%(who)s wrote the facts into files"),
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
