from django.db import migrations

from disclosure.seeds import seed


def make(apps, schema_editor):
    seed(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0002_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
