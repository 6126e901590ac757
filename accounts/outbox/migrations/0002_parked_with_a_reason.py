from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmail',
            name='reason',
            field=models.CharField(blank=True, choices=[('senseless', 'It is no longer needed, or its receiver cannot be written to.'), ('refused', 'The mail server refuses it for good. Usually the address does not exist.'), ('unknown', 'The connection was cut twice while it was handed over: it may have been sent.'), ('exhausted', 'It failed at every try.'), ('killed', 'The worker ended during each of its tries.')], db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='outboxmail',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('claimed', 'Being sent'), ('sent', 'Sent'), ('parked', 'Parked'), ('dismissed', 'Dismissed')], default='waiting', max_length=10),
        ),
    ]
