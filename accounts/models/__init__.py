from .customers import Contact, Customer, PortalAccess, UserGroup
from .invitations import StaffInvitation
from .people import Role, Team, User
from .workspace import Workspace

__all__ = ["Contact", "Customer", "PortalAccess", "Role", "StaffInvitation", "Team", "User", "UserGroup", "Workspace"]
