"""The tables by size, rules, themes of proposals and sheet of appraisals of a new portal."""

from django.db import migrations

from assemblies.seeds import seed_bands, seed_proposals, seed_rules, seed_sheet


def sow(apps, schema_editor):
    for seed in (seed_bands, seed_rules, seed_proposals, seed_sheet):
        seed(apps.get_model)


class Migration(migrations.Migration):
    replaces = [
        ("assemblies", "0011_seed_bands"),
        ("assemblies", "0013_seed_rules"),
        ("assemblies", "0041_seed_proposals"),
        ("assemblies", "0051_seed_sheet"),
    ]
    dependencies = [("assemblies", "0001_tables")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
