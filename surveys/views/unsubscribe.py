"""The page behind the unsubscribe link of a survey's mail: reading it changes nothing, POST ends surveys (RFC 8058).

Mail programs post here by themselves, without cookie and token: the link is the authority, for the contact's own
address.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.outbox.models import SuppressedAddress
from accounts.outbox.suppression import suppress
from surveys.queries import unsubscribing
from surveys.views.public import language_of, page, too_many_guesses


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, public_id: UUID, token: str) -> HttpResponse:
    contact = unsubscribing(public_id, token)
    language = language_of(request, contact)
    with translation.override(language):
        if contact is None or "@" not in contact.email:
            answer = page(request, "surveys/unknown.html", status=429 if too_many_guesses(request) else 404)
        else:
            if request.method == "POST":
                suppress(contact.email, SuppressedAddress.Why.UNSUBSCRIBED, by=None)
            answer = page(request, "surveys/unsubscribe.html", done=request.method == "POST")
    answer.headers["Content-Language"] = language
    return answer
