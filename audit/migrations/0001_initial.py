import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('actor_role', models.CharField(blank=True, editable=False, max_length=20)),
                ('action', models.CharField(editable=False, max_length=60)),
                ('kind', models.CharField(blank=True, editable=False, max_length=60)),
                ('subject_ref', models.UUIDField(editable=False, null=True)),
                ('fields', models.JSONField(default=list, editable=False)),
                ('count', models.PositiveIntegerField(editable=False, null=True)),
                ('acting_for', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('actor', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'indexes': [models.Index(fields=['subject_ref', '-at'], name='audit_by_subject'), models.Index(fields=['actor', '-at'], name='audit_by_actor')],
            },
        ),
    ]
