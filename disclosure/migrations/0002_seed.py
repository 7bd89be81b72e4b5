"""The rules, forms, catalogue, themes of enquiries and sheets of annual reports of a new portal."""

from django.db import migrations

from disclosure.annual_seeds import seed_annual
from disclosure.catalogue_seeds import seed_catalogue
from disclosure.enquiry_seeds import seed_enquiry_themes
from disclosure.seeds import seed


def sow(apps, schema_editor):
    for sow_some in (seed, seed_catalogue, seed_enquiry_themes, seed_annual):
        sow_some(apps.get_model)


class Migration(migrations.Migration):
    replaces = [
        ("disclosure", "0100_seed"),
        ("disclosure", "0101_statistics_law"),
        ("disclosure", "0104_catalogue"),
        ("disclosure", "0121_seed_enquiry_themes"),
        ("disclosure", "0131_annual_sheets"),
    ]
    dependencies = [("disclosure", "0001_tables")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
