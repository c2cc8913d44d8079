from django.db import migrations, models


def keep_the_latest(apps, schema_editor):
    """Going back: one draft per author, form and object again."""
    seen = set()
    for draft in apps.get_model('clients', 'Draft').objects.order_by('-saved_at'):
        key = (draft.author_id, draft.form, draft.object_key)
        if key in seen:
            draft.delete()
        seen.add(key)


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0007_add_form_digest'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='draft',
            name='one_draft_per_form_and_object',
        ),
        migrations.AddField(
            model_name='draft',
            name='window',
            field=models.CharField(blank=True, editable=False, max_length=8),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('author', 'form', 'object_key', 'window'), name='one_draft_per_form_object_and_window'),
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_the_latest),
    ]
