from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import F, Func, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Lower, Replace


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


def name_in(language):
    return Coalesce(KeyTextTransform("name", KeyTextTransform(language, "texts")), Value(""))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_words_can_be_searched"), ("kvi", "0002_facts_note_their_changes")]
    operations = [
        migrations.AddIndex("goal", by_words("goal_by_words", F("name"))),
        migrations.AddIndex(
            "indicatorversion", by_words("indicator_version_by_words", F("name"), name_in("de"), name_in("en"))
        ),
    ]
