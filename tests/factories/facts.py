"""Facts for tests as an import would store them: what is paid, asked, answered, agreed and measured."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from accounts.models import Customer, Workspace
from accounts.onboarding.models import OnboardingStep
from accounts.revenue.models import ChurnRecord, Cost, ExchangeRate, Subscription
from accounts.support.models import Ticket
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement
from surveys.models import Invitation, Response, Survey, SurveyScale
from tests.factories.accounts import make_customer

_numbers = count(1)


def day(text: str | date) -> date:
    return date.fromisoformat(text) if isinstance(text, str) else text


def noon(text: str | date | datetime) -> datetime:
    """A moment of that day, or the moment given."""
    if isinstance(text, datetime):
        return text
    return datetime.fromisoformat(str(text)) if "T" in str(text) else datetime.combine(day(text), time(11), UTC)


def set_workspace(**settings: Any) -> None:
    Workspace.objects.update_or_create(singleton=True, defaults=settings)


def make_rate(currency: str, valid_from: str, rate: str) -> ExchangeRate:
    return ExchangeRate.objects.create(currency=currency, valid_from=day(valid_from), rate=rate)


def make_subscription(customer: Customer, start: str, end: str | None, mrr: Any, **fields: Any) -> Subscription:
    defaults = {"external_id": f"S-{next(_numbers)}", "currency": "EUR"}
    return Subscription.objects.create(
        customer=customer, start_date=day(start), end_date=end and day(end), mrr=mrr, **{**defaults, **fields}
    )


def make_churn_record(customer: Customer, when: str, reason: str, **fields: Any) -> ChurnRecord:
    defaults = {"external_id": f"L-{next(_numbers)}"}
    return ChurnRecord.objects.create(customer=customer, date=day(when), reason=reason, **{**defaults, **fields})


def make_cost(when: str, category: str, amount: Any, **fields: Any) -> Cost:
    """The workspace's, unless a customer is named."""
    defaults = {"external_id": f"E-{next(_numbers)}", "currency": "EUR"}
    return Cost.objects.create(date=day(when), category=category, amount=amount, **{**defaults, **fields})


def make_ticket(customer: Customer, opened: str, **fields: Any) -> Ticket:
    """Open unless ``closed_at`` is given; moments as text with an offset, or days."""
    for name in {"first_closed_at", "reopened_at", "closed_at"} & set(fields):
        fields[name] = noon(fields[name])
    defaults = {"external_id": f"T-{next(_numbers)}", "opened_at": noon(opened)}
    return Ticket.objects.create(customer=customer, **{**defaults, **fields})


def make_step(customer: Customer, step: str, position: int, achieved: str | None = None, **fields: Any) -> Any:
    """An onboarding step, open unless a day or moment of its achievement is given."""
    defaults = {"external_id": f"N-{next(_numbers)}", "achieved_at": achieved and noon(achieved)}
    return OnboardingStep.objects.create(customer=customer, step=step, position=position, **{**defaults, **fields})


def make_survey(external_id: str = "", kind: str = "nps", **scale: Any) -> Survey:
    """A survey with the scale of one kind: 0-10 for NPS, otherwise 1-5."""
    survey = Survey.objects.create(external_id=external_id or f"V-{next(_numbers)}")
    bounds = {"scale_min": 0, "scale_max": 10} if kind == "nps" else {"scale_min": 1, "scale_max": 5}
    SurveyScale.objects.create(survey=survey, kind=kind, **{**bounds, **scale})
    return survey


def make_invitation(survey: Survey, sent: str | None, **fields: Any) -> Invitation:
    defaults = {"external_id": f"I-{next(_numbers)}", "kind": survey.scales.get().kind, "sent_at": sent and noon(sent)}
    if fields.get("bounced_at"):
        fields["bounced_at"] = noon(fields["bounced_at"])
    return Invitation.objects.create(survey=survey, **{**defaults, **fields})


def make_response(survey: Survey, score: int | None, answered: str, **fields: Any) -> Response:
    """An answer; that of an anonymous survey keeps the day only."""
    scale = survey.scales.get(**({"kind": fields["kind"]} if "kind" in fields else {}))
    when = {"answered_on": day(answered)} if scale.anonymous else {"answered_at": noon(answered)}
    defaults = {"external_id": f"R-{next(_numbers)}", "kind": scale.kind, "anonymous": scale.anonymous, **when}
    return Response.objects.create(survey=survey, score=score, **{**defaults, **fields})


def make_goal(customer: Customer | None = None, start: str = "2024-01-01", **fields: Any) -> Goal:
    number = next(_numbers)
    defaults = {
        "external_id": f"O-{number}", "name": f"Goal {number}",
        "scope": "individual" if fields.get("user_group") else "collective",
        "start_date": day(start), "state": Goal.State.AGREED,
    }  # fmt: skip
    return Goal.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_indicator(goal: Goal | None = None, external_id: str = "", **version: Any) -> Indicator:
    """An indicator with one agreed version; more come with ``make_version``."""
    indicator = Indicator.objects.create(goal=goal or make_goal(), external_id=external_id or f"K-{next(_numbers)}")
    make_version(indicator, **version)
    return indicator


def make_version(indicator: Indicator, **fields: Any) -> IndicatorVersion:
    """Agreed and valid from 2024-01-01: from 100 to 150, measured monthly."""
    number = indicator.versions.count() + 1
    quantity = {"direction": "increase", "baseline": 100, "target": 150}
    rubric = {"kind": "qualitative"} if fields.get("levels") else {"kind": "quantitative", **quantity}
    defaults = {
        "name": f"Indicator {indicator.external_id}", "number": number, "cadence": "monthly", **rubric,
        "valid_from": date(2024, 1, 1), "agreed_on": date(2024, 1, 1), "state": "agreed", "provenance": "imported",
    }  # fmt: skip
    return IndicatorVersion.objects.create(indicator=indicator, **{**defaults, **fields})


def make_measurement(indicator: Indicator, measured: str, value: Any = None, **fields: Any) -> Measurement:
    defaults = {"external_id": f"M-{next(_numbers)}", "status": "unconfirmed"}
    return Measurement.objects.create(indicator=indicator, date=day(measured), value=value, **{**defaults, **fields})
