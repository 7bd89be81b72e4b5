from django.db import migrations

from assemblies.seeds import seed_rules


def make(apps, schema_editor):
    seed_rules(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0012_terms"), ("unions", "0016_own_time")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
