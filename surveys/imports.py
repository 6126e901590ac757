"""Invitations and answers as files of the import contract (metrics.md, sections 6, 15 and 17)."""

from accounts.models import Contact, Customer
from cs_portal.kit.filespec import Alike, FileSpec, Once, Rule, columns, ordered, other_customer
from surveys.models import Invitation, Response

# A new id creates the survey.
SURVEY = {"survey_id": "(SELECT known.id FROM surveys_survey known WHERE known.external_id = c.survey)"}
NEW_SURVEYS = """
    INSERT INTO surveys_survey (external_id)
    SELECT DISTINCT c.survey FROM load_checked c WHERE c.verdict IS NULL
    ON CONFLICT (external_id) DO NOTHING
"""

INVITATIONS = FileSpec(
    name="survey_invitations.csv",
    model=Invitation,
    columns=columns(
        "external_id id!, survey id!, kind nps|csat|ces!, contact id, customer id, channel str, sent_at ts!, "
        "bounced_at ts, is_test bool=false"
    ),
    references={"contact": Contact, "customer": Customer},
    joins="JOIN surveys_survey survey ON survey.id = t.survey_id",
    stored={"survey": "survey.external_id"},
    store={"survey": SURVEY},
    checks=(other_customer("contact"),),
    rules=(
        ordered("sent_at", "bounced_at"),
        Rule(
            "contact", "missing_value", "d.contact IS NULL AND d.customer IS NULL",
            "Somebody was asked: name the contact or the customer.",
        ),
    ),
    before=(NEW_SURVEYS,),
    dumped="t.sent_at IS NOT NULL",  # one that waits to be sent has asked nobody yet
)  # fmt: skip

# The scale: what the row says, otherwise the default of its kind. A file may have one of the two columns only.
UNSAID = "e.scale_min_said IS NULL AND e.scale_max_said IS NULL AND e.{0} IS NULL"
LOW = f"CASE WHEN {UNSAID.format('scale_min')} THEN CASE e.kind WHEN 'nps' THEN 0 ELSE 1 END ELSE e.scale_min END"
HIGH = f"CASE WHEN {UNSAID.format('scale_max')} THEN CASE e.kind WHEN 'nps' THEN 10 ELSE 5 END ELSE e.scale_max END"
HIGH_FROM = f"""coalesce(e.high_from, CASE
    WHEN e.kind = 'csat' AND ({LOW}) = 1 THEN CASE ({HIGH}) WHEN 5 THEN 4 WHEN 7 THEN 6 WHEN 10 THEN 8 END
    WHEN e.kind = 'ces' AND ({LOW}) = 1 THEN CASE ({HIGH}) WHEN 5 THEN 4 WHEN 7 THEN 5 WHEN 10 THEN 7 END
END)"""
SCALE = ("scale_min", "scale_max", "high_from", "reversed", "anonymous")
SAME_SCALE = "The survey's first row of this kind has another {what}; all its rows must have the same."


def _as_known(name: str) -> Rule:
    broken = f"d.known_scale IS NOT NULL AND d.{name} IS DISTINCT FROM d.known_{name}"
    return Rule(name, "conflict", broken, SAME_SCALE.format(what=name))


NEW_SCALES = """
    INSERT INTO surveys_surveyscale (survey_id, kind, scale_min, scale_max, high_from, reversed, anonymous)
    SELECT DISTINCT survey.id, c.kind, c.scale_min, c.scale_max, c.high_from, c.reversed, c.anonymous
    FROM load_checked c JOIN surveys_survey survey ON survey.external_id = c.survey
    WHERE c.verdict IS NULL
    ON CONFLICT (survey_id, kind) DO NOTHING
"""

