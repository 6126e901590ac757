"""allauth's second factors, as we use them: secrets are kept encrypted, names come from the workspace."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.security.queries import needs_second_factor, second_factors
from accounts.services import workspace


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        """A copy of the database alone opens nothing."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return workspace().name or "cs_portal"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the configured address, whatever host a request names."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": self._get_site_name()}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is a must, the last one stays until another is there."""
        user = authenticator.user
        return not needs_second_factor(user) or second_factors(user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def _cipher() -> Fernet:
    key = sha256(b"cs_portal.accounts.security:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
