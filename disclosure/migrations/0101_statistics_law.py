from django.db import migrations

OLD = "《中华人民共和国统计法》第七条：统计调查对象必须真实、准确、完整、及时地提供统计调查所需的资料"
NEW = OLD.replace("第七条", "")


def _reword(apps, old, new):
    """Where the district wrote a basis of its own it stays."""
    for app, model in (("unions", "DutyRule"), ("disclosure", "FormRule")):
        apps.get_model(app, model).objects.filter(basis=old).update(basis=new)


def forward(apps, schema_editor):
    """The law was amended in 2024: its articles may have moved, so the first data name none."""
    _reword(apps, OLD, NEW)


def backward(apps, schema_editor):
    _reword(apps, NEW, OLD)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0100_seed")]
    operations = [migrations.RunPython(forward, backward)]
