import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FigurePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('persons', models.PositiveSmallIntegerField(default=50, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(10000)], verbose_name='persons a table needs')),
                ('units', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(20), django.core.validators.MaxValueValidator(10000)], verbose_name='families that came or left since the last table')),
                ('crossed_persons', models.PositiveSmallIntegerField(default=200, validators=[django.core.validators.MinValueValidator(200), django.core.validators.MaxValueValidator(10000)], verbose_name='persons a table of two attributes needs')),
                ('entries', models.PositiveSmallIntegerField(default=50, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(10000)], verbose_name='entries a table about work needs')),
                ('entry_persons', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(20), django.core.validators.MaxValueValidator(10000)], verbose_name='persons these entries are about')),
                ('days_after', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(10000)], verbose_name='tables are stored … days after their day')),
                ('joining_files', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(10000)], verbose_name='new files join the list of cases together, at least')),
            ],
            options={
                'verbose_name': 'policy of figures',
                'verbose_name_plural': 'policies of figures',
                'ordering': ('-valid_from',),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('valid_from',), name='one_figure_policy_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ReferenceDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('tables', 'protected tables'), ('case_list', 'list of cases')], max_length=20)),
                ('day', models.DateField()),
                ('handled_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'reference day',
                'verbose_name_plural': 'reference days',
                'constraints': [models.UniqueConstraint(fields=('purpose', 'day'), name='a_day_is_dealt_with_once')],
            },
        ),
        migrations.CreateModel(
            name='CountedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('lacks', models.TextField(blank=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
            ],
            options={
                'verbose_name': 'person counted in tables',
                'verbose_name_plural': 'persons counted in tables',
                'constraints': [models.UniqueConstraint(fields=('day', 'client'), name='a_person_counts_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ProtectedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('day', models.DateField()),
                ('stored_at', models.DateTimeField()),
                ('content', models.JSONField()),
                ('municipality', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
            ],
            options={
                'verbose_name': 'protected table',
                'verbose_name_plural': 'protected tables',
                'ordering': ('-day', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('code', 'day'), name='one_district_table_a_day'), models.UniqueConstraint(condition=models.Q(('municipality__isnull', False)), fields=('municipality', 'code', 'day'), name='one_table_a_day_and_municipality')],
            },
        ),
    ]
