"""Doors: views with a name, and how dense rows are."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import AuthedRequest, staff_required
from accounts.lists import queries, services
from accounts.lists.forms import DensityForm, ViewForm
from accounts.lists.models import SavedView
from cs_portal.kit.forms import status_of
from cs_portal.kit.lists.base import kept

from .shared import back_to, get_list


@require_POST
@staff_required()
def view_save(request: AuthedRequest, name: str) -> HttpResponse:
    """Keep what the list shows under a name; what is wrong is said on a page of its own with the form."""
    declared = get_list(request, name)
    form, query = ViewForm(request.POST), kept(declared, QueryDict(request.POST.get("query", "")[:6000]))
    if form.is_valid():
        try:
            view = services.save_view(
                form.cleaned_data["name"], of=name, query=query, shared=form.cleaned_data["shared"], by=request.user
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return back_to(declared, query, view=str(view.public_id))
    context = {"form": form, "list": declared, "query": query, "may_share": queries.may_share(request.user)}
    return render(request, "lists/view_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def view_page(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Rename, share or stop sharing."""
    view = _view(request, public_id)
    declared = get_list(request, view.list)
    form = ViewForm(request.POST or None, initial={"name": view.name, "shared": view.is_shared})
    if form.is_valid():
        try:
            services.rename_view(view, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved."))
            return back_to(declared, view.query, view=str(view.public_id))
    context = {"form": form, "list": declared, "view": view, "may_share": queries.may_share(request.user)}
    return render(request, "lists/view.html", context, status=status_of(form))


@require_POST
@staff_required()
def view_overwrite(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    view = _view(request, public_id)
    declared = get_list(request, view.list)
    query = kept(declared, QueryDict(request.POST.get("query", "")[:6000]))
    services.overwrite_view(view, query=query, by=request.user)
    messages.success(request, _("“%(name)s” shows this from now on.") % {"name": view.name})
    return back_to(declared, query, view=str(view.public_id))


@require_POST
@staff_required()
def view_remove(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """With a way back in the message."""
    view = _view(request, public_id)
    declared = get_list(request, view.list)
    services.remove_view(view, by=request.user)
    return render(request, "lists/view_removed.html", {"view": view, "list": declared})


@require_POST
@staff_required()
def view_restore(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    view = get_object_or_404(queries.changeable_views(request.user), public_id=public_id)
    declared = get_list(request, view.list)
    try:
        services.restore_view(view, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return back_to(declared, view.query, view=str(view.public_id))


@require_POST
@staff_required()
def density(request: AuthedRequest) -> HttpResponse:
    """Remembered for the person, whatever the list."""
    form = DensityForm(request.POST)
    if form.is_valid():
        services.choose_density(form.cleaned_data["density"], by=request.user)
    return back_to(get_list(request, request.POST.get("list", "")), request.POST.get("query", ""))


def _view(request: AuthedRequest, public_id: UUID) -> SavedView:
    return get_object_or_404(queries.changeable_views(request.user).filter(removed_at=None), public_id=public_id)
