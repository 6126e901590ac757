"""Every rendering gets its job, in the state it had itself."""

from django.db import migrations

STATES = {'waiting': 'waiting', 'claimed': 'running', 'done': 'done', 'parked': 'failed'}


def give_jobs(apps, schema_editor):
    Rendering, Job = apps.get_model('reports', 'Rendering'), apps.get_model('jobs', 'Job')
    for row in Rendering.objects.filter(job=None).select_related('report').order_by('pk').iterator():
        row.job = Job.objects.create(
            kind='report_file',
            started_by_id=row.report.created_by_id,
            details={'report': row.report_id, 'stage': row.stage},
            state=STATES[row.state],
            reason='error' if row.state == 'parked' else '',
            due_at=row.due_at,
            lease_until=row.lease_until,
            attempts=row.attempts,
            last_error=row.last_error,
            started_at=row.created_at if row.attempts else None,
            finished_at=row.done_at or (row.due_at if row.state == 'parked' else None),
        )
        row.save(update_fields=['job'])


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_rendering_job'),
    ]

    operations = [
        migrations.RunPython(give_jobs, migrations.RunPython.noop, elidable=True),
    ]
