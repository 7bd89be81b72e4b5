"""Every table of the organisation, with its constraints, indexes, triggers and policies, as its migrations up to
0016_own_time left it (docs/adr/0079-one-first-migration.md)."""

import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import unions.kit.fields
import unions.kit.sealed
import unions.models.session
import unions.models.webhook
import unions.policies
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations, models

# Dear enough that the planner reads the index rather than call it for row after row.
CHAR_PAIRS = """
CREATE FUNCTION char_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    SELECT coalesce(array_agg(DISTINCT c[i] || c[i + 1]), '{}')
    FROM (SELECT string_to_array($1, NULL) AS c) AS characters, generate_series(1, cardinality(c) - 1) AS i
$$
"""

# Not pgtrigger's, which obey the session's setting `pgtrigger.ignore`: these rows stay whoever asks. A union that moves
# takes `middle` along, the one column that may change.
KEEP = """
CREATE FUNCTION unions_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever appended to', TG_TABLE_NAME USING ERRCODE = '23514';
END $$;
CREATE TRIGGER keep_rows BEFORE UPDATE ON unions_event FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'middle_id' IS DISTINCT FROM to_jsonb(NEW) - 'middle_id') EXECUTE FUNCTION unions_keep();
CREATE TRIGGER keep_each BEFORE DELETE ON unions_event FOR EACH ROW EXECUTE FUNCTION unions_keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON unions_event EXECUTE FUNCTION unions_keep();
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON unions_seal FOR EACH ROW EXECUTE FUNCTION unions_keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON unions_seal EXECUTE FUNCTION unions_keep();
"""
FREE = """
DROP TRIGGER keep_rows ON unions_event;
DROP TRIGGER keep_each ON unions_event;
DROP TRIGGER keep_all ON unions_event;
DROP TRIGGER keep_rows ON unions_seal;
DROP TRIGGER keep_all ON unions_seal;
DROP FUNCTION unions_keep();
"""

