from django.db import migrations

from assemblies.seeds import seed_bands


def make(apps, schema_editor):
    seed_bands(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0010_bands")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
