import django.contrib.postgres.indexes
from django.db import migrations, models

import unions.kit.fields

# Dear enough that the planner reads the index rather than call it for row after row.
CHAR_PAIRS = """
CREATE FUNCTION char_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    SELECT coalesce(array_agg(DISTINCT c[i] || c[i + 1]), '{}')
    FROM (SELECT string_to_array($1, NULL) AS c) AS characters, generate_series(1, cardinality(c) - 1) AS i
$$
"""


class Migration(migrations.Migration):
    dependencies = [("unions", "0006_sealed_values")]

    operations = [
        migrations.RunSQL(CHAR_PAIRS, "DROP FUNCTION char_pairs(text)"),
        migrations.AddIndex(
            "union",
            django.contrib.postgres.indexes.GinIndex(
                unions.kit.fields.CharPairs("search_text"), name="union_search_pairs"
            ),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(
                fields=["middle", "last_day"],
                name="duty_outstanding_middle",
                condition=models.Q(("state__in", ["open", "returned"])),
            ),
        ),
    ]
