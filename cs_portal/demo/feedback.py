"""What the demo company's contacts answer."""

from datetime import datetime, time, timedelta

from cs_portal.demo.catalogue import COMMENTS
from cs_portal.demo.company import AHEAD, BEHIND, CHURNED, SILENT, TRIAL, Company24, contact_id
from cs_portal.metrics.periods import add_months


def ask_quarterly(one: Company24) -> None:
    """Every quarter all contacts are asked; about two of three answer."""
    if one.is_(SILENT) or one.is_(TRIAL):
        return
    for quarter in range(8):
        sent = datetime.combine(add_months(one.anchor, -3 * quarter) - timedelta(days=40), time(9, 12))
        if sent.date() < one.start:
            continue
        for place in range(1, 7):
            _ask(one, quarter, place, sent + timedelta(minutes=one.number))
    if one.number < 9:
        _anonymous(one)


def _ask(one: Company24, quarter: int, place: int, sent: datetime) -> None:
    invitation, contact = f"{one.id}-i{quarter}-{place}", contact_id(one.id, place)
    bounced = one.random.random() < 0.03
    one.add(
        "survey_invitations.csv",
        external_id=invitation,
        survey="nps",
        kind="nps",
        contact=contact,
        customer=one.id,
        channel="email",
        sent_at=sent.isoformat(),
        bounced_at=(sent + timedelta(minutes=3)).isoformat() if bounced else "",
    )
    if bounced or one.random.random() > (0.25 if one.number == 19 else 0.68):
        return
    mood = 9.2 if one.is_(AHEAD) else 6.2 if one.is_(BEHIND) or one.is_(CHURNED) else 8.3
    score = max(0, min(10, round(one.random.gauss(mood, 1.4))))
    group = "high" if score >= 9 else "mid" if score >= 7 else "low"
    comment = one.random.choice(COMMENTS[one.language][group]) if one.random.random() < 0.45 else ""
    one.add(
        "survey_responses.csv",
        external_id=f"{invitation}-r",
        survey="nps",
        kind="nps",
        invitation=invitation,
        contact=contact,
        customer=one.id,
        score=score,
        answered_at=_answered(sent, one.random.randint(1, 120)).isoformat(),
        comment=comment,
        language=one.language,
        anonymous="false",
    )


def _answered(sent: datetime, hours: int) -> datetime:
    """Within five days and by daylight: when clocks go forward, an hour of the night does not exist."""
    return sent + timedelta(days=hours // 24, hours=1 + hours % 11)


def _anonymous(one: Company24) -> None:
    """One anonymous satisfaction survey a year ago, all in one month."""
    day = add_months(one.anchor.replace(day=12), -11)
    one.add(
        "survey_responses.csv", external_id=f"{one.id}-a", survey="csat-anonym", kind="csat", invitation="", contact="",
        customer=one.id, score=one.random.choice((3, 4, 4, 5, 5)), answered_at=f"{day}T10:00", comment="",
        language=one.language, anonymous="true",
    )  # fmt: skip
