"""A small OpenID provider on loopback: discovery, authorize, token, jwks, userinfo, and every way to go wrong."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@dataclass
class Provider:
    """``claims`` overrides what the ID token says (None leaves it out); ``key`` signs it."""

    claims: dict = field(default_factory=dict)
    profile: dict | None = None
    key: object = KEY
    asked: dict = field(default_factory=dict)
    issuer: str = ""
    client: str = "portal"
    announces: str = ""

    def __call__(self, environ, start_response):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        sent = {name: one for name, [one] in parse_qs(environ["wsgi.input"].read(size).decode()).items()}
        answer = getattr(
            self, f"do_{environ['PATH_INFO'].strip('/').replace('-', '_').replace('.', '').replace('/', '_')}"
        )
        body = json.dumps(answer(environ, sent)).encode()
        start_response("200 OK" if body != b"null" else "400 Bad Request", [("Content-Type", "application/json")])
        return [body]

    def do_well_known_openid_configuration(self, environ, sent):
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks",
                 "userinfo_endpoint": "userinfo"}  # fmt: skip
        return {"issuer": self.announces or self.issuer} | {
            name: f"{self.issuer}/{path}" for name, path in paths.items()
        }

    def log_in(self, address):
        """What a browser does on the provider's page; returns the query it comes back with."""
        self.asked = {name: one for name, [one] in parse_qs(address.partition("?")[2]).items()}
        return urlencode({"code": "code-1", "state": self.asked["state"]})

    def do_token(self, environ, sent):
        challenge = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if sent["code"] != "code-1" or challenge != self.asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": self.client, "sub": "u-1", "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"], "email": "ada@vendor.example", "email_verified": True, "name": "Ada",
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(claims, self.key, "RS256", headers={"kid": "k1"})
        return {"access_token": "access-1", "token_type": "Bearer", "id_token": token}

    def do_jwks(self, environ, sent):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}

    def do_userinfo(self, environ, sent):
        return self.profile if environ.get("HTTP_AUTHORIZATION") == "Bearer access-1" else None


def serve(provider):
    """Start it on a free port; ``shutdown`` and ``server_close`` end it."""
    server = make_server("127.0.0.1", 0, provider, handler_class=Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
