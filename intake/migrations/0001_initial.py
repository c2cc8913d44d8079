import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('clients', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('uploaded_at', models.DateTimeField(editable=False)),
                ('filename', models.CharField(editable=False, max_length=200)),
                ('state', models.CharField(choices=[('mapping', 'columns to be assigned'), ('checking', 'rows are being checked'), ('ready', 'to be decided'), ('imported', 'imported')], default='mapping', editable=False, max_length=20)),
                ('encoding', models.CharField(editable=False, max_length=20)),
                ('separator', models.CharField(blank=True, editable=False, max_length=1)),
                ('sheet', models.CharField(blank=True, editable=False, max_length=80)),
                ('header', models.JSONField(default=list, editable=False)),
                ('mapping', models.JSONField(default=list, editable=False)),
                ('skipped', models.JSONField(default=list, editable=False, help_text='lines that are no rows: line, kind, text')),
                ('total_rows', models.PositiveIntegerField(default=0, editable=False)),
                ('checked_rows', models.PositiveIntegerField(default=0, editable=False)),
                ('checked_on', models.DateField(editable=False, null=True)),
                ('finished_at', models.DateTimeField(editable=False, null=True)),
                ('own_files', models.PositiveIntegerField(default=0, editable=False)),
                ('relatives', models.PositiveIntegerField(default=0, editable=False)),
                ('left_out', models.PositiveIntegerField(default=0, editable=False)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.accesssource', verbose_name='access source')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ('-uploaded_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveIntegerField()),
                ('line', models.PositiveIntegerField(help_text='where the row stands in the file')),
                ('label', models.CharField(blank=True, help_text='how the list itself counts the row', max_length=40)),
                ('cells', models.JSONField(default=list)),
                ('family_key', models.CharField(blank=True, max_length=120)),
                ('folded_surname', models.CharField(blank=True, help_text='finds the family where no key is given', max_length=120)),
                ('corrected', models.JSONField(default=list, help_text='columns corrected on the screen')),
                ('findings', models.JSONField(default=list)),
                ('dismissed', models.JSONField(default=list, help_text='suspects the person was told apart from: other rows, files')),
                ('proposal', models.CharField(blank=True, max_length=20)),
                ('proposed_head', models.PositiveIntegerField(null=True)),
                ('decision', models.CharField(blank=True, help_text='empty: as proposed', max_length=20)),
                ('head', models.PositiveIntegerField(help_text='position of the person a relative belongs to', null=True)),
                ('has_error', models.BooleanField(default=False)),
                ('is_suspected', models.BooleanField(default=False)),
                ('is_noted', models.BooleanField(default=False, help_text='warnings or hints')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='intake.importbatch')),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clients.client')),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of an import',
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='number')),
                ('registered_at', models.DateTimeField(editable=False)),
                ('surname', models.CharField(blank=True, max_length=120, verbose_name='surname')),
                ('given_name', models.CharField(blank=True, max_length=120, verbose_name='given name')),
                ('reach', models.CharField(blank=True, max_length=200, verbose_name='how to reach the person')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='what it is about')),
                ('state', models.CharField(choices=[('open', 'open'), ('taken', 'taken'), ('answered', 'answered')], default='open', editable=False, max_length=20)),
                ('taken_at', models.DateTimeField(editable=False, null=True)),
                ('answered_at', models.DateTimeField(editable=False, null=True)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='duration in minutes')),
                ('answered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='enquiries', to='clients.client')),
                ('language', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.spokenlanguage', verbose_name='language')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.accesssource', verbose_name='access source')),
                ('taken_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.topic', verbose_name='topic')),
            ],
            options={
                'verbose_name': 'enquiry',
                'verbose_name_plural': 'enquiries',
                'ordering': ('-registered_at', '-id'),
                'indexes': [models.Index(fields=['municipality', 'state', '-registered_at'], name='enquiry_by_place_and_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'taken'), ('taken_by__isnull', False)), models.Q(('state', 'taken'), _negated=True), _connector='OR'), name='enquiry_taken_has_a_taker'), models.CheckConstraint(condition=models.Q(('client__isnull', True), ('taken_by__isnull', False), _connector='OR'), name='enquiry_with_a_file_was_taken')],
            },
        ),
        migrations.CreateModel(
            name='EnquiryCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'year'), name='one_enquiry_counter_per_place_and_year')],
            },
        ),
        migrations.AddIndex(
            model_name='importbatch',
            index=models.Index(fields=['uploaded_by', 'state'], name='import_by_person'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='one_row_per_position_of_an_import'),
        ),
    ]
