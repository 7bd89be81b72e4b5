from django.db import migrations

from assemblies.seeds import seed_proposals


def make(apps, schema_editor):
    seed_proposals(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0040_delegates_and_proposals")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
