"""The one gate: which customers exist for somebody, and what they may do there (design.md, section 5).

What the gate hides is answered with 404, a missing right on something seen with 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Customer, PortalAccess, Role, Team, User
from cs_portal.kit.once import once

Viewer = User | AnonymousUser
SEES_ALL = frozenset({Role.ADMIN, Role.LEAD, Role.ANALYST, Role.VIEWER})
WRITES_ALL = frozenset({Role.ADMIN, Role.LEAD})
EXPORTS = frozenset({Role.ADMIN, Role.LEAD, Role.CSM, Role.ANALYST})
KEEPS_NUMBERS = frozenset({Role.ADMIN, Role.LEAD, Role.ANALYST})  # costs and rates of the whole workspace
PORTAL_SESSION_KEY = "portal_access"


class AuthedRequest(HttpRequest):
    """A request that a decorator below has let through: ``user`` is a person."""

    user: User


class PortalRequest(AuthedRequest):
    """A request of a contact: ``portal`` is the access the session acts with."""

    portal: PortalAccess


def customers_for(user: Viewer) -> QuerySet[Customer]:
    """The customers that exist for the user; one query, however many there are.

    Admin, lead, analyst and viewer see all; a CSM the customers they own and those owned by
    members of their teams; a contact the companies they may enter the portal for.
    """
    if not isinstance(user, User) or not user.is_active:
        return Customer.objects.none()
    if user.role in SEES_ALL:
        return Customer.objects.all()
    if user.role == Role.CSM:
        colleagues = User.objects.filter(teams__in=user.teams.all()).values("pk")
        return Customer.objects.filter(owner__in=colleagues) | Customer.objects.filter(owner=user)
    return Customer.objects.filter(pk__in=live_accesses(user).values("contact__customer"))


def current_customers_for(user: Viewer) -> QuerySet[Customer]:
    """Those of them that are not archived: whose rows stand in lists."""
    return customers_for(user).filter(archived_at__isnull=True)


def writable_customers_for(user: Viewer) -> QuerySet[Customer]:
    """Where the user may write goals, indicators, measurements and reports: all, or their own; no archived ones."""
    return kept_customers_for(user).filter(archived_at__isnull=True)


def kept_customers_for(user: Viewer) -> QuerySet[Customer]:
    """The customers that are the user's to archive and to bring back: all, or their own."""
    if not isinstance(user, User) or not user.is_active:
        return Customer.objects.none()
    if user.role in WRITES_ALL:
        return Customer.objects.all()
    return Customer.objects.filter(owner=user) if user.role == Role.CSM else Customer.objects.none()


def keeps_numbers(user: Viewer) -> bool:
    """Whose are the figures that belong to no customer."""
    return isinstance(user, User) and user.is_active and user.role in KEEPS_NUMBERS


def may_add_customers(user: Viewer) -> bool:
    return isinstance(user, User) and user.is_active and user.role in (*WRITES_ALL, Role.CSM)


def colleagues_seeing(customer: Customer) -> QuerySet[User]:
    """The gate from the other side: the active colleagues for whom the customer exists."""
    sees = Q(role__in=SEES_ALL)
    if customer.owner_id is not None:
        teams = Team.objects.filter(members=customer.owner_id).values("pk")
        mates = User.objects.filter(teams__in=teams).values("pk")
        sees |= Q(role=Role.CSM) & (Q(pk=customer.owner_id) | Q(pk__in=mates))
    return User.objects.filter(sees, is_active=True).order_by("name", "email")


def assignable_colleagues(customer: Customer) -> QuerySet[User]:
    """Those of them who look after customers: whom a task may be given to."""
    return colleagues_seeing(customer).filter(role__in=(Role.ADMIN, Role.LEAD, Role.CSM))


@once
def may_write(user: Viewer, customer: Customer) -> bool:
    return writable_customers_for(user).filter(pk=customer.pk).exists()


def require_write(user: Viewer, customer: Customer) -> None:
    """Raise PermissionDenied (403) when a customer that the user sees is not theirs to change."""
    if not may_write(user, customer):
        raise PermissionDenied


def sees_whole_portfolio(user: Viewer) -> bool:
    return isinstance(user, User) and user.is_active and user.role in SEES_ALL


def may_export(user: Viewer) -> bool:
    """Files with many customers; always over the gate's customers only."""
    return isinstance(user, User) and user.is_active and user.role in EXPORTS


def get_customer(user: Viewer, public_id: UUID) -> Customer:
    return get_object_or_404(customers_for(user).select_related("owner"), public_id=public_id)


def live_accesses(user: User) -> QuerySet[PortalAccess]:
    """The portal accesses that still open a door: not revoked, contact and company current,
    address unchanged."""
    return PortalAccess.objects.filter(
        user=user,
        revoked_at__isnull=True,
        contact__is_active=True,
        contact__email__iexact=user.email,
        contact__archived_at__isnull=True,
        contact__customer__archived_at__isnull=True,
    )


def portal_access(request: HttpRequest) -> PortalAccess | None:
    """The access that this session acts with: the viewed one, the one chosen at login, or the only one."""
    viewed: PortalAccess | None = getattr(request, "viewed", None)
    if viewed is not None:
        return viewed
    user = request.user
    if not isinstance(user, User) or user.role != Role.CONTACT:
        return None
    accesses = list(live_accesses(user).select_related("contact__customer", "contact__user_group").order_by("pk")[:50])
    chosen = request.session.get(PORTAL_SESSION_KEY)
    if len(accesses) == 1:
        return accesses[0]
    return next((access for access in accesses if access.pk == chosen), None)


View = Callable[..., HttpResponse]
VERBS = ("GET", "HEAD", "POST")


def page_verbs(view: View) -> View:
    """A page is read or posted to; whatever else is asked of it does nothing (405)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.method in VERBS else HttpResponseNotAllowed(VERBS)

    return answered


def staff_required(*roles: Role) -> Callable[[View], View]:
    """Let colleagues in (those with one of the roles, when named); contacts find nothing here."""

    def decorate(view: View) -> View:
        @page_verbs
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path())
            if not user.is_colleague:
                raise Http404
            if roles and user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def contact_required(view: View) -> View:
    """Let contacts in, also before they have chosen a company."""

    @page_verbs
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if request.user.role != Role.CONTACT:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _choose_company_or_404(request: HttpRequest, user: User) -> HttpResponse:
    """A contact of several companies chooses one first; whoever has no live access finds nothing."""
    if user.role != Role.CONTACT or not live_accesses(user).exists():
        raise Http404
    return redirect_to_login(request.get_full_path(), login_url=reverse("portal_choose"))


def portal_required(*roles: str) -> Callable[[View], View]:
    """Let contacts in (those with one of the portal roles, when named); ``request.portal`` is their access."""

    def decorate(view: View) -> View:
        @page_verbs
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            access = portal_access(request)
            if access is None:
                return _choose_company_or_404(request, request.user)
            if roles and access.role not in roles:
                raise PermissionDenied
            cast("PortalRequest", request).portal = access
            return view(request, *args, **kwargs)

        guarded.is_portal_page = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def is_portal_page(view: View) -> bool:
    """Whether ``portal_required`` guards it: the portal's pages, and nothing about logins."""
    return getattr(view, "is_portal_page", False)