# Only an owner may ask for statistics, and a job needs them after a bulk load.
ANALYZE = """
CREATE FUNCTION portal_analyze(tables regclass[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE 'ANALYZE (SKIP_LOCKED) ' || array_to_string(tables::text[], ', ');
END $$;
REVOKE ALL ON FUNCTION portal_analyze FROM PUBLIC;
GRANT EXECUTE ON FUNCTION portal_analyze
    TO portal_district, portal_middle, portal_union, portal_several, portal_system;
"""


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('unions', '0001_extensions'),
        ('unions', '0002_initial'),
        ('unions', '0003_sessions'),
        ('unions', '0004_page_indexes'),
        ('unions', '0005_unasked_periods'),
        ('unions', '0006_sealed_values'),
        ('unions', '0007_search_pairs'),
        ('unions', '0008_factors'),
        ('unions', '0009_webhooks'),
        ('unions', '0010_uploads'),
        ('unions', '0011_setting_holds_from'),
        ('unions', '0012_privacy'),
        ('unions', '0013_sealed_events'),
        ('unions', '0014_administrators'),
        ('unions', '0015_wall'),
        ('unions', '0016_own_time'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateExtension('ltree'),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(CHAR_PAIRS, 'DROP FUNCTION char_pairs(text)'),
        migrations.CreateModel(
            name='Union',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='Union code')),
                ('name', models.CharField(max_length=120, verbose_name='Union name')),
                ('former_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None, verbose_name='Former names')),
                ('kind', models.CharField(choices=[('district', 'District federation'), ('street', 'Street federation'), ('area', 'Area federation'), ('zone', 'Functional-zone federation'), ('industry', 'Industry union'), ('unit', 'Single-employer union'), ('joint', 'Joint union'), ('community', 'Community joint union'), ('village', 'Village joint union'), ('building', 'Building or park joint union'), ('federated', 'Industry or regional union federation')], max_length=12, verbose_name='Kind of union')),
                ('state', models.CharField(choices=[('active', 'Active'), ('dissolved', 'Dissolved'), ('merged', 'Merged')], default='active', max_length=12, verbose_name='State')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='unions.union', verbose_name='Superior union')),
                ('path', unions.kit.fields.LTreeField(editable=False, null=True)),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('employer_name', models.CharField(blank=True, max_length=120, verbose_name='Employer')),
                ('credit_code', models.CharField(blank=True, max_length=18, verbose_name='Unified social credit code')),
                ('employer_nature', models.CharField(blank=True, choices=[('state', 'District-owned state enterprise'), ('state_holding', 'State-controlled enterprise'), ('collective', 'District-owned collective enterprise'), ('private', 'Private enterprise'), ('hmt', 'Hong Kong, Macao or Taiwan investment'), ('foreign', 'Foreign investment'), ('individual', 'Individual business'), ('agency', 'Government agency'), ('institution', 'Public institution'), ('social', 'Social organisation')], default='', max_length=14, verbose_name='Employer type')),
                ('industry', models.CharField(blank=True, choices=[('A', 'Agriculture, forestry, animal husbandry and fishery'), ('B', 'Mining'), ('C', 'Manufacturing'), ('D', 'Electricity, heat, gas and water'), ('E', 'Construction'), ('F', 'Wholesale and retail'), ('G', 'Transport, storage and post'), ('H', 'Accommodation and catering'), ('I', 'Information transmission, software and IT services'), ('J', 'Finance'), ('K', 'Real estate'), ('L', 'Leasing and business services'), ('M', 'Scientific research and technical services'), ('N', 'Water, environment and public facilities'), ('O', 'Resident services, repair and other services'), ('P', 'Education'), ('Q', 'Health and social work'), ('R', 'Culture, sports and entertainment'), ('S', 'Public administration, social security and social organisations'), ('T', 'International organisations')], default='', max_length=1, verbose_name='Industry')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='Address')),
                ('workers', models.PositiveIntegerField(default=0, verbose_name='Workers')),
                ('women_workers', models.PositiveIntegerField(default=0, verbose_name='Women workers')),
                ('migrant_workers', models.PositiveIntegerField(default=0, verbose_name='Rural migrant workers')),
                ('members', models.PositiveIntegerField(default=0, verbose_name='Members')),
                ('women_members', models.PositiveIntegerField(default=0, verbose_name='Women members')),
                ('founded_on', models.DateField(blank=True, null=True, verbose_name='Founded on')),
                ('term_years', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Term (years)')),
                ('term_started_on', models.DateField(blank=True, null=True, verbose_name='Term began on')),
                ('term_extended_to', models.DateField(blank=True, editable=False, null=True, verbose_name='Election postponed to')),
                ('chair_name', models.CharField(blank=True, max_length=40, verbose_name='Chair')),
                ('chair_sex', models.CharField(blank=True, choices=[('male', 'Male'), ('female', 'Female')], default='', max_length=6, verbose_name="Chair's sex")),
                ('chair_rank', models.CharField(blank=True, choices=[('bureau_deputy', 'Deputy bureau level'), ('peer_deputy', 'Deputy rank of the same level'), ('division_deputy', 'Deputy division level'), ('party_deputy', 'Deputy rank of the party committee'), ('admin_deputy', 'Deputy administrative rank'), ('section_head', 'Full section level'), ('middle_head', 'Full middle-management rank'), ('middle_deputy', 'Deputy middle-management rank'), ('staff', 'Ordinary worker')], default='', max_length=16, verbose_name="Chair's rank")),
                ('chair_engagement', models.CharField(blank=True, choices=[('full_time', 'Full-time'), ('part_time', 'Part-time')], default='', max_length=10, verbose_name='Chair full- or part-time')),
                ('chair_phone', unions.kit.sealed.EncryptedCharField(blank=True, max_length=20, verbose_name="Chair's phone")),
                ('has_place', models.BooleanField(default=False, verbose_name='Fixed place for activities')),
                ('has_sign', models.BooleanField(default=False, verbose_name='Sign put up')),
                ('has_account', models.BooleanField(default=False, verbose_name='Own bank account')),
                ('has_audit_committee', models.BooleanField(default=False, verbose_name='Fund audit committee')),
                ('has_women_committee', models.BooleanField(default=False, verbose_name="Women workers' committee")),
                ('pinyin', models.CharField(default='', editable=False, max_length=400)),
                ('search_text', models.TextField(default='', editable=False)),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='Closed on')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'Union',
                'ordering': ['path'],
                'permissions': [],
                'default_permissions': (),
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['path'], name='union_path'), models.Index(fields=['middle', 'kind', 'state'], include=('members',), name='union_middle'), models.Index(fields=['parent', 'state', 'pinyin', 'id'], name='union_children'), models.Index(fields=['pinyin', 'id'], name='union_pinyin'), models.Index(fields=['state', 'term_years', 'term_started_on'], include=('term_extended_to',), name='union_term'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search_text', name='gin_trgm_ops'), name='union_search'), models.Index(fields=['chair_phone'], name='union_chair_phone', opclasses=['text_pattern_ops']), django.contrib.postgres.indexes.GinIndex(unions.kit.fields.CharPairs('search_text'), name='union_search_pairs')],
                'constraints': [unions.policies.Walled(is_chain_open=True, name='union_wall', union='id'), models.UniqueConstraint(models.F('kind'), condition=models.Q(('kind', 'district')), name='union_one_district', violation_error_message='There is one district federation already.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'district'), ('parent', None)), models.Q(models.Q(('kind', 'district'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='union_parent_by_kind', violation_error_message='Every union but the district federation has a superior union.'), models.CheckConstraint(condition=models.Q(('kind__in', ['district', 'street', 'area', 'zone', 'industry', 'unit', 'joint', 'community', 'village', 'building', 'federated'])), name='union_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'dissolved', 'merged'])), name='union_state_known'), models.UniqueConstraint(django.db.models.functions.text.Upper('credit_code'), condition=models.Q(models.Q(('credit_code', ''), _negated=True), ('kind', 'unit'), ('state', 'active')), name='union_one_per_employer', violation_error_message='This employer already has a union: one employer, one grassroots union.'), models.CheckConstraint(condition=models.Q(('women_workers__lte', models.F('workers'))), name='union_women_workers', violation_error_message='Women workers cannot outnumber workers.'), models.CheckConstraint(condition=models.Q(('migrant_workers__lte', models.F('workers'))), name='union_migrant_workers', violation_error_message='Rural migrant workers cannot outnumber workers.'), models.CheckConstraint(condition=models.Q(('women_members__lte', models.F('members'))), name='union_women_members', violation_error_message='Women members cannot outnumber members.'), models.CheckConstraint(condition=models.Q(('term_years__in', (3, 5)), ('term_years', None), _connector='OR'), name='union_term_years', violation_error_message='A term is 3 or 5 years (Trade Union Law, article 16).')],
                'triggers': [pgtrigger.compiler.Trigger(name='place_in_tree', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE above RECORD; label TEXT;', func="\n        label := lpad(NEW.id::text, 8, '0');\n        IF NEW.parent_id IS NULL THEN\n            NEW.path := label::ltree;\n            NEW.middle_id := NULL;\n            RETURN NEW;\n        END IF;\n        SELECT path, middle_id, kind INTO above FROM unions_union WHERE id = NEW.parent_id;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'union % has an unknown parent %', NEW.id, NEW.parent_id USING ERRCODE = '23503';\n        END IF;\n        IF above.path ~ ('*.' || label || '.*')::lquery THEN\n            RAISE EXCEPTION 'union % cannot hang below itself', NEW.id USING ERRCODE = '23514';\n        END IF;\n        IF (NEW.kind IN ('street', 'area', 'zone', 'industry')) <> (above.kind = 'district') THEN\n            RAISE EXCEPTION 'a union of kind % cannot hang under one of kind %', NEW.kind, above.kind\n                USING ERRCODE = '23514';\n        END IF;\n        NEW.path := above.path || label;\n        NEW.middle_id := CASE WHEN NEW.kind IN ('street', 'area', 'zone', 'industry') THEN NEW.id ELSE above.middle_id END;\n        RETURN NEW;\n    ", hash='58f88665e5bee38eea3aaf91f76299bb91f42ad0', operation='INSERT OR UPDATE OF "parent_id", "kind", "path", "middle_id"', pgid='pgtrigger_place_in_tree_6b824', table='unions_union', when='BEFORE')), pgtrigger.compiler.Trigger(name='carry_subtree', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.path::text IS DISTINCT FROM NEW.path::text)', func='UPDATE unions_union SET parent_id = parent_id WHERE parent_id = NEW.id; RETURN NULL;', hash='c820bfb76cf824299d8f7c4ac5c2663d94dd98fc', operation='UPDATE OF "parent_id", "kind"', pgid='pgtrigger_carry_subtree_33083', table='unions_union', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('seal', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='Account name')),
                ('name', models.CharField(max_length=40, verbose_name='Name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-mail')),
                ('phone', unions.kit.sealed.EncryptedCharField(blank=True, max_length=20, verbose_name='Phone')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='Language')),
                ('is_active', models.BooleanField(default=True, verbose_name='Enabled')),
                ('must_change_password', models.BooleanField(default=True, verbose_name='Must change the password at next sign-in')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'Account',
                'ordering': ['username'],
                'indexes': [models.Index(fields=['phone'], name='user_phone', opclasses=['text_pattern_ops'])],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='user_username_any_case')],
            },
        ),
        migrations.CreateModel(
            name='DutyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('task', models.CharField(help_text='What fulfils it: a name that an app registered (unions/duties.py)', max_length=40)),
                ('name_zh', models.CharField(max_length=80, verbose_name='Name (Chinese)')),
                ('name_en', models.CharField(max_length=120, verbose_name='Name (English)')),
                ('clause', models.CharField(max_length=200, verbose_name='Clause')),
                ('basis', models.TextField(blank=True, verbose_name='Legal basis')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('district', 'District federation'), ('street', 'Street federation'), ('area', 'Area federation'), ('zone', 'Functional-zone federation'), ('industry', 'Industry union'), ('unit', 'Single-employer union'), ('joint', 'Joint union'), ('community', 'Community joint union'), ('village', 'Village joint union'), ('building', 'Building or park joint union'), ('federated', 'Industry or regional union federation')], max_length=12), size=None, verbose_name='Kinds of union')),
                ('rhythm', models.CharField(choices=[('quarter', 'Every quarter'), ('year', 'Every year'), ('own', "At each union's own time")], max_length=8, verbose_name='Rhythm')),
                ('opens_after', models.SmallIntegerField(default=1, help_text='Negative: before the period ends.', verbose_name='Opens, days after the period ends')),
                ('due_after', models.SmallIntegerField(default=10, help_text='A due day on a day off moves to the next working day (Civil Code, article 203).', verbose_name='Due, days after the period ends')),
                ('correction_days', models.PositiveSmallIntegerField(default=3, help_text='The new due day proposed when a return is sent back.', verbose_name='Working days for a correction')),
                ('is_active', models.BooleanField(default=True, verbose_name='In force')),
                ('first_period', models.CharField(default='2024Q1', max_length=7, verbose_name='First period')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'verbose_name': 'Duty rule',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_after__gte', models.F('opens_after'))), name='rule_opens_before_due', violation_error_message='The due day cannot come before the opening day.')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='Day')),
                ('is_workday', models.BooleanField(verbose_name='Working day')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='Occasion')),
            ],
            options={
                'verbose_name': 'Calendar day',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('value', models.JSONField(verbose_name='Value')),
                ('effective_from', models.DateField(verbose_name='Holds from')),
                ('basis', models.TextField(verbose_name='Legal basis')),
            ],
            options={
                'verbose_name': 'Setting',
                'ordering': ['key', '-effective_from'],
                'constraints': [models.UniqueConstraint(fields=('key', 'effective_from'), name='setting_once')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='Seal')),
                ('first_id', models.BigIntegerField(verbose_name='First entry')),
                ('last_id', models.BigIntegerField(verbose_name='Last entry')),
                ('count', models.PositiveIntegerField(verbose_name='Entries')),
                ('leaves', models.BinaryField()),
                ('digest', models.CharField(max_length=64, verbose_name='Digest')),
                ('signature', models.CharField(max_length=64, verbose_name='Signature')),
                ('sealed_at', models.DateTimeField(auto_now_add=True, verbose_name='Sealed at')),
            ],
            options={
                'verbose_name': 'Seal',
                'ordering': ['-number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1), ('last_id__gte', models.F('first_id'))), name='seal_of_events')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=40, verbose_name='Task')),
                ('slot', models.CharField(max_length=40, verbose_name='Slot')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='running', max_length=10, verbose_name='State')),
                ('started_at', models.DateTimeField(auto_now_add=True, verbose_name='Started at')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='Finished at')),
                ('counts', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'Run',
                'ordering': ['-started_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('task', 'slot'), name='run_once')],
            },
        ),
        migrations.CreateModel(
            name='RoleAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL, verbose_name='Account')),
                ('role', models.CharField(choices=[('district_leader', 'District leader'), ('district_staff', 'District staff'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator'), ('audit_admin', 'Audit administrator'), ('district_auditor', 'District auditor'), ('middle_chair', 'Middle-tier chair'), ('middle_staff', 'Middle-tier staff'), ('middle_reviewer', 'Middle-tier reviewer'), ('grassroots_chair', 'Grassroots chair'), ('grassroots_staff', 'Grassroots staff')], max_length=24, verbose_name='Role')),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='From')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='To')),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Given by')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='Reason')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'Appointment',
                'ordering': ['union', 'role', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='assignment_dates', violation_error_message='The last day cannot come before the first.'), models.CheckConstraint(condition=models.Q(('role__in', ['district_leader', 'district_staff', 'system_admin', 'security_admin', 'audit_admin', 'district_auditor', 'middle_chair', 'middle_staff', 'middle_reviewer', 'grassroots_chair', 'grassroots_staff'])), name='assignment_role_known'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('user', 'role', 'union'), name='assignment_once', violation_error_message='This person holds the role at this union already.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('withdrawn_at', None)), expressions=[('user', '='), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), (models.Case(models.When(role='system_admin', then=models.Value(1)), models.When(role='security_admin', then=models.Value(2)), models.When(role='audit_admin', then=models.Value(3)), default=models.Value(0), output_field=models.IntegerField()), '<>')], name='assignment_administrators_apart', violation_error_message='One person cannot be two of the three administrators, nor an administrator and something else.'), unions.policies.Walled(name='unions_roleassignment_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='da0b3eb4d969eddf8669b848a9f9a20a042a99dd', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_b4c92', table='unions_roleassignment', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ReminderStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='unions.dutyrule')),
                ('offset', models.SmallIntegerField(verbose_name='Working days from the due day')),
                ('audience', models.CharField(choices=[('filler', 'The person who fills it in'), ('chair', 'The chair'), ('superior', 'Reviewers of the tier above'), ('board', "The district's overdue board")], max_length=10, verbose_name='Goes to')),
                ('at_opening', models.BooleanField(default=False, verbose_name='When the duty opens, whatever the due day')),
                ('is_active', models.BooleanField(default=True, verbose_name='In force')),
            ],
            options={
                'verbose_name': 'Reminder step',
                'ordering': ['rule', '-at_opening', 'offset', 'audience'],
                'constraints': [models.UniqueConstraint(fields=('rule', 'offset', 'audience', 'at_opening'), name='step_once')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='unions.dutyrule', verbose_name='Duty')),
                ('period', models.CharField(max_length=7, verbose_name='Period')),
                ('opens_on', models.DateField(verbose_name='Opens on')),
                ('due_on', models.DateField(verbose_name='Due on')),
                ('last_day', models.DateField(help_text='The due day, the extension, or the day set for a correction', verbose_name='Last day')),
                ('state', models.CharField(choices=[('open', 'Not submitted'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('fulfilled', 'Fulfilled'), ('waived', 'Exempt')], default='open', max_length=10, verbose_name='State')),
                ('timeliness', models.CharField(blank=True, choices=[('', 'Not submitted'), ('on_time', 'On time'), ('extended', 'Within the extension'), ('late', 'Late')], default='', max_length=10, verbose_name='Timeliness')),
                ('first_submitted_at', models.DateTimeField(null=True, verbose_name='First submitted at')),
                ('fulfilled_at', models.DateTimeField(null=True, verbose_name='Fulfilled at')),
                ('return_count', models.PositiveSmallIntegerField(default=0, verbose_name='Times returned')),
                ('extended_to', models.DateField(null=True, verbose_name='Extended to')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='Reason for the extension or exemption')),
                ('members', models.PositiveIntegerField(default=0, verbose_name='Members when opened')),
            ],
            options={
                'verbose_name': 'Duty',
                'ordering': ['last_day', 'pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['middle', 'rule', 'period', 'state'], name='duty_middle'), models.Index(fields=['rule', 'period', 'state'], name='duty_period'), models.Index(fields=['union', '-period'], name='duty_union'), models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['rule', 'period', 'last_day', '-members', 'id'], include=('middle',), name='duty_overdue'), models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['last_day'], name='duty_outstanding'), models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['middle', 'last_day'], name='duty_outstanding_middle')],
                'constraints': [models.UniqueConstraint(fields=('rule', 'period', 'union'), name='duty_once'), models.CheckConstraint(condition=models.Q(models.Q(('first_submitted_at', None), ('timeliness', '')), models.Q(('first_submitted_at__isnull', False), models.Q(('timeliness', ''), _negated=True)), _connector='OR'), name='duty_timeliness_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'fulfilled'), _negated=True), ('fulfilled_at__isnull', False), _connector='OR'), name='duty_fulfilled_dated'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'submitted', 'returned', 'fulfilled', 'waived'])), name='duty_state_known'), models.CheckConstraint(condition=models.Q(('timeliness__in', ['', 'on_time', 'extended', 'late'])), name='duty_timeliness_known'), unions.policies.Walled(name='unions_duty_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='1fef74e1db9a1d0ab32c6b0e36c9c21e5290f848', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_f9b59', table='unions_duty', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='DutyTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('middle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.dutyrule')),
                ('period', models.CharField(max_length=7)),
                ('expected', models.PositiveIntegerField(default=0)),
                ('submitted', models.PositiveIntegerField(default=0)),
                ('on_time', models.PositiveIntegerField(default=0)),
                ('extended', models.PositiveIntegerField(default=0)),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('returned', models.PositiveIntegerField(default=0)),
                ('waived', models.PositiveIntegerField(default=0)),
                ('members_expected', models.PositiveBigIntegerField(default=0)),
                ('members_submitted', models.PositiveBigIntegerField(default=0)),
                ('members_accepted', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'Duty total',
                'ordering': ['rule', 'period', 'union'],
                'constraints': [unions.policies.Walled(name='duty_total_wall'), models.UniqueConstraint(fields=('union', 'rule', 'period'), name='duty_total_once'), models.CheckConstraint(condition=models.Q(('submitted__lte', models.F('expected'))), name='duty_total_within')],
            },
        ),
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('reason', models.CharField(max_length=500, verbose_name='Reason')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='From')),
                ('ends_at', models.DateTimeField(verbose_name='To')),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Emergency access',
                'ordering': ['-started_at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('started_at'))), name='emergency_times'), unions.policies.Walled(name='unions_emergencyaccess_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='dc40fb57254bef9c32a6573eb3dea69f878991a3', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_faf19', table='unions_emergencyaccess', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CodeApp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='code_app', to=settings.AUTH_USER_MODEL)),
                ('seed', unions.kit.sealed.EncryptedCharField(help_text='hexadecimal', max_length=64)),
                ('last_step', models.BigIntegerField(default=-1)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='Added')),
                ('used_at', models.DateTimeField(null=True, verbose_name='Last used')),
            ],
            options={
                'verbose_name': 'Code app',
            },
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=40, verbose_name='Name')),
                ('credential', models.BinaryField(unique=True)),
                ('public_key', models.BinaryField()),
                ('sign_count', models.BigIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='Added')),
                ('used_at', models.DateTimeField(null=True, verbose_name='Last used')),
            ],
            options={
                'verbose_name': 'Passkey',
                'ordering': ['made_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
                ('mark', models.CharField(max_length=4)),
                ('digest', models.CharField(max_length=128)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Recovery code',
                'constraints': [models.UniqueConstraint(fields=('user', 'mark'), name='recovery_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='FormerPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_passwords', to=settings.AUTH_USER_MODEL)),
                ('password', models.CharField(max_length=128)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'Former password',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('kind', models.CharField(max_length=40, verbose_name='Kind')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Started by')),
                ('params', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10, verbose_name='State')),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('stage', models.CharField(blank=True, max_length=80)),
                ('result', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('file', models.FileField(blank=True, upload_to='jobs/%Y/%m/')),
                ('file_name', models.CharField(blank=True, max_length=160)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('request_id', models.CharField(blank=True, default='', editable=False, max_length=40)),
                ('address', models.CharField(blank=True, default='', editable=False, max_length=45)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Started at')),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True, verbose_name='Finished at')),
            ],
            options={
                'verbose_name': 'Job',
                'ordering': ['-created_at', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['by', '-created_at'], name='job_by')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'failed'])), name='job_state_known'), unions.policies.Walled(name='unions_job_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='56773cb4832af34ef4c03cf02d0cec9084faf5b6', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_b48f2', table='unions_job', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('union', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='unions.union')),
                ('kind', models.CharField(max_length=40)),
                ('params', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Notice',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_recipient'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='notice_unread')],
                'constraints': [unions.policies.Walled(name='notice_wall', person='recipient_id')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('field', models.CharField(choices=[('name', 'Name'), ('phone', 'Phone'), ('email', 'E-mail')], max_length=10, verbose_name='Item')),
                ('wish', unions.kit.sealed.EncryptedCharField(max_length=120, verbose_name='Right is')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('done', 'Corrected'), ('declined', 'Declined')], default='asked', max_length=10, verbose_name='State')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='Reply')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='Asked at')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Correction',
                'ordering': ['-asked_at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'done', 'declined'])), name='correction_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='correction_decided'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('by', 'field'), name='correction_once'), unions.policies.Walled(name='unions_correction_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='d44a409c552ba026a3b751d8c1292a218c2f7acd', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_02b0b', table='unions_correction', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('state', models.CharField(choices=[('proposed', 'To be confirmed'), ('done', 'Erased'), ('superseded', 'Superseded by a later look')], default='proposed', max_length=12, verbose_name='State')),
                ('found', models.JSONField(default=dict, help_text='rule → ids')),
                ('erased', models.JSONField(default=dict, help_text='rule → how many')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='Reason')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='Found at')),
                ('erased_at', models.DateTimeField(null=True, verbose_name='Erased at')),
                ('erased_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Erasure',
                'ordering': ['-made_at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'done', 'superseded'])), name='erasure_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', False), ('erased_by__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('erased_at', None), ('erased_by', None)), _connector='OR'), name='erasure_done'), unions.policies.Walled(name='unions_erasure_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='3cf31888b5332a7fb734ad60a28e9156553faf84', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_fd479', table='unions_erasure', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('number', models.BigIntegerField(default=unions.models.session.new_number, unique=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='Address')),
                ('agent', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='Signed in')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='Last seen')),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_for', models.CharField(blank=True, choices=[('idle', 'Nothing was done for too long'), ('time', 'The longest time of a session is over'), ('elsewhere', 'The account signed in elsewhere'), ('password', 'The password was changed'), ('factor', 'The second factor was changed'), ('post', 'The appointments were changed'), ('disabled', 'The account was disabled'), ('person', 'Ended from another device of the account'), ('administrator', 'Ended by an administrator')], max_length=16)),
            ],
            options={
                'verbose_name': 'Session',
                'verbose_name_plural': 'sessions',
                'ordering': ['-seen_at'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['user', '-seen_at'], name='session_of_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_for__in', ['', 'idle', 'time', 'elsewhere', 'password', 'factor', 'post', 'disabled', 'person', 'administrator'])), name='session_end_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_for', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_for', ''), _negated=True)), _connector='OR'), name='session_end_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('purpose', models.CharField(max_length=40)),
                ('object_id', models.BigIntegerField(null=True)),
                ('file', models.FileField(blank=True, upload_to='uploads/')),
                ('name', models.CharField(max_length=140, verbose_name='File')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='What it is')),
                ('kind', models.CharField(max_length=10, verbose_name='Kind')),
                ('size', models.PositiveIntegerField(verbose_name='File size')),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('quarantined', 'Waiting for the virus check'), ('clean', 'Ready'), ('infected', 'Infected, removed'), ('rejected', 'Refused, removed')], default='quarantined', max_length=12, verbose_name='State')),
                ('is_scanned', models.BooleanField(default=False)),
                ('finding', models.CharField(blank=True, help_text='What the virus check found, or why it refused', max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Uploaded by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Uploaded at')),
                ('scanned_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Uploaded file',
                'ordering': ['-created_at', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['union', '-created_at'], name='upload_union'), models.Index(condition=models.Q(('state', 'quarantined')), fields=['created_at'], name='upload_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['quarantined', 'clean', 'infected', 'rejected'])), name='upload_state_known'), unions.policies.Walled(name='unions_upload_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='11dcf5d8b9776b7373ff6b40834a5ee059ba3776', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_93193', table='unions_upload', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('url', models.CharField(max_length=500, verbose_name='Address')),
                ('is_active', models.BooleanField(default=True, verbose_name='In use')),
                ('salt', models.CharField(default=unions.models.webhook.new_salt, editable=False, max_length=32)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'Webhook',
                'ordering': ['union__path'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('union',), name='webhook_once', violation_error_message='This union has an address already; change that one.'), unions.policies.Walled(name='unions_webhook_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='da949c64029ac2beac58f148bbf9a432c4ed37d7', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_d0e08', table='unions_webhook', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='UnionGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='unions.union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='unions.roleassignment')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
            ],
            options={
                'verbose_name': 'Grant',
                'indexes': [models.Index(fields=['content_object', 'permission'], name='grant_union')],
                'constraints': [unions.policies.Walled(name='grant_wall', union='content_object_id'), models.UniqueConstraint(fields=('assignment', 'permission'), name='grant_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.content_object_id); RETURN NEW;', hash='1d1a5a2ea79cad138856481cc99a33c2d773e9d8', operation='INSERT OR UPDATE OF "content_object_id", "middle_id"', pgid='pgtrigger_fill_middle_66364', table='unions_uniongrant', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('action', models.CharField(max_length=60, verbose_name='Action')),
                ('model', models.CharField(max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='Time')),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('assignment', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.roleassignment', verbose_name='As')),
                ('result', models.CharField(choices=[('done', 'Done'), ('read', 'Looked at'), ('refused', 'Turned away'), ('failed', 'Failed')], db_default='done', default='done', max_length=8, verbose_name='Result')),
                ('source', models.CharField(blank=True, max_length=20, verbose_name='From')),
                ('target', models.CharField(blank=True, max_length=20, verbose_name='To')),
                ('reason', models.TextField(blank=True, verbose_name='Reason')),
                ('data', models.JSONField(default=dict)),
                ('request_id', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='Request')),
                ('address', models.CharField(blank=True, db_default='', default='', max_length=45, verbose_name='Network address')),
                ('key', models.CharField(help_text='Idempotency key of the request', max_length=64, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'Event',
                'ordering': ['-at', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['model', 'object_id', '-at'], name='event_object'), models.Index(fields=['union', '-at'], name='event_union'), models.Index(fields=['middle', '-at'], name='event_middle'), models.Index(fields=['by', '-at'], name='event_by'), models.Index(fields=['-at', '-id'], name='event_at'), models.Index(django.contrib.postgres.indexes.OpClass('action', 'varchar_pattern_ops'), models.OrderBy(models.F('at'), descending=True), name='event_action'), models.Index(condition=models.Q(('result', 'done'), _negated=True), fields=['result', '-at'], name='event_not_done'), models.Index(condition=models.Q(('request_id', ''), _negated=True), fields=['request_id'], name='event_request')],
                'constraints': [models.CheckConstraint(condition=models.Q(('result__in', ['done', 'read', 'refused', 'failed'])), name='event_result'), unions.policies.Walled(name='unions_event_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='3faab759faf7f9465f8fdcee6700b322adcb3247', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_7a389', table='unions_event', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('union', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Union')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('importer', models.CharField(max_length=40, verbose_name='Kind')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Brought by')),
                ('file', models.FileField(upload_to='imports/%Y/%m/')),
                ('file_name', models.CharField(max_length=160, verbose_name='File')),
                ('size', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('reading', 'Being read'), ('refused', 'Refused'), ('preview', 'Awaiting confirmation'), ('committing', 'Being imported'), ('done', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('expired', 'Expired'), ('failed', 'Failed')], default='uploaded', max_length=12, verbose_name='State')),
                ('sheet', models.CharField(blank=True, max_length=80)),
                ('header_row', models.PositiveIntegerField(default=0)),
                ('headers', models.JSONField(default=list, help_text='Texts of the header row, in order')),
                ('mapping', models.JSONField(default=dict, help_text='Column index → field key')),
                ('counts', models.JSONField(default=dict, help_text='Rows per state, and rows per problem')),
                ('problem', models.TextField(blank=True, help_text='Why the whole file was refused')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='unions.job')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Uploaded at')),
                ('previewed_at', models.DateTimeField(null=True)),
                ('committed_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Import',
                'ordering': ['-created_at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'reading', 'refused', 'preview', 'committing', 'done', 'undoing', 'undone', 'expired', 'failed'])), name='batch_state_known'), unions.policies.Walled(name='unions_importbatch_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;', hash='a77de2d916c5881a3e0ae435310af1a8cdf6a9eb', operation='INSERT OR UPDATE OF "union_id", "middle_id"', pgid='pgtrigger_fill_middle_e0164', table='unions_importbatch', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('union', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='unions.duty')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.reminderstep')),
                ('counted_from', models.DateField(help_text='The last day (or opening day) it counted from: a new day, a new ladder')),
                ('fired_on', models.DateField()),
                ('is_skipped', models.BooleanField(default=False, help_text='A later step had come due by the time of a missed run')),
            ],
            options={
                'verbose_name': 'Reminder',
                'ordering': ['duty', 'fired_on'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('duty', 'step', 'counted_from'), name='reminder_once'), unions.policies.Walled(name='unions_reminder_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='SELECT union_id, middle_id INTO NEW.union_id, NEW.middle_id FROM unions_duty WHERE id = NEW.duty_id; RETURN NEW;', hash='8e01d4dc98821ee68457211b96a3d585c6bf00fa', operation='INSERT OR UPDATE OF "duty_id", "union_id", "middle_id"', pgid='pgtrigger_fill_middle_626d5', table='unions_reminder', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed'), ('unknown', 'Unknown, not sent again')], default='waiting', max_length=10, verbose_name='State')),
                ('not_before', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='Sent at')),
                ('error', models.TextField(blank=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='unions.notice')),
                ('channel', models.CharField(default='email', max_length=10, verbose_name='Channel')),
                ('address', models.CharField(max_length=254, verbose_name='Address')),
            ],
            options={
                'verbose_name': 'Delivery',
                'ordering': ['not_before', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['not_before'], name='delivery_waiting')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'failed', 'unknown'])), name='delivery_state_known')],
            },
        ),
        migrations.CreateModel(
            name='WebhookPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed'), ('unknown', 'Unknown, not sent again')], default='waiting', max_length=10, verbose_name='State')),
                ('not_before', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='Sent at')),
                ('error', models.TextField(blank=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='unions.webhook')),
                ('key', models.CharField(max_length=40)),
                ('body', models.JSONField()),
            ],
            options={
                'verbose_name': 'Post to a webhook',
                'ordering': ['-not_before', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['not_before'], name='webhook_post_waiting')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'key'), name='webhook_post_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'failed', 'unknown'])), name='webhook_post_state_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('middle', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union', verbose_name='Middle-tier union')),
                ('union', unions.kit.fields.DerivedForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='unions.union')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='unions.importbatch')),
                ('number', models.PositiveIntegerField(help_text='As the spreadsheet counts', verbose_name='Row')),
                ('state', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('same', 'Unchanged'), ('error', 'Error')], max_length=8, verbose_name='State')),
                ('has_warning', models.BooleanField(default=False)),
                ('private', unions.kit.sealed.EncryptedCharField(blank=True, help_text='JSON: raw cells, and what values and before hold unmasked')),
                ('values', models.JSONField(default=dict, help_text='field → value after cleaning')),
                ('changes', models.JSONField(default=dict, help_text='field → [old, new]')),
                ('problems', models.JSONField(default=list, help_text='[{level, code, field, message params}]')),
                ('label', models.CharField(blank=True, max_length=160)),
                ('object_id', models.BigIntegerField(null=True)),
                ('before', models.JSONField(help_text='Values before the import, for undoing', null=True)),
                ('revision', models.PositiveIntegerField(help_text="The object's revision after the import", null=True)),
                ('is_applied', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'Row',
                'ordering': ['batch', 'number'],
                'abstract': False,
                'indexes': [models.Index(fields=['batch', 'state', 'number'], name='import_row_state')],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='import_row_once'), models.CheckConstraint(condition=models.Q(('state__in', ['new', 'changed', 'same', 'error'])), name='import_row_state_known'), unions.policies.Walled(name='unions_importrow_wall')],
                'triggers': [pgtrigger.compiler.Trigger(name='fill_middle', sql=pgtrigger.compiler.UpsertTriggerSql(func='SELECT union_id, middle_id INTO NEW.union_id, NEW.middle_id FROM unions_importbatch WHERE id = NEW.batch_id; RETURN NEW;', hash='2ef65554efacba8c20a9e7a06d0fae9d320edaf8', operation='INSERT OR UPDATE OF "batch_id", "union_id", "middle_id"', pgid='pgtrigger_fill_middle_b6a72', table='unions_importrow', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='NoticeItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='unions.notice')),
                ('reminder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='unions.reminder')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notice', 'reminder'), name='notice_item_once')],
            },
        ),
        migrations.RunSQL(KEEP, FREE),
        migrations.RunSQL(ANALYZE, 'DROP FUNCTION portal_analyze(regclass[])'),
    ]
