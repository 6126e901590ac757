import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_jobs_of_renderings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rendering',
            name='job',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rendering', to='jobs.job'),
        ),
        migrations.RemoveIndex(model_name='rendering', name='rendering_open'),
        migrations.RemoveField(model_name='rendering', name='attempts'),
        migrations.RemoveField(model_name='rendering', name='due_at'),
        migrations.RemoveField(model_name='rendering', name='last_error'),
        migrations.RemoveField(model_name='rendering', name='lease_until'),
        migrations.RemoveField(model_name='rendering', name='state'),
    ]
