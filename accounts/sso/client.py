"""OpenID Connect with one provider: code flow with PKCE, every claim of the ID token checked.

Source: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7, and RFC 7636. Nothing of it is stored.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings
from django.urls import reverse

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
TIMEOUT, LEEWAY = 5, 60  # seconds
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class Refused(Exception):
    """The login does not go on; ``reason`` is one of ``words.REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Attempt:
    """What the session remembers until the person comes back from the provider."""

    state: str
    nonce: str
    verifier: str
    next: str

    @classmethod
    def new(cls, following: str) -> "Attempt":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)), next=following)

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def is_configured() -> bool:
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def address_to_ask(attempt: Attempt) -> str:
    """Where the person is sent to log in."""
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": redirect_uri(),
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address: str = discovered()["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def claims_of(attempt: Attempt, *, state: str, code: str) -> dict[str, Any]:
    """The checked claims of whoever came back. Raises Refused."""
    if not compare_digest(state.encode(), attempt.state.encode()):
        raise Refused("state")
    found = discovered()
    answer = _answer(_tokens(found, code, attempt))
    claims = _checked(answer.get("id_token"), found, attempt.nonce)
    return claims if "email" in claims else claims | _profile(found, answer, claims["sub"])


def redirect_uri() -> str:
    return settings.BASE_URL + reverse("sso_callback")


def discovered() -> dict[str, Any]:
    """What the provider says about itself; it must call itself by the issuer that the settings name."""
    issuer = settings.OIDC_ISSUER.rstrip("/")
    found = _answer(_sent("GET", f"{issuer}/.well-known/openid-configuration"))
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise Refused("issuer")
    if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(found):
        raise Refused("provider")
    return found


def _tokens(found: dict[str, Any], code: str, attempt: Attempt) -> requests.Response:
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": attempt.verifier,
    }
    identity = (settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        return _sent("POST", found["token_endpoint"], data=sent, auth=identity)
    sent |= {"client_id": identity[0], "client_secret": identity[1]}
    return _sent("POST", found["token_endpoint"], data=sent)


def _checked(token: Any, found: dict[str, Any], nonce: str) -> dict[str, Any]:
    """Signature, issuer, audience, times and nonce of the ID token."""
    try:
        key = _key(jwt.get_unverified_header(token), found["jwks_uri"])
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=ALGORITHMS, audience=settings.OIDC_CLIENT_ID, issuer=found["issuer"],
            leeway=LEEWAY, options={"require": REQUIRED},
        )  # fmt: skip
    except jwt.ExpiredSignatureError as error:
        raise Refused("expired") from error
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise Refused("token") from error
    if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise Refused("token")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != settings.OIDC_CLIENT_ID:
        raise Refused("token")
    return claims


def _key(header: dict[str, Any], address: str) -> jwt.PyJWK:
    keys = jwt.PyJWKSet.from_dict(_answer(_sent("GET", address))).keys
    fitting = [key for key in keys if key.key_id == header.get("kid")] if "kid" in header else keys
    if len(fitting) != 1 or header.get("alg") != fitting[0].algorithm_name:
        raise KeyError(header.get("kid"))
    return fitting[0]


def _profile(found: dict[str, Any], answer: dict[str, Any], subject: str) -> dict[str, Any]:
    """Some providers tell the address only here; of anybody else it tells nothing."""
    address, bearer = found.get("userinfo_endpoint"), {"Authorization": f"Bearer {answer.get('access_token', '')}"}
    told = _answer(_sent("GET", address, headers=bearer)) if address else {}
    if told.get("sub") != subject:
        raise Refused("unverified")
    return {name: told[name] for name in ("email", "email_verified", "name") if name in told}


def _sent(method: str, address: str, **more: Any) -> requests.Response:
    try:
        return requests.request(method, address, timeout=TIMEOUT, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise Refused("provider") from error


def _answer(response: requests.Response) -> dict[str, Any]:
    try:
        found = response.json() if response.status_code == requests.codes.ok else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("provider")
    return found
