"""Words as people type them: without case, umlauts and accents, the same in SQL and in Python."""

import unicodedata

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Lower, Replace

MARKED, PLAIN = "äöüàáâãåèéêëìíîïòóôõùúûçñ", "aouaaaaaeeeeiiiioooouuucn"
SPELT_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def unmarked(text: Combinable | str) -> Func:
    """Lower case, umlauts as in DIN 5007-1: what lists sort by."""
    return Func(Replace(Lower(text), Value("ß"), Value("ss")), Value(MARKED), Value(PLAIN), function="translate")


def folded(*fields: str | Combinable) -> Func:
    """The fields one after the other, as ``fold`` folds them: what is searched, and what the indexes are built of."""
    parts: list[Combinable] = []
    for field in fields:
        parts += [Value(" "), Cast(F(field) if isinstance(field, str) else field, TextField())]
    whole = unmarked(Concat(*parts[1:], output_field=TextField()) if len(fields) > 1 else parts[1])
    for pair, letter in SPELT_OUT:  # Müller, Mueller and Muller are one
        whole = Replace(whole, Value(pair), Value(letter), output_field=TextField())
    return whole


def fold(text: str) -> str:
    text = unicodedata.normalize("NFC", text).lower().replace("ß", "ss").translate(str.maketrans(MARKED, PLAIN))
    for pair, letter in SPELT_OUT:
        text = text.replace(pair, letter)
    return text
