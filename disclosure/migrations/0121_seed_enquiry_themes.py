from django.db import migrations

from disclosure.enquiry_seeds import seed_enquiry_themes


def sow(apps, schema_editor):
    seed_enquiry_themes(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0120_enquiries")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
