"""The one address to which the mail provider reports; without a configured secret it does not exist."""

from importlib import import_module

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

PROVIDERS = {
    "brevo": "BrevoTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}


@csrf_exempt
@require_POST
def mail_events(request: HttpRequest) -> HttpResponse:
    """Anymail checks the secret (HTTP basic) before it reads anything, and refuses with 400."""
    name = PROVIDERS.get(settings.MAIL_PROVIDER)
    if name is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    view = getattr(import_module(f"anymail.webhooks.{settings.MAIL_PROVIDER}"), name)
    answer: HttpResponse = view.as_view()(request)
    return answer
