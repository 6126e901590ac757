"""Ready-made indicators in both languages: a proposal in under two minutes."""

from typing import Any

Template = dict[str, Any]


def _ready(de: tuple[str, str], en: tuple[str, str], **definition: Any) -> Template:
    texts = {
        "de": dict(zip(("name", "question"), de, strict=True)),
        "en": dict(zip(("name", "question"), en, strict=True)),
    }
    return {"texts": texts, "kind": "quantitative", "cadence": "monthly", **definition}


GALLERY: dict[str, Template] = {
    "time_per_case": _ready(
        ("Bearbeitungszeit je Vorgang", "Wie viele Minuten braucht ein Vorgang im Mittel bis zum Abschluss?"),
        ("Handling time per case", "How many minutes does a case take on average from arrival to completion?"),
        direction="decrease", unit="min",
    ),
    "hours_saved": _ready(
        ("Eingesparte Arbeitszeit", "Wie viele Stunden spart Ihr Team im Monat gegenüber der Zeit davor?"),
        ("Working time saved", "How many hours a month does your team save compared with the time before?"),
        direction="increase", unit="h",
    ),
    "cost_per_case": _ready(
        ("Kosten je Vorgang", "Was kostet ein Vorgang im Mittel, Arbeitszeit eingerechnet?"),
        ("Cost per case", "What does a case cost on average, working time included?"),
        direction="decrease", unit="EUR",
    ),
    "error_rate": _ready(
        ("Fehlerquote", "Wie viele von 100 Vorgängen müssen nachgearbeitet werden?"),
        ("Error rate", "How many of 100 cases have to be reworked?"),
        direction="decrease", unit="%",
    ),
    "on_time": _ready(
        ("Termintreue", "Wie viele von 100 Terminen werden eingehalten?"),
        ("On-time share", "How many of 100 deadlines are met?"),
        direction="increase", unit="%",
    ),
    "availability": _ready(
        ("Verfügbarkeit", "An wie viel Prozent der Betriebszeit steht der Dienst Ihren Nutzern zur Verfügung?"),
        ("Availability", "For what share of the operating time can your users reach the service?"),
        direction="maintain", unit="%",
    ),
    "easier_work": _ready(
        ("Erleichterung im Alltag", "Wie sehr erleichtert die Lösung Ihrer Nutzergruppe die tägliche Arbeit?"),
        ("Easier daily work", "How much easier does the solution make the group's daily work?"),
        kind="qualitative", direction="", cadence="quarterly",
        levels=["not at all / gar nicht", "a little / etwas", "noticeably / spürbar", "a lot / deutlich",
                "completely / vollständig"],
    ),
}  # fmt: skip
