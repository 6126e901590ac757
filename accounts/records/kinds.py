"""The kinds that live in accounts itself."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, EndUser, UserGroup
from accounts.records.registry import Kind, register

CUSTOMER_FIELDS = (
    "name", "segment", "phase", "industry", "country", "language", "acquisition_channel", "onboarding_start",
    "billing_overdue_days", "billing_as_of", "is_test",
)  # fmt: skip

CONTACTS = register(
    Kind(
        slug="contacts",
        model=Contact,
        one=_("Contact"),
        many=_("Contacts"),
        add=_("Add a contact"),
        fields=("name", "email", "language", "role", "user_group", "is_active"),
        shown=("email", "role", "user_group"),
        place=10,
        order=("-is_active", "name", "pk"),
        icon="users",
        counts=False,
    )
)
USER_GROUPS = register(
    Kind(
        slug="user-groups",
        model=UserGroup,
        one=_("User group"),
        many=_("User groups"),
        add=_("Add a user group"),
        fields=("name",),
        shown=(),
        place=20,
        order=("name", "pk"),
        icon="users-group",
        counts=False,
    )
)
END_USERS = register(
    Kind(
        slug="end-users",
        model=EndUser,
        one=_("End user"),
        many=_("End users"),
        add=_("Add an end user"),
        fields=("user_group", "is_licensed", "active_from", "active_to", "is_test"),
        shown=("user_group", "is_licensed", "active_from", "active_to", "is_test"),
        place=25,
        order=("external_id", "pk"),
        icon="user",
        counts=False,
    )
)
