from .customers import Contact, Customer, PortalAccess, UserGroup
from .people import Role, Team, User
from .workspace import Workspace

__all__ = ["Contact", "Customer", "PortalAccess", "Role", "Team", "User", "UserGroup", "Workspace"]
