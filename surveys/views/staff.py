"""Ask contacts of a customer, follow the wave, take the answers along as a file."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, customers_for, get_customer, may_write, require_write, staff_required
from accounts.lists.pages import list_file, show_list
from accounts.models import Customer, User
from cs_portal.kit.forms import status_of
from surveys import queries, services
from surveys.forms import AskForm
from surveys.history import wave_history
from surveys.lists import RESPONSES
from surveys.mails import TEMPLATE, words
from surveys.models import Invitation, Kind, SurveyVersion, Wave
from surveys.texts import nps_content


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def ask(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    form = AskForm(request.POST if request.method == "POST" else None, customer=customer, today=_today())
    if form.is_valid() and (wave := _started(request, form, customer)):
        return redirect("surveys:wave", wave.public_id)
    context = {
        "nav_active": "feedback",
        "customer": customer,
        "form": form,
        "previews": [preview(language, customer.owner or request.user) for language in ("de", "en")],
    }
    return render(request, "surveys/ask.html", context, status=status_of(form))


def _started(request: AuthedRequest, form: AskForm, customer: Customer) -> Wave | None:
    try:
        wave = services.start_wave(customer, by=request.user, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None
    asked = len(form.cleaned_data["contacts"])
    text = ngettext("%(n)s person gets a mail now.", "%(n)s persons get a mail now.", asked)
    messages.success(request, text % {"n": asked})
    return wave


def preview(language: str, sender: User) -> dict[str, str]:
    """Subject and text of the mail as a contact reads it, without a working link."""
    version = SurveyVersion(kind=Kind.NPS, content=nps_content(queries.vendor_name()))
    with translation.override(language):
        context = {"name": _("Kim Example"), "url": "https://…", **words(version, language, sender)}
        subject, text = (
            render_to_string(f"emails/{TEMPLATE}-{part}.txt", context).strip() for part in ("subject", "body-text")
        )
    return {"language": language, "subject": subject, "text": text}


@require_safe
@staff_required()
def wave_page(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    wave, customer = _wave_and_customer(request.user, public_id)
    context = {
        "nav_active": "feedback",
        "wave": wave,
        "customer": customer,
        "rows": queries.invitation_rows(wave, request.user),
        "readable": queries.reads_answers(request.user),
        "may_write": may_write(request.user, customer),
        "history": wave_history(wave),
        "now": timezone.now(),
    }
    return render(request, "surveys/wave.html", context)


@require_POST
@staff_required()
def withdraw(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    wave, customer = _wave_and_customer(request.user, public_id)
    require_write(request.user, customer)
    services.withdraw_wave(wave, by=request.user)
    messages.success(request, _("The wave is withdrawn: its links store nothing any more."))
    return redirect("surveys:wave", wave.public_id)


@require_POST
@staff_required()
def renew(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    rows = Invitation.objects.filter(customer__in=customers_for(request.user), wave__isnull=False)
    invitation = get_object_or_404(rows.select_related("customer", "wave"), public_id=public_id)
    require_write(request.user, invitation.customer)
    try:
        services.renew_link(invitation, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("A new link is on its way; the old one no longer works."))
    return redirect("surveys:wave", invitation.wave.public_id)


@require_safe
@staff_required(*queries.READS_ANSWERS)
def responses(request: AuthedRequest) -> HttpResponse:
    """Every named answer of the gate's customers."""
    return show_list(request, RESPONSES, "surveys/responses.html", nav_active="feedback")


@require_safe
@staff_required(*queries.READS_ANSWERS)
def responses_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """The list as a file; ``?customer=`` narrows it to one that exists for the reader."""
    if named := request.GET.get("customer"):
        get_customer(request.user, _uuid(named))
    return list_file(request, RESPONSES, kind)


def _wave_and_customer(user: User, public_id: UUID) -> tuple[Wave, Customer]:
    """The wave, and the customer whose contacts it asked."""
    wave = get_object_or_404(queries.waves_for(user), public_id=public_id)
    customer = customers_for(user).filter(invitations__wave=wave).select_related("owner").order_by("pk")[0]
    return wave, customer


def _today() -> date:
    return timezone.now().astimezone(queries.workspace_zone()).date()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # no row has it
