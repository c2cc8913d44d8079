import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('channel', models.CharField(choices=[('office', 'Office'), ('open_hour', 'Open office hour'), ('phone', 'Phone'), ('letter', 'Letter'), ('email', 'E-mail'), ('message', 'Messenger or SMS'), ('video', 'Video'), ('home_visit', 'Home visit'), ('accompaniment', 'Accompaniment'), ('note', 'Written note'), ('group', 'Group event')], default='office', max_length=20, verbose_name='channel')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                ('matter', models.CharField(blank=True, max_length=200, verbose_name='what it is about')),
                ('interpreter', models.CharField(choices=[('none', 'not needed'), ('needed', 'needed'), ('booked', 'booked'), ('confirmed', 'confirmed')], default='none', max_length=20, verbose_name='interpreter')),
                ('agreed_at', models.DateTimeField(editable=False, null=True)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('no_show', 'did not come'), ('not_met', 'not met'), ('cancelled_client', 'cancelled by the client'), ('cancelled_us', 'cancelled by us'), ('moved', 'moved')], default='planned', editable=False, max_length=20, verbose_name='state')),
                ('excuse', models.CharField(choices=[('undecided', 'undecided'), ('excused', 'excused'), ('unexcused', 'unexcused')], default='undecided', editable=False, max_length=20, verbose_name='excuse')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appointments', to='clients.client')),
                ('manager', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('moved_to', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='moved_from', to='appointments.appointment')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ('starts_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='AppointmentOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('no_show', 'did not come'), ('not_met', 'not met'), ('cancelled_client', 'cancelled by the client'), ('cancelled_us', 'cancelled by us'), ('moved', 'moved')], max_length=20)),
                ('excuse', models.CharField(choices=[('undecided', 'undecided'), ('excused', 'excused'), ('unexcused', 'unexcused')], default='undecided', max_length=20)),
                ('recorded_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='appointments.appointment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'outcome of an appointment',
                'verbose_name_plural': 'outcomes of appointments',
                'ordering': ('recorded_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('happened_at', models.DateTimeField(verbose_name='date and time')),
                ('has_time', models.BooleanField(default=True)),
                ('happened_on', models.DateField(verbose_name='date')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)], verbose_name='duration in minutes')),
                ('channel', models.CharField(choices=[('office', 'Office'), ('open_hour', 'Open office hour'), ('phone', 'Phone'), ('letter', 'Letter'), ('email', 'E-mail'), ('message', 'Messenger or SMS'), ('video', 'Video'), ('home_visit', 'Home visit'), ('accompaniment', 'Accompaniment'), ('note', 'Written note'), ('group', 'Group event')], default='office', max_length=20, verbose_name='channel')),
                ('direction', models.CharField(choices=[('out', 'from us'), ('in', 'to us')], default='out', max_length=5, verbose_name='direction')),
                ('spoken_with', models.CharField(choices=[('client', 'Client'), ('legal_representative', 'Legal representative'), ('relative', 'Relative or neighbour'), ('interpreter_only', 'Interpreter only'), ('third_party', 'Third party'), ('nobody', 'Nobody')], default='client', max_length=24, verbose_name='spoken with')),
                ('organisation', models.CharField(blank=True, max_length=120, verbose_name='organisation')),
                ('result', models.CharField(choices=[('talk', 'Talked with each other'), ('answered', 'Answered in writing'), ('received', 'Message received'), ('sent', 'Sent'), ('message_left', 'Message left'), ('not_reached', 'Not reached'), ('not_met', 'Not met'), ('not_met_card', 'Not met, card left'), ('missed_call', 'Missed call')], default='talk', max_length=20, verbose_name='result')),
                ('interpreter', models.CharField(choices=[('none', 'none'), ('professional', 'professional'), ('volunteer', 'volunteer'), ('family', 'family or friends'), ('phone', 'by phone'), ('video', 'by video'), ('colleague', 'colleague')], default='none', max_length=20, verbose_name='interpreter')),
                ('understood_ticked', models.BooleanField(default=False, verbose_name='German and English are understood')),
                ('letters_read', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='letters read')),
                ('forms_filled', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='forms filled in')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('returned_at', models.DateTimeField(editable=False, null=True)),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='appointments.appointment', verbose_name='appointment')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='clients.client')),
                ('language', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.spokenlanguage', verbose_name='language')),
                ('left_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('main_topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.topic', verbose_name='main topic')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topics', models.ManyToManyField(blank=True, related_name='+', to='clients.topic', verbose_name='topics')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ('-happened_at', '-id'),
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='invited_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='appointments.contact'),
        ),
        migrations.CreateModel(
            name='ContactVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_at', models.DateTimeField(verbose_name='date and time')),
                ('has_time', models.BooleanField(default=True)),
                ('happened_on', models.DateField(verbose_name='date')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)], verbose_name='duration in minutes')),
                ('channel', models.CharField(choices=[('office', 'Office'), ('open_hour', 'Open office hour'), ('phone', 'Phone'), ('letter', 'Letter'), ('email', 'E-mail'), ('message', 'Messenger or SMS'), ('video', 'Video'), ('home_visit', 'Home visit'), ('accompaniment', 'Accompaniment'), ('note', 'Written note'), ('group', 'Group event')], default='office', max_length=20, verbose_name='channel')),
                ('direction', models.CharField(choices=[('out', 'from us'), ('in', 'to us')], default='out', max_length=5, verbose_name='direction')),
                ('spoken_with', models.CharField(choices=[('client', 'Client'), ('legal_representative', 'Legal representative'), ('relative', 'Relative or neighbour'), ('interpreter_only', 'Interpreter only'), ('third_party', 'Third party'), ('nobody', 'Nobody')], default='client', max_length=24, verbose_name='spoken with')),
                ('organisation', models.CharField(blank=True, max_length=120, verbose_name='organisation')),
                ('result', models.CharField(choices=[('talk', 'Talked with each other'), ('answered', 'Answered in writing'), ('received', 'Message received'), ('sent', 'Sent'), ('message_left', 'Message left'), ('not_reached', 'Not reached'), ('not_met', 'Not met'), ('not_met_card', 'Not met, card left'), ('missed_call', 'Missed call')], default='talk', max_length=20, verbose_name='result')),
                ('interpreter', models.CharField(choices=[('none', 'none'), ('professional', 'professional'), ('volunteer', 'volunteer'), ('family', 'family or friends'), ('phone', 'by phone'), ('video', 'by video'), ('colleague', 'colleague')], default='none', max_length=20, verbose_name='interpreter')),
                ('understood_ticked', models.BooleanField(default=False, verbose_name='German and English are understood')),
                ('letters_read', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='letters read')),
                ('forms_filled', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='forms filled in')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('returned_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='appointments.appointment', verbose_name='appointment')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_versions', to='clients.client')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='appointments.contact')),
                ('language', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.spokenlanguage', verbose_name='language')),
                ('main_topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.topic', verbose_name='main topic')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topics', models.ManyToManyField(blank=True, related_name='+', to='clients.topic', verbose_name='topics')),
                ('withdrawn_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'former version of a contact',
                'verbose_name_plural': 'former versions of contacts',
                'ordering': ('-withdrawn_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='ContactParticipant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_valid', models.BooleanField(default=True, editable=False)),
                ('script_ok', models.BooleanField(default=True, editable=False)),
                ('language_ok', models.BooleanField(default=True, editable=False)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='clients.client')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='appointments.contact')),
                ('relative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='clients.relative')),
                ('version', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='appointments.contactversion')),
            ],
            options={
                'verbose_name': 'participant',
                'verbose_name_plural': 'participants',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='ContactNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=10000, verbose_name='note')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_notes', to='clients.client')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='appointments.contact')),
                ('version', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='appointments.contactversion')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('form_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('text', models.CharField(max_length=300, verbose_name='what is to be done')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('is_hard', models.BooleanField(default=False, verbose_name='hard deadline')),
                ('moved_from', models.DateField(editable=False, null=True)),
                ('done_at', models.DateTimeField(editable=False, null=True)),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='clients.client')),
                ('contact', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='follow_ups', to='appointments.contact')),
                ('done_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to=settings.AUTH_USER_MODEL)),
                ('passed_on_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'ordering': ('due_on', 'id'),
            },
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['client', '-happened_at', '-id'], name='contact_of_client'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['happened_on', 'channel'], name='contact_by_day'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['recorded_by', '-happened_at'], name='contact_by_author'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('accepted_at__isnull', True), ('left_by__isnull', False)), fields=['client'], name='contact_waiting'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('left_by__isnull', False), _connector='OR'), name='only_a_drop_in_is_accepted'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['manager', 'starts_at'], name='appointment_of_manager'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['client', 'starts_at'], name='appointment_of_client'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['state', 'starts_at'], name='appointment_by_state'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='appointment_ends_after_it_begins'),
        ),
        migrations.AddIndex(
            model_name='contactparticipant',
            index=models.Index(fields=['client', 'contact'], name='participation_of_client'),
        ),
        migrations.AddConstraint(
            model_name='contactparticipant',
            constraint=models.UniqueConstraint(condition=models.Q(('relative__isnull', True), ('version__isnull', True)), fields=('contact', 'client'), name='a_client_takes_part_once'),
        ),
        migrations.AddConstraint(
            model_name='contactparticipant',
            constraint=models.UniqueConstraint(condition=models.Q(('relative__isnull', False), ('version__isnull', True)), fields=('contact', 'relative'), name='a_relative_takes_part_once'),
        ),
        migrations.AddConstraint(
            model_name='contactnote',
            constraint=models.UniqueConstraint(condition=models.Q(('version__isnull', True)), fields=('contact', 'client'), name='one_note_per_file'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['owner', 'due_on'], name='follow_up_open_of_owner'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['client', 'due_on'], name='follow_up_open_of_client'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='follow_up_done_has_a_doer'),
        ),
    ]
