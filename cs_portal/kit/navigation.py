"""What every page's frame shows: name, navigation (only what works), the person's menu."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERYBODY = frozenset({"admin", "lead", "csm", "analyst", "viewer"})


@dataclass(frozen=True)
class Entry:
    name: str  # of the URL
    label: Promise
    icon: str
    roles: frozenset[str] = EVERYBODY
    keeps: bool = False  # the context filter of the page one comes from


CONTEXT = ("segment", "owner", "period")
STAFF = (
    Entry("dashboards:today", _("Today"), "list-check"),
    Entry("dashboards:customers", _("Customers"), "building", keeps=True),
    Entry("kvi:goals", _("Goals & KVIs"), "target", keeps=True),
    Entry("dashboards:feedback", _("Feedback"), "message-2", keeps=True),
    Entry("playbooks:follow_ups", _("Follow-ups"), "checks", keeps=True),
    Entry("dashboards:revenue", _("Revenue"), "coin", keeps=True),
    Entry("dashboards:support", _("Support"), "headset", keeps=True),
    Entry("dashboards:onboarding", _("Onboarding"), "flag", keeps=True),
    Entry("reports:reports", _("Reports"), "file-text", keeps=True),
    Entry("dashboards:figures", _("Insights"), "chart-line", keeps=True),
    Entry("dashboards:settings", _("Settings"), "settings", frozenset({"admin", "lead", "analyst"})),
)
SETTINGS = (
    Entry("dashboards:settings", _("Numbers"), "settings"),
    Entry("workspace_general", _("Workspace"), "building", frozenset({"admin", "lead"})),
    Entry("money:costs", _("Costs & rates"), "coin", frozenset({"admin", "lead", "analyst"})),
    Entry("people", _("People"), "users", frozenset({"admin", "lead"})),
    Entry("records:custom_fields", _("Custom fields"), "file-text", frozenset({"admin"})),
    Entry("teams", _("Teams"), "users-group", frozenset({"admin", "lead"})),
    Entry("system:jobs", _("Jobs"), "clock"),
    Entry("system:mail", _("Mail"), "mail", frozenset({"admin"})),
    Entry("system:audit", _("Audit"), "history", frozenset({"admin", "lead", "analyst"})),
    Entry("dashboards:profile", _("My profile"), "user"),
    Entry("mfa_index", _("Security"), "lock"),
)
PORTAL = (
    Entry("dashboards:portal_home", _("Our goals"), "target"),
    Entry("reports:portal_reports", _("Reports"), "file-text"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html, portal.html and public.html."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    is_contact = known and user.role == "contact"
    entries = (PORTAL if is_contact else STAFF) if known else ()
    return {
        "workspace_name": "cs_portal",
        "navigation": [_shown(entry, request) for entry in entries if _offered(entry, user)],
        "settings_navigation": _settings(request, user) if known and not is_contact else [],
        "jobs_url": _url("system:jobs") if known and not is_contact else None,
        "user_initials": _initials(str(user)) if known else "",
        "profile_url": _url("dashboards:profile") if known and not is_contact else None,
        "choose_url": _url("portal_choose") if is_contact else None,
        "tokens_url": _url("rest:tokens") if is_contact else None,
        "shell_template": ("portal.html" if is_contact else "base.html") if known else "public.html",
    }


def pages(user: Any) -> list[tuple[str, Entry]]:
    """Every page of the navigation that the colleague may open, with its address."""
    known = {entry.name: entry for entry in (*SETTINGS, *STAFF) if _offered(entry, user)}
    return [(reverse(entry.name), entry) for entry in (*STAFF, *SETTINGS) if known.get(entry.name) is entry]


def _settings(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    shown = [_shown(entry, request) for entry in SETTINGS if _offered(entry, user)]
    root = shown[0]["url"] if shown else ""
    return [entry | {"current": _is_here(request.path, entry["url"], root)} for entry in shown]


def _is_here(path: str, url: str, root: str) -> bool:
    """On the page or below it; below the first one stand all the others."""
    return path == url or (url != root and path.startswith(url))


def _offered(entry: Entry, user: Any) -> bool:
    return (user.role == "contact" or user.role in entry.roles) and _url(entry.name) is not None


def _shown(entry: Entry, request: HttpRequest) -> dict[str, Any]:
    url, path = _url(entry.name) or "/", request.path
    here = path == url or (url not in ("/", "/portal/") and path.startswith(url))
    context = _context(request) if entry.keeps else ""
    return {"url": f"{url}?{context}" if context else url, "label": entry.label, "icon": entry.icon, "current": here}


def _context(request: HttpRequest) -> str:
    """Segment, owner and period stay while one goes from list to list."""
    kept = {name: request.GET[name][:100] for name in CONTEXT if request.GET.get(name)}
    return urlencode(kept)


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _initials(name: str) -> str:
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()
