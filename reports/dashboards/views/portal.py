"""The first page of a contact."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import PortalRequest, live_accesses, portal_required
from accounts.attachments.news import portal_news

from ..periods import today
from ..queries import portal_fragments, portal_list


@require_safe
@portal_required()
def portal_home(request: PortalRequest) -> HttpResponse:
    day = today()
    context = {
        "nav_active": "home", "access": request.portal, "customer": request.portal.contact.customer,
        "rows": [(item, item.days_left(day)) for item in portal_list(request.portal)],
        "news": portal_news(request.portal),
        "may_switch": live_accesses(request.user).count() > 1,
        **portal_fragments(request.portal),
    }  # fmt: skip
    return render(request, "dashboards/portal_home.html", context)
