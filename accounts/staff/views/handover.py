"""The door to handing over: choose receivers, look at what would go to whom, do it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import AuthedRequest, staff_required
from accounts.models import Role, User
from accounts.rest.services import live_tokens
from accounts.staff import queries, services
from accounts.staff.forms import HandOverForm, ReceiversForm
from cs_portal.kit.forms import status_of

from .shared import get_colleague, saved


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def hand_over(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    person = get_colleague(public_id)
    sent = request.POST if request.method == "POST" else request.GET
    choice = ReceiversForm(sent if "to" in sent or request.method == "POST" else None, person=person)
    context = {"person": person, "holdings": queries.holdings(person), "tokens": live_tokens(person), "form": choice}
    if not choice.is_valid():
        return render(request, "accounts/hand_over.html", context, status=status_of(choice))
    to = list(choice.cleaned_data["to"])
    form = HandOverForm(request.POST or None, person=person, to=to, initial={"to": [user.public_id for user in to]})
    if _handed_over(request, person, form, to):
        return redirect("person", public_id)
    context |= {"form": form, "receivers": to}
    return render(request, "accounts/hand_over_preview.html", context, status=status_of(form))


def _handed_over(request: AuthedRequest, person: User, form: HandOverForm, to: list[User]) -> bool:
    moved: list[int] = []

    def write() -> None:
        deactivate = form.cleaned_data["then_deactivate"]
        moved.append(
            services.hand_over(person, to=to, customers=form.shares, by=request.user, then_deactivate=deactivate)
        )

    if not saved(form, write):
        return False
    done = ngettext("%(number)s record is handed over.", "%(number)s records are handed over.", moved[0])
    messages.success(request, done % {"number": moved[0]})
    return True
