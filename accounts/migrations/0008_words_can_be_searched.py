from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Concat, Lower, Replace


def folded(*fields):
    """Frozen: what cs_portal.kit.folding.folded built when this was written."""
    parts = []
    for field in fields:
        parts += [Value(" "), Cast(field, TextField())]
    text = Concat(*parts[1:], output_field=TextField()) if len(fields) > 1 else parts[1]
    marked, plain = Value("äöüàáâãåèéêëìíîïòóôõùúûçñ"), Value("aouaaaaaeeeeiiiioooouuucn")
    text = Func(Replace(Lower(text), Value("ß"), Value("ss")), marked, plain, function="translate")
    for pair, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        text = Replace(text, Value(pair), Value(letter), output_field=TextField())
    return text


def by_words(name, *fields):
    return GinIndex(OpClass(folded(*fields), name="gin_trgm_ops"), name=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_holiday_region")]
    operations = [
        TrigramExtension(),
        migrations.AddIndex("contact", by_words("contact_by_words", F("name"), F("email"))),
        migrations.AddIndex("customer", by_words("customer_by_words", F("name"))),
    ]
