"""Outreach policies may be a municipality's own; backwards only while none of them has one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('appointments', '0003_outreach_ladders'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outreachpolicy',
            name='one_outreach_policy_a_day',
        ),
        migrations.AddField(
            model_name='outreachpolicy',
            name='municipality',
            field=models.ForeignKey(blank=True, help_text="A municipality's own version counts before the district's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality'),
        ),
        migrations.AddConstraint(
            model_name='outreachpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('valid_from',), name='one_outreach_policy_a_day_for_the_district', violation_error_message='The district has a version from this day on already.'),
        ),
        migrations.AddConstraint(
            model_name='outreachpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('municipality__isnull', False)), fields=('municipality', 'valid_from'), name='one_outreach_policy_a_day_for_a_municipality', violation_error_message='This municipality has a version from this day on already.'),
        ),
    ]
