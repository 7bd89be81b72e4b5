"""A rhythm of half-years, and due days counted in working days."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('unions', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='dutyrule',
            name='in_workdays',
            field=models.BooleanField(default=False, help_text="So many working days after the period's last day, instead of days of the calendar.", verbose_name='Due counted in working days'),
        ),
        migrations.AlterField(
            model_name='dutyrule',
            name='rhythm',
            field=models.CharField(choices=[('quarter', 'Every quarter'), ('half', 'Every half-year'), ('year', 'Every year'), ('own', "At each union's own time")], max_length=8, verbose_name='Rhythm'),
        ),
    ]
