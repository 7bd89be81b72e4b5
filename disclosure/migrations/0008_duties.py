"""The duties of funds and disclosure, and which of them asks for what the catalogue has in a rhythm."""

import django.db.models.deletion
from django.db import migrations, models

from disclosure.duty_seeds import seed_duties


def sow(apps, schema_editor):
    seed_duties(apps.get_model)


class Migration(migrations.Migration):

    dependencies = [
        ('assemblies', '0002_seed'),
        ('disclosure', '0007_assets'),
        ('unions', '0002_duties'),
    ]

    operations = [
        migrations.AddField(
            model_name='catalogueitem',
            name='rule',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='unions.dutyrule', verbose_name='Duty that asks for it'),
        ),
        migrations.RunPython(sow, migrations.RunPython.noop),
    ]
