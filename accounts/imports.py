"""Customers, their groups, contacts and end users as files of the import contract."""

from accounts.models import Contact, Customer, EndUser, UserGroup
from accounts.records.imports import with_custom_columns
from cs_portal.kit.filespec import FileSpec, Rule, columns, ordered, other_customer

# A colleague's address becomes the owner, any other text stays text. Both sides of the comparison say which it is,
# the text too: whatever it holds, it never reads as a colleague.
OWNER = "coalesce('user ' || {user}, 'text ' || {text})"
IS_USER = "c.owner LIKE 'user %%'"

CUSTOMERS = FileSpec(
    name="customers.csv",
    model=Customer,
    columns=columns(
        "external_id id!, name str!, segment str, phase onboarding|retention|expansion, industry str, country str, "
        "language str, owner str, acquisition_channel str, onboarding_start date, billing_overdue_days int, "
        "billing_as_of date, is_test bool=false"
    ),
    given_joins="LEFT JOIN accounts_user colleague ON colleague.email = lower(s.owner) AND colleague.role <> 'contact'",
    given={"owner": OWNER.format(user="colleague.id", text="s.owner")},
    stored={"owner": OWNER.format(user="t.owner_id", text="nullif(t.owner_text, '')")},
    store={
        "owner": {
            "owner_id": f"CASE WHEN {IS_USER} THEN substr(c.owner, 6)::bigint END",
            "owner_text": f"CASE WHEN {IS_USER} THEN '' ELSE coalesce(substr(c.owner, 6), '') END",
        }
    },
    written={"owner": "coalesce((SELECT email FROM accounts_user WHERE id = t.owner_id), nullif(t.owner_text, ''))"},
    rules=(
        Rule(
            "billing_as_of", "missing_value", "d.billing_overdue_days IS NOT NULL AND d.billing_as_of IS NULL",
            "billing_overdue_days needs the date it was true on.",
        ),
    ),
    extend=with_custom_columns,
)  # fmt: skip

USER_GROUPS = FileSpec(
    name="user_groups.csv",
    model=UserGroup,
    columns=columns("external_id id!, customer id!, name str!"),
    references={"customer": Customer},
)

CONTACTS = FileSpec(
    name="contacts.csv",
    model=Contact,
    columns=columns(
        "external_id id!, customer id!, name str, email str, language str, role str, user_group id, "
        "is_active bool=true"
    ),
    references={"customer": Customer, "user_group": UserGroup},
    checks=(other_customer("user_group"),),
    rules=(
        Rule(
            "email", "bad_value", "length(d.email) - length(replace(d.email, '@', '')) <> 1",
            "An e-mail address contains exactly one @.",
        ),
    ),
    extend=with_custom_columns,
)  # fmt: skip

END_USERS = FileSpec(
    name="end_users.csv",
    model=EndUser,
    columns=columns(
        "external_id id!, customer id!, user_group id, is_licensed bool=true, active_from date, active_to date, "
        "is_test bool=false"
    ),
    references={"customer": Customer, "user_group": UserGroup},
    checks=(other_customer("user_group"),),
    rules=(ordered("active_from", "active_to"),),
)
