from .customers import Contact, Customer, PortalAccess, UserGroup
from .end_users import EndUser
from .invitations import StaffInvitation
from .people import Role, Team, User
from .workspace import Workspace

__all__ = [
    "Contact", "Customer", "EndUser", "PortalAccess", "Role", "StaffInvitation", "Team", "User", "UserGroup",
    "Workspace",
]  # fmt: skip
