"""Doors: one's own tokens, and for administrators everybody's."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, portal_access, staff_required
from accounts.models import Role
from accounts.rest import queries, services
from accounts.rest.forms import TokenForm
from cs_portal.kit.forms import status_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@cache_control(no_store=True)
def tokens(request: AuthedRequest) -> HttpResponse:
    """List and make. The secret stands in this one answer and nowhere else."""
    form, secret = TokenForm(request.POST or None), ""
    if form.is_valid():
        try:
            access = portal_access(request)
            _token, secret = services.create_token(request.user, access=access, **form.cleaned_data)
            form = TokenForm()
        except ValidationError as refused:
            form.add_error(None, refused)
    base = "base.html" if request.user.is_colleague else "portal.html"
    rows = [(token, token.is_live(timezone.now())) for token in queries.tokens_of(request.user)]
    context = {"form": form, "secret": secret, "rows": rows, "base": base, "sees_all": request.user.role == Role.ADMIN}
    return render(request, "rest/tokens.html", context, status=status_of(form))


@require_POST
@login_required
def token_revoke(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    token = get_object_or_404(queries.tokens_to_revoke(request.user), public_id=public_id)
    services.revoke_token(token, by=request.user)
    messages.success(request, _("“%(name)s” no longer works.") % {"name": token.name})
    return redirect("rest:tokens" if token.user_id == request.user.pk else "rest:all_tokens")


@require_safe
@staff_required(Role.ADMIN)
def all_tokens(request: AuthedRequest) -> HttpResponse:
    page = Paginator(queries.all_tokens(), 50).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {"page": page, "rows": [(token, token.is_live(now)) for token in page], "nav_active": "settings"}
    return render(request, "rest/all_tokens.html", context)
