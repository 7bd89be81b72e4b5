from django.db import migrations

from disclosure.annual_seeds import seed_annual


def sow(apps, schema_editor):
    seed_annual(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0130_annual_reports")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
