from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('unions', '0003_sessions'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='duty',
            name='duty_overdue',
        ),
        migrations.RemoveIndex(
            model_name='union',
            name='union_middle',
        ),
        migrations.RemoveIndex(
            model_name='union',
            name='union_children',
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['rule', 'period', 'last_day', '-members', 'id'], include=('middle',), name='duty_overdue'),
        ),
        migrations.AddIndex(
            model_name='union',
            index=models.Index(fields=['middle', 'kind', 'state'], include=('members',), name='union_middle'),
        ),
        migrations.AddIndex(
            model_name='union',
            index=models.Index(fields=['parent', 'state', 'pinyin', 'id'], name='union_children'),
        ),
    ]
