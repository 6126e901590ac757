"""The lists of jobs and of mails that did not go out."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.jobs.models import Job
from accounts.jobs.queries import job_rows, recent_jobs
from accounts.jobs.registry import KINDS
from accounts.lists.fields import listing
from accounts.models import Role, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.queries import parked_mails
from accounts.outbox.words import receiver, subject_matter
from cs_portal.kit.lists.base import Extra, List, extend, register
from cs_portal.kit.lists.columns import DASH, CountColumn, FragmentColumn, MomentColumn, NameColumn, whole
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter, by_words
from cs_portal.kit.lists.tables import ListTable

OPEN = "open"


def _kinds(*_asked: Any) -> Choices:
    return by_words((name, str(kind.title)) for name, kind in KINDS.items())


class JobFilter(ListFilter):
    state = django_filters.ChoiceFilter(
        method="in_state", choices=[(OPEN, _("Open")), *Job.State.choices], label=_("State"), empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("All"))

    class Meta:
        model = Job
        fields = ("state", "kind")

    def kind_choices(self, _rows: QuerySet[Job]) -> Choices:
        return _kinds()

    def in_state(self, found: QuerySet[Job], _name: str, value: str) -> QuerySet[Job]:
        return found.filter(state__in=Job.OPEN) if value == OPEN else found.filter(state=value)


class JobTable(ListTable):
    """``extra``: ``reader``, as far as whose eyes jobs are described; ``csrf_token`` for the buttons."""

    job = FragmentColumn(
        "system/_job.html", name="job", plain=lambda job: job.row.shown.title, verbose_name=_("Job"),
        order_by=("kind",), attrs={"td": {"class": "said"}},
    )  # fmt: skip
    state = FragmentColumn(
        "system/_job_state.html", name="job", plain=lambda job: job.get_state_display(), verbose_name=_("State"),
        order_by=("state",),
    )  # fmt: skip
    started = MomentColumn(accessor="created_at", verbose_name=_("Started"))
    ended = MomentColumn(accessor="finished_at", verbose_name=_("Ended"))
    attempts = CountColumn(verbose_name=_("Tries"), visible=False)
    act = FragmentColumn(
        "system/_job_act.html", name="job", verbose_name=_("Actions"), orderable=False, exclude_from_export=True,
        attrs=whole("text-end acts"),
    )  # fmt: skip
    per_page = 50

    def prepare(self, records: Sequence[Job]) -> None:
        for row in job_rows(records, self.extra["reader"]):
            row.job.row = row  # type: ignore[attr-defined]


class StarterColumn(NameColumn):
    def __init__(self) -> None:
        super().__init__(
            accessor="started_by", verbose_name=_("Started by"), narrow=True, order_by=("started_by__name",)
        )
        self.empty_values = ()

    def render(self, value: Any) -> str:
        return str(value) if value else _now("The system")

    def value(self, value: Any) -> str:
        return self.render(value)


def _of_all(user: User) -> Extra:
    """Only an administrator sees other people's jobs."""
    return Extra(columns=(("by", StarterColumn()),)) if user.role == Role.ADMIN else Extra()


JOBS = register(
    List(
        "jobs", _("Jobs"), "system:jobs", JobTable, JobFilter, recent_jobs, files="system:jobs",
        fields=(
            Field("kind", _("Kind"), "choice", "kind", _kinds),
            Field("state", _("State"), "choice", "state", listing(Job.State.choices)),
            Field("started", _("Started"), "moment", "created_at"),
            Field("ended", _("Ended"), "moment", "finished_at"),
            Field("attempts", _("Tries"), "number", "attempts"),
        ),
    )
)  # fmt: skip
extend("jobs", _of_all)


class MailFilter(ListFilter):
    q = django_filters.CharFilter(method="named", label=_("Name or e-mail address"), max_length=100)
    reason = django_filters.ChoiceFilter(
        choices=OutboxMail.Reason.choices, label=_("Reason"), empty_label=_("All reasons")
    )

    class Meta:
        model = OutboxMail
        fields = ("q", "reason")

    def named(self, found: QuerySet[OutboxMail], _name: str, text: str) -> QuerySet[OutboxMail]:
        names = ("contact__name", "contact__email", "contact__customer__name", "user__name", "user__email")
        wanted = Q(pk__in=[])
        for name in names:
            wanted |= Q(**{f"{name}__icontains": text})
        return found.filter(wanted)


class MailTable(ListTable):
    to = NameColumn(accessor="pk", verbose_name=_("Receiver"), orderable=False, attrs=whole("said"))
    matter = NameColumn(accessor="pk", verbose_name=_("Mail"), order_by=("template",), attrs=whole("wrap"))
    why = FragmentColumn(
        "system/_mail_why.html", name="mail", verbose_name=_("Reason"), order_by=("reason",),
        attrs={"td": {"class": "said whole"}},
    )  # fmt: skip
    queued = MomentColumn(accessor="created_at", verbose_name=_("Since"))
    attempts = CountColumn(verbose_name=_("Tries"), visible=False)
    act = FragmentColumn(
        "system/_mail_act.html", name="mail", verbose_name=_("Actions"), orderable=False, exclude_from_export=True
    )
    per_page = 50

    def render_to(self, record: OutboxMail) -> str:
        return receiver(record) or DASH

    def value_to(self, record: OutboxMail) -> str:
        return receiver(record)

    def render_matter(self, record: OutboxMail) -> str:
        return subject_matter(record)

    def value_matter(self, record: OutboxMail) -> str:
        return subject_matter(record)


def parked(_user: User) -> QuerySet[OutboxMail]:
    """All of them: only administrators open the list."""
    return parked_mails()


MAILS = register(
    List(
        "mails", _("Parked mails"), "system:mail", MailTable, MailFilter, parked, files="system:mail",
        roles=frozenset({Role.ADMIN}),
        fields=(
            Field("reason", _("Reason"), "choice", "reason", listing(OutboxMail.Reason.choices)),
            Field("queued", _("Since"), "moment", "created_at"),
            Field("attempts", _("Tries"), "number", "attempts"),
            Field("maybe", _("It may have gone out once already."), "flag", "maybe_sent"),
        ),
    )
)  # fmt: skip
