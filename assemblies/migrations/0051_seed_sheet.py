from django.db import migrations

from assemblies.seeds import seed_sheet


def make(apps, schema_editor):
    seed_sheet(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0050_appraisals")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
