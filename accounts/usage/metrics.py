"""Declarations of the usage metrics (metrics.md, section 8), in the order of that file."""

from functools import partial

from accounts.usage.tallies import (
    account_tallies,
    feature_account_tallies,
    feature_tallies,
    features_seen,
    usage_tallies,
)
from cs_portal.metrics import usage
from cs_portal.metrics.base import Metric

SOURCE = "metrics.md, 8"
CUSTOMERS = ("portfolio", "segment", "customer")
LEVELS = (*CUSTOMERS, "user_group")
GROUPS = ("portfolio", "segment")

of_users = partial(Metric, better="higher", levels=LEVELS, tally=usage_tallies, source=SOURCE)

METRICS = (
    of_users(
        code="active_users",
        names={"de": "Aktive Nutzer", "en": "Active users"},
        unit="count",
        formula=usage.active_users,
        formula_text="distinct users active in the period",
    ),
    of_users(
        code="dau",
        names={"de": "Täglich aktive Nutzer", "en": "Daily active users"},
        unit="count",
        formula=usage.dau,
        formula_text="Σ over days of distinct active users ÷ days of the period",
    ),
    of_users(
        code="wau",
        names={"de": "Wöchentlich aktive Nutzer", "en": "Weekly active users"},
        unit="count",
        formula=usage.wau,
        formula_text="distinct users active in the last 7 days; n = value",
    ),
    of_users(
        code="mau",
        names={"de": "Monatlich aktive Nutzer", "en": "Monthly active users"},
        unit="count",
        formula=usage.mau,
        formula_text="distinct users active in the last 30 days; n = value",
    ),
    of_users(
        code="stickiness",
        names={"de": "Nutzungsbindung", "en": "Stickiness"},
        unit="ratio",
        formula=usage.stickiness,
        formula_text="dau of the last 30 days ÷ mau; period_dau: dau of the period ÷ mau; n = mau",
        variants=("same_window", "period_dau"),
    ),
    of_users(
        code="regular_active_users",
        names={"de": "Regelmäßig aktive Nutzer", "en": "Regular active users"},
        unit="count",
        formula=usage.regular_active_users,
        formula_text="users active on ≥ regular_days different days of the last regular_window_days days; n = value",
    ),
    of_users(
        code="regular_active_share",
        names={"de": "Anteil regelmäßiger Nutzer", "en": "Regular active share"},
        unit="ratio",
        formula=usage.regular_active_share,
        formula_text="regular active users licensed on E ÷ licensed users on E; n = denominator",
    ),
    of_users(
        code="usage_intensity",
        names={"de": "Nutzungsintensität", "en": "Usage intensity"},
        unit="count",
        formula=usage.usage_intensity,
        formula_text="events of the period ÷ pairs of user and active day",
    ),
    of_users(
        code="sessions_per_day",
        names={"de": "Sitzungen pro Tag", "en": "Sessions per day"},
        unit="count",
        formula=usage.sessions_per_day,
        formula_text=(
            "sessions of the period ÷ days of the period; per_user_day: sessions ÷ pairs of user and active day"
        ),
        variants=("per_day", "per_user_day"),
    ),
    of_users(
        code="feature_adoption",
        names={"de": "Funktionsnutzung", "en": "Feature adoption"},
        unit="ratio",
        tally=feature_tallies,
        formula=usage.feature_adoption,
        formula_text=(
            "users with ≥ 1 event of the feature ÷ active users; licensed_users: those licensed on E ÷ licensed users "
            "on E; accounts: payers on E with ≥ 1 event of it ÷ payers on E; n = denominator"
        ),
        variants=("active_users", "licensed_users", "accounts"),
        variant_levels={"accounts": GROUPS},
        variant_tallies={"accounts": feature_account_tallies},
        parameters=features_seen,
        has_total=False,
    ),
    of_users(
        code="engagement_rate",
        names={"de": "Engagement (Nutzungszeit)", "en": "Engagement (active time)"},
        unit="minutes",
        formula=usage.engagement_rate,
        formula_text="Σ active minutes ÷ active_users; per_user_day: ÷ pairs of user and active day",
        variants=("per_user", "per_user_day"),
    ),
    of_users(
        code="licence_utilisation",
        names={"de": "Lizenzauslastung", "en": "Licence utilisation"},
        unit="ratio",
        levels=CUSTOMERS,
        formula=usage.licence_utilisation,
        formula_text=(
            "active users of the period licensed on E ÷ seats on E; licensed_users: ÷ licensed users on E; "
            "n = denominator"
        ),
        variants=("seats", "licensed_users"),
    ),
    of_users(
        code="active_accounts",
        names={"de": "Aktive Konten", "en": "Active accounts"},
        unit="count",
        levels=GROUPS,
        tally=account_tallies,
        formula=usage.active_accounts,
        formula_text="customers with ≥ 1 event in the period; n = value",
    ),
)
