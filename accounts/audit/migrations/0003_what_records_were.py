"""A transaction has a name, which the audit's entries and the changes of records share."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# The name lasts until the transaction ends, whatever server it runs on and whatever is restored into it later.
TRANSACTION = """
CREATE FUNCTION audit_transaction() RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    known text := current_setting('cs.audit_transaction', true);
BEGIN
    IF coalesce(known, '') = '' THEN
        known := gen_random_uuid()::text;
        PERFORM set_config('cs.audit_transaction', known, true);
    END IF;
    RETURN known::uuid;
END $$
"""

# Called with the record's label, the columns to pass over, and those of which the value is not kept.
NOTE = """
CREATE FUNCTION note_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    silent text[] := string_to_array(TG_ARGV[1], ',');
    personal text[] := string_to_array(TG_ARGV[2], ',');
    changed jsonb;
BEGIN
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (personal) THEN 'null' ELSE jsonb_build_array(
        CASE WHEN jsonb_typeof(o.value) IN ('array', 'object') THEN o.value ELSE to_jsonb(o.value #>> '{}') END,
        CASE WHEN jsonb_typeof(n.value) IN ('array', 'object') THEN n.value ELSE to_jsonb(n.value #>> '{}') END
    ) END) INTO changed
    FROM jsonb_each(to_jsonb(OLD)) o JOIN jsonb_each(to_jsonb(NEW)) n USING (key)
    WHERE o.value IS DISTINCT FROM n.value AND key <> ALL (silent);
    IF changed IS NOT NULL THEN
        INSERT INTO audit_recordchange (at, transaction, after_entry, target_type, target_id, fields)
        VALUES (clock_timestamp(), audit_transaction(), nullif(current_setting('cs.audit_entry', true), '')::bigint,
                TG_ARGV[0], NEW.id, changed);
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_where_from'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(TRANSACTION, "DROP FUNCTION audit_transaction()"),
        migrations.RunSQL(NOTE, "DROP FUNCTION note_record_change() CASCADE"),
        migrations.CreateModel(
            name='RecordChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('transaction', models.UUIDField()),
                ('after_entry', models.BigIntegerField(null=True)),
                ('target_type', models.CharField(max_length=64)),
                ('target_id', models.BigIntegerField()),
                ('fields', models.JSONField()),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.AddField(
            model_name='auditentry',
            name='transaction',
            field=models.UUIDField(editable=False, help_text='set by the database; no part of the hash', null=True),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['transaction'], name='audit_by_transaction'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='audit_transaction', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    NEW.transaction := audit_transaction();\n                    PERFORM set_config('cs.audit_entry', NEW.id::text, true);\n                    RETURN NEW;\n                ", hash='c810864d91879cc88234c93436c6dd4697999049', operation='INSERT', pgid='pgtrigger_audit_transaction_7a578', table='audit_auditentry', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='recordchange',
            index=models.Index(fields=['target_type', 'target_id', '-id'], name='change_by_target'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordchange',
            trigger=pgtrigger.compiler.Trigger(name='change_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='befdee06ddad718935787a774ed81463a979a393', operation='UPDATE OR DELETE', pgid='pgtrigger_change_append_only_2855f', table='audit_recordchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordchange',
            trigger=pgtrigger.compiler.Trigger(name='change_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;", hash='eed7eed707dada3b104336734a1088aa65690442', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_change_no_truncate_eeac7', table='audit_recordchange', when='BEFORE')),
        ),
    ]
