"""Wrong settings, each with an id: Django says them before it starts, ``./cs doctor`` among everything else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from cs_portal.kit.addresses import networks

LONG_ENOUGH = 32
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Rule:
    """``is_wrong`` looks at the settings; an E stops the start, a W does not."""

    id: str
    says: str
    hint: str
    is_wrong: Callable[[], bool]


def _base_url() -> bool:
    parts = urlsplit(settings.BASE_URL)
    return parts.scheme not in ("http", "https") or not parts.hostname


def _proxies() -> bool:
    try:
        networks(settings.TRUSTED_PROXIES)
    except ValueError:
        return True
    return False


def _is_plain(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme != "https" and parts.hostname not in HERE


def _half_a_provider() -> bool:
    given = [settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET]
    return any(given) and not all(given)


RULES = (
    Rule("cs.E001", "CS_BASE_URL is no address.", "Write it as https://success.example.com.", _base_url),
    Rule(
        "cs.E002", "CS_TRUSTED_PROXIES holds something that is neither an address nor a network.",
        "Write addresses and networks with commas between them: 10.0.0.0/8,::1.", _proxies,
    ),
    Rule(
        "cs.E003", "The settings for single sign-on are incomplete.",
        "Set CS_OIDC_ISSUER, CS_OIDC_CLIENT_ID and CS_OIDC_CLIENT_SECRET, or none of them.", _half_a_provider,
    ),
    Rule(
        "cs.E004", "CS_OIDC_ISSUER is reached without TLS.", "Name an issuer with https://.",
        lambda: bool(settings.OIDC_ISSUER) and _is_plain(settings.OIDC_ISSUER),
    ),
    Rule(
        "cs.E005", "CS_SWEEP_SECONDS and CS_RENDER_LEASE_SECONDS must be above 0.", "Leave them out for the default.",
        lambda: settings.SWEEP_SECONDS <= 0 or settings.RENDER_LEASE_SECONDS <= 0,
    ),
    Rule(
        "cs.E006", "CS_UPLOAD_MB must be 1 to 200.", "Leave it out for the default of 20.",
        lambda: not 1 <= settings.UPLOAD_MB <= 200,
    ),
    Rule(
        "cs.W001", "CS_SECRET_KEY is short.", "Use 50 random characters; everybody then logs in again.",
        lambda: len(settings.SECRET_KEY) < LONG_ENOUGH or len(set(settings.SECRET_KEY)) < 10,
    ),
    Rule(
        "cs.W002", "CS_DEBUG is on.", "Leave it out except on a developer's machine: its pages show code.",
        lambda: bool(settings.DEBUG),
    ),
    Rule(
        "cs.W003", "CS_BASE_URL is reached without TLS.", "Use https:// behind a proxy; it also secures the cookies.",
        lambda: not _base_url() and _is_plain(settings.BASE_URL),
    ),
    Rule(
        "cs.W004", "CS_METRICS_TOKEN is short.", "Use 32 random characters or none.",
        lambda: 0 < len(settings.METRICS_TOKEN) < LONG_ENOUGH // 2,
    ),
)  # fmt: skip


@checks.register
def settings_fit(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    kinds = {"E": checks.Error, "W": checks.Warning}
    return [kinds[rule.id[3]](rule.says, hint=rule.hint, id=rule.id) for rule in RULES if rule.is_wrong()]
