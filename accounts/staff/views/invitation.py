"""The door behind the link of an invitation: reading it never spends it, only the form does."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.adapter import home_of, log_in
from accounts.models import StaffInvitation
from accounts.staff import queries, services
from accounts.staff.forms import PasswordForm
from cs_portal.kit.forms import status_of
from cs_portal.kit.tokens import fingerprint


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = queries.open_invitation(fingerprint(token))
    if invitation is None:
        return render(request, "accounts/invitation_over.html", status=404)
    if request.user.is_authenticated:
        return render(request, "accounts/invitation_other.html", {"invitation": invitation}, status=409)
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(translation.get_language() if chosen else invitation.user.language):
        form = PasswordForm(request.POST or None, person=invitation.user)
        if form.is_valid() and _accepted(request, invitation, form):
            return redirect(home_of(request))
        context = {"form": form, "invitation": invitation}
        return render(request, "accounts/invitation.html", context, status=status_of(form))


def _accepted(request: HttpRequest, invitation: StaffInvitation, form: PasswordForm) -> bool:
    try:
        person = services.accept_invitation(invitation, password=form.cleaned_data["password1"])
    except ValidationError as error:
        form.add_error(None, error)
        return False
    log_in(request, person)
    messages.success(request, _("Welcome! Your password is saved."))
    return True
