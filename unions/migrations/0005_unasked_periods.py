from django.db import migrations


def forward(apps, schema_editor):
    """A portal that ran before its roster came marked its first period as opened with nobody in it, and would never
    ask for it. The mark goes where it is the rule's only one; where the rule went on, it went on with unions."""
    marks = apps.get_model("unions", "Run").objects.filter(task="open")
    for mark in marks.filter(counts__opened=0):
        rule = mark.slot.partition(":")[0]
        if not marks.filter(slot__startswith=f"{rule}:").exclude(pk=mark.pk).exists():
            mark.delete()


class Migration(migrations.Migration):
    dependencies = [("unions", "0004_page_indexes")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
