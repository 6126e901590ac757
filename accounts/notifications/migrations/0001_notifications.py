
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_people_and_workspace'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Preferences',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='notification_preferences', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('channels', models.JSONField(default=dict, help_text='{"<kind>": "app" | "mail" | "digest" | "off"}')),
                ('digest_hour', models.PositiveSmallIntegerField(db_default=8, default=8)),
                ('quiet_from', models.PositiveSmallIntegerField(null=True)),
                ('quiet_until', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('digest_hour__lte', 23), models.Q(('quiet_from__isnull', True), ('quiet_from__lte', 23), _connector='OR'), models.Q(('quiet_until__isnull', True), ('quiet_until__lte', 23), _connector='OR')), name='notification_hours_are_of_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='notification_quiet_begins_and_ends')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(help_text='of the news; one person hears of it once', max_length=200)),
                ('target', models.BigIntegerField(help_text='the row it is about; its kind knows of which model', null=True)),
                ('details', models.JSONField(default=dict, help_text='ids and plain words')),
                ('channel', models.CharField(choices=[('app', 'In the application'), ('mail', 'Also by mail at once'), ('digest', 'Also in the daily mail'), ('off', 'Not at all')], max_length=6)),
                ('read_at', models.DateTimeField(null=True)),
                ('digest_on', models.DateField(help_text='the local day of the mail that it is in', null=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.customer')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='notification_unread'), models.Index(condition=models.Q(('channel', 'digest'), ('digest_on__isnull', True)), fields=['user'], name='notification_for_digest'), models.Index(fields=['kind', 'target'], name='notification_by_target')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='one_notification_per_person_and_news')],
            },
        ),
    ]
