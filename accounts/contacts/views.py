"""Doors: the contacts of all customers, as a page and as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import EXPORTS, AuthedRequest, staff_required
from accounts.contacts.lists import CONTACTS
from accounts.lists.pages import list_file, show_list


@require_safe
@staff_required()
def contacts(request: AuthedRequest) -> HttpResponse:
    return show_list(request, CONTACTS, "accounts/contacts.html")


@require_safe
@staff_required(*EXPORTS)
def contacts_file(request: AuthedRequest, kind: str) -> HttpResponse:
    return list_file(request, CONTACTS, kind)
