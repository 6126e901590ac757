from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="response",
            name="given_here",
            field=models.BooleanField(
                db_default=False, default=False, help_text="by the link's page; what a load brought is history"
            ),
        ),
    ]
