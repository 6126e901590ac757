from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_merged_rows")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="holiday_region",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="one of kit.working_days.REGIONS", max_length=10
            ),
        ),
    ]
