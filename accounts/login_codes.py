"""Login codes are derived, never stored in a mail's row."""

from django.utils.crypto import salted_hmac

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"  # nothing that reads like something else, and no words
LENGTH = 8


def code_for(nonce: str) -> str:
    """Eight signs out of 28 (38 bits), good for three tries in ten minutes."""
    digest = int.from_bytes(salted_hmac("accounts.login_code", nonce, algorithm="sha256").digest())
    signs = []
    for _position in range(LENGTH):
        digest, place = divmod(digest, len(ALPHABET))
        signs.append(ALPHABET[place])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"
