"""The list of contacts."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, current_customers_for
from accounts.lists.columns import CustomerColumn
from accounts.lists.fields import customer_fields, listing, occurring
from accounts.models import Contact, PortalAccess
from cs_portal.kit.lists.base import List, register
from cs_portal.kit.lists.columns import FragmentColumn, MomentColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter, in_segment, owned, owner_choices, segment_choices
from cs_portal.kit.lists.tables import ListTable

YES, NO = "yes", "no"


def contact_rows(user: Viewer) -> QuerySet[Contact]:
    """The contacts of the gate's customers with their access to the portal; one query."""
    accesses = PortalAccess.objects.filter(contact=OuterRef("pk"), revoked_at__isnull=True)
    return (
        Contact.objects.filter(customer__in=current_customers_for(user), archived_at__isnull=True)
        .select_related("customer__owner", "user_group")
        .annotate(
            has_portal=Exists(accesses),
            portal_role=Subquery(accesses.values("role")[:1]),
            last_seen=Subquery(accesses.values("last_used_at")[:1]),
        )
    )


class ContactFilter(ListFilter):
    q = django_filters.CharFilter(method="named", label=_("Name or e-mail address"), max_length=100)
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))
    portal = django_filters.ChoiceFilter(
        method="in_portal", choices=[(YES, _("With access")), (NO, _("Without access"))], label=_("Portal"),
        empty_label=_("All"),
    )  # fmt: skip

    class Meta:
        model = Contact
        fields = ("q", "segment", "owner", "portal")

    def segment_choices(self, rows: QuerySet[Contact]) -> Choices:
        return segment_choices(rows, "customer__segment")

    def owner_choices(self, rows: QuerySet[Contact]) -> Choices:
        return owner_choices(rows, "customer__owner")

    def named(self, rows: QuerySet[Contact], _name: str, text: str) -> QuerySet[Contact]:
        return rows.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(customer__name__icontains=text))

    def in_segment(self, rows: QuerySet[Contact], _name: str, value: str) -> QuerySet[Contact]:
        return in_segment(rows, value, "customer__segment")

    def owned(self, rows: QuerySet[Contact], _name: str, value: str) -> QuerySet[Contact]:
        return owned(rows, value, self.user, "customer__owner")

    def in_portal(self, rows: QuerySet[Contact], _name: str, value: str) -> QuerySet[Contact]:
        return rows.filter(has_portal=value == YES)


class ContactTable(ListTable):
    name = NameColumn(
        linkify=lambda record: f"{record.customer.get_absolute_url()}#contacts", verbose_name=_("Name"),
        order_by=("name", "email"), empty_values=(),
    )  # fmt: skip
    customer = CustomerColumn()
    email = NameColumn(verbose_name=_("E-mail address"))
    role = WordColumn(verbose_name=_("Role"))
    group = NameColumn(accessor="user_group", verbose_name=_("User group"), narrow=True, visible=False,
                       order_by=("user_group__name",))  # fmt: skip
    language = WordColumn(verbose_name=_("Language"), visible=False)
    owner = NameColumn(
        accessor="customer__owner", verbose_name=_("Owner"), order_by=("customer__owner__name",), narrow=True,
        visible=False,
    )  # fmt: skip
    portal = FragmentColumn(
        "accounts/_contact_portal.html", name="contact", verbose_name=_("Portal"), order_by=("has_portal",)
    )
    last_seen = MomentColumn(verbose_name=_("Last seen in the portal"), visible=False)
    number = WordColumn(accessor="external_id", verbose_name=_("Contact number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("name",)

    def render_name(self, record: Contact) -> str:
        return str(record)

    def render_role(self, record: Contact) -> str:
        return record.get_role_display()

    def value_name(self, record: Contact) -> str:
        return str(record)


CONTACTS = register(
    List(
        "contacts", _("Contacts"), "contacts", ContactTable, ContactFilter, contact_rows, files="contacts",
        fields=(
            Field("name", _("Name"), "text", "name"),
            Field("email", _("E-mail address"), "text", "email"),
            Field("role", _("Role"), "choice", "role", occurring("role")),
            Field("language", _("Language"), "choice", "language", occurring("language")),
            Field("active", _("Active"), "flag", "is_active"),
            Field("portal", _("Has access to the portal"), "flag", "has_portal"),
            Field("portal-role", _("Role in the portal"), "choice", "portal_role",
                  listing(PortalAccess.PortalRole.choices)),
            *customer_fields("customer__", prefix="customer-"),
        ),
    )
)  # fmt: skip
