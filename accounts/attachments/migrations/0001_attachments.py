
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0008_words_can_be_searched'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(max_length=20)),
                ('record', models.UUIDField(help_text='public id of what it belongs to')),
                ('key', models.UUIDField(help_text='of the form: the same file in the same form is added once')),
                ('name', models.CharField(help_text='as whoever added it calls it; never a path', max_length=200, verbose_name='name')),
                ('type', models.CharField(help_text='told by the content', max_length=8)),
                ('size', models.PositiveIntegerField(help_text='bytes, as stored')),
                ('digest', models.CharField(help_text='SHA-256 of what is stored', max_length=64)),
                ('file', models.FileField(upload_to='attachments/')),
                ('is_shared', models.BooleanField(db_default=False, default=False)),
                ('access', models.ForeignKey(help_text='of a contact who added it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.portalaccess')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='accounts.customer')),
            ],
            options={
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['record', 'kind'], name='attachment_by_record')],
                'constraints': [models.UniqueConstraint(fields=('author', 'key', 'digest'), name='attachment_once_per_form'), models.CheckConstraint(condition=models.Q(('access__isnull', True), ('is_shared', True), _connector='OR'), name='attachment_of_a_contact_is_shared')],
            },
        ),
    ]
