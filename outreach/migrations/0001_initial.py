import django.core.validators
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
            name='OutreachPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('min_age', models.PositiveSmallIntegerField(default=16, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='from which age')),
                ('step1_due_wd', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='letter or call: due after … working days')),
                ('first_contact_due_wd', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='first contact: due after … working days')),
                ('step2_after_letter_wd', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='after a letter: wait … working days')),
                ('step2_after_call_wd', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='after a call: wait … working days')),
                ('step2_due_wd', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='the other way: due … working days later')),
                ('invitation_hold_wd', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='after the date of an invitation: wait … working days')),
                ('visit_after_wd', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='home visit: not before … working days')),
                ('visit_due_wd', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='home visit: due after … working days')),
                ('visit_announced', models.BooleanField(default=True, verbose_name='home visits are announced')),
                ('visit_announced_wd', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='announced … working days before')),
                ('visit2_after_days', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='second visit: not before … days')),
                ('visit2_due_days', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='second visit: due after … days')),
                ('decide_after_days', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='after the card: decide after … days')),
                ('recheck_after_days', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='after the card: another attempt after … days')),
                ('recheck_due_wd', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='another attempt: due after … working days')),
                ('close_after_wd', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='then propose closing after … working days')),
                ('fast_lane', models.BooleanField(default=True, verbose_name='two unexcused no-shows lead straight to the visit')),
                ('fast_lane_months', models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='both within … months')),
                ('question_after_days', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000)], verbose_name='ask for the next appointment after … days')),
                ('municipality', models.ForeignKey(blank=True, help_text="A municipality's own version counts before the district's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'outreach policy',
                'verbose_name_plural': 'outreach policies',
                'ordering': ('-valid_from',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ladder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('key', models.CharField(max_length=40)),
                ('trigger', models.CharField(choices=[('no_show', 'Missed appointment'), ('first_contact', 'First contact'), ('missed_invitation', 'Missed invitation')], max_length=20, verbose_name='reason')),
                ('t0', models.DateTimeField()),
                ('began_on', models.DateField()),
                ('stage', models.CharField(choices=[('step1', 'Letter or call'), ('step2', 'The other way'), ('visit', 'Home visit'), ('visit2', 'Second visit'), ('unreachable', 'Not reachable'), ('recheck', 'Another attempt'), ('ended', 'Ended')], max_length=20, verbose_name='step')),
                ('reached', models.CharField(choices=[('step1', 'Letter or call'), ('step2', 'The other way'), ('visit', 'Home visit'), ('visit2', 'Second visit'), ('unreachable', 'Not reachable'), ('recheck', 'Another attempt'), ('ended', 'Ended')], max_length=20)),
                ('suspended', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('two_way', 'In contact again'), ('excused', 'Excuse accepted'), ('corrected', 'Record corrected'), ('declined', 'Client declines counselling'), ('closed', 'Counselling closed'), ('manager', 'Ended by the manager')], max_length=20)),
                ('answer', models.CharField(blank=True, choices=[('new_appointment', 'New appointment'), ('none_needed', 'None needed')], max_length=20)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ladders', to='clients.client')),
                ('policy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.outreachpolicy')),
            ],
            options={
                'verbose_name': 'outreach ladder',
                'verbose_name_plural': 'outreach ladders',
                'ordering': ('-t0', '-id'),
            },
        ),
        migrations.CreateModel(
            name='LadderAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('kind', models.CharField(choices=[('announced', 'Visit announced'), ('postponed', 'Postponed'), ('clarified', 'Address or number clarified'), ('ended', 'Ended')], editable=False, max_length=20)),
                ('at', models.DateTimeField(editable=False)),
                ('day', models.DateField(blank=True, null=True, verbose_name='day')),
                ('outcome', models.CharField(blank=True, choices=[('found', 'found'), ('nothing_found', 'nothing found')], max_length=20, verbose_name='result')),
                ('reason', models.CharField(blank=True, choices=[('declined', 'Client declines counselling'), ('manager', 'Ended by the manager')], max_length=20, verbose_name='reason')),
                ('channel', models.CharField(blank=True, choices=[('office', 'Office'), ('open_hour', 'Open office hour'), ('phone', 'Phone'), ('letter', 'Letter'), ('email', 'E-mail'), ('message', 'Messenger or SMS'), ('video', 'Video'), ('home_visit', 'Home visit'), ('accompaniment', 'Accompaniment'), ('note', 'Written note'), ('group', 'Group event')], max_length=20, verbose_name='channel')),
                ('detail', models.CharField(max_length=300, verbose_name='detail')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ladder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='outreach.ladder')),
            ],
            options={
                'verbose_name': 'act of outreach',
                'verbose_name_plural': 'acts of outreach',
                'ordering': ('at', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('detail', ''), _negated=True), models.Q(('reason', ''), _negated=True), models.Q(('outcome', ''), _negated=True), models.Q(('channel', ''), _negated=True), _connector='OR'), name='an_act_has_a_reason_or_detail')],
            },
        ),
        migrations.AddConstraint(
            model_name='outreachpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('valid_from',), name='one_outreach_policy_a_day_for_the_district', violation_error_message='The district has a version from this day on already.'),
        ),
        migrations.AddConstraint(
            model_name='outreachpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('municipality__isnull', False)), fields=('municipality', 'valid_from'), name='one_outreach_policy_a_day_for_a_municipality', violation_error_message='This municipality has a version from this day on already.'),
        ),
        migrations.AddIndex(
            model_name='ladder',
            index=models.Index(fields=['began_on'], name='ladder_by_beginning'),
        ),
        migrations.AddConstraint(
            model_name='ladder',
            constraint=models.UniqueConstraint(fields=('client', 'key'), name='a_trigger_opens_one_ladder'),
        ),
        migrations.AddConstraint(
            model_name='ladder',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('client',), name='one_open_ladder_per_client'),
        ),
        migrations.AddConstraint(
            model_name='ladder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='an_ended_ladder_has_a_reason'),
        ),
    ]
