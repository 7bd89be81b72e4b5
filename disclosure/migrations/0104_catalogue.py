from django.db import migrations

from disclosure.catalogue_seeds import seed_catalogue


def sow(apps, schema_editor):
    seed_catalogue(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0103_bulletins")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