RESPONSES = FileSpec(
    name="survey_responses.csv",
    model=Response,
    columns=columns(
        "external_id id!, survey id!, kind nps|csat|ces!, scale_min int, scale_max int, high_from int, "
        "reversed bool=false, anonymous bool=false, invitation id, contact id, customer id, score int, "
        "answered_at ts!, comment text, language str, is_test bool=false, is_disqualified bool=false"
    ),
    references={"invitation": Invitation, "contact": Contact, "customer": Customer},
    joins=(
        "JOIN surveys_survey survey ON survey.id = t.survey_id "
        "LEFT JOIN surveys_surveyscale scale ON scale.survey_id = t.survey_id AND scale.kind = t.kind"
    ),
    stored={
        "survey": "survey.external_id",
        "answered_at": "coalesce(t.answered_at, t.answered_on::timestamp AT TIME ZONE %(zone)s)",
        **{name: f"scale.{name}" for name in SCALE[:4]},
    },
    given={
        "invitation_customer": (
            "coalesce(r_invitation.customer_id, "
            "(SELECT asked.customer_id FROM accounts_contact asked WHERE asked.id = r_invitation.contact_id))"
        )
    },
    lookups=(
        "LEFT JOIN surveys_survey known_survey ON known_survey.external_id = e.survey "
        "LEFT JOIN surveys_surveyscale known ON known.survey_id = known_survey.id AND known.kind = e.kind"
    ),
    derived={
        "scale_min": LOW,
        "scale_max": HIGH,
        "high_from": HIGH_FROM,
        # Of an anonymous answer only the local day is kept.
        "answered_at": (
            "CASE WHEN e.anonymous THEN date_trunc('day', e.answered_at AT TIME ZONE %(zone)s) AT TIME ZONE %(zone)s "
            "ELSE e.answered_at END"
        ),
        "known_scale": "known.id",
        **{f"known_{name}": f"known.{name}" for name in SCALE},
        "answered_before": (
            "EXISTS (SELECT FROM surveys_response other WHERE other.invitation_id = e.invitation "
            "AND other.kind = e.kind AND other.id IS DISTINCT FROM e.stored_id)"
        ),
    },
    store={
        "survey": SURVEY,
        **{name: {} for name in SCALE[:4]},
        "answered_at": {
            "answered_at": "CASE WHEN c.anonymous THEN NULL ELSE c.answered_at END",
            "answered_on": "CASE WHEN c.anonymous THEN (c.answered_at AT TIME ZONE %(zone)s)::date END",
        },
    },
    checks=(
        Rule(
            "invitation", "conflict", "d.invitation_customer <> coalesce(d.customer, d.contact_customer)",
            "This invitation went to another customer; name one of the row's customer.",
        ),
        other_customer("contact"),
    ),
    rules=(
        Rule("scale_min", "missing_value", "d.scale_min IS NULL AND d.scale_max IS NOT NULL", "Give both ends."),
        Rule("scale_max", "missing_value", "d.scale_max IS NULL AND d.scale_min IS NOT NULL", "Give both ends."),
        Rule(
            "scale_max", "conflict", "d.kind = 'nps' AND (d.scale_min <> 0 OR d.scale_max <> 10)",
            "The NPS scale is always 0 to 10.",
        ),
        Rule("high_from", "conflict", "d.kind = 'nps' AND d.high_from IS NOT NULL", "The NPS has no high_from."),
        Rule("reversed", "conflict", "d.kind = 'nps' AND d.reversed", "The NPS scale cannot be reversed."),
        Rule("scale_max", "conflict", "d.scale_max <= d.scale_min", "scale_max must be greater than scale_min."),
        Rule(
            "high_from", "missing_value", "d.kind <> 'nps' AND d.high_from IS NULL",
            "This scale has no usual limit; say from which score on an answer is high.",
        ),
        Rule(
            "score", "out_of_range", "d.score NOT BETWEEN d.scale_min AND d.scale_max",
            "The score must lie on the scale.",
        ),
        Rule(
            "high_from", "out_of_range", "d.high_from NOT BETWEEN d.scale_min AND d.scale_max",
            "high_from must lie on the scale.",
        ),
        *(_as_known(name) for name in SCALE),
        Alike(("survey", "kind"), SCALE, SAME_SCALE.format(what="scale")),
        Rule(
            "invitation", "conflict", "d.anonymous AND d.invitation IS NOT NULL",
            "An anonymous answer names no invitation.",
        ),
        Rule("contact", "conflict", "d.anonymous AND d.contact IS NOT NULL", "An anonymous answer names no contact."),
        Rule("invitation", "conflict", "d.answered_before", "This invitation has an answer of this kind already."),
        Once(("invitation", "kind"), "invitation", "An earlier row answers this invitation already."),
    ),
    before=(NEW_SURVEYS, NEW_SCALES),
)  # fmt: skip
