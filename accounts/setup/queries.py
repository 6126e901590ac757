"""Whether this installation still waits for its first administrator, and the code that proves who may be it."""

from accounts.login_codes import code_for
from accounts.models import Role, User
from accounts.services import workspace

STEPS = ("workspace", "mail", "colleagues", "customer")


def setup_is_open() -> bool:
    """Nobody has ever been administrator here."""
    return not User.objects.filter(role=Role.ADMIN).exists()


def setup_code() -> str:
    """Sixteen signs (77 bits) of this very database and key; without use once there is an administrator."""
    born = workspace().created_at.isoformat()
    return "-".join(code_for(f"setup:{born}:{half}") for half in (1, 2))
