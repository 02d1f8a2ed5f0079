"""The table in which all processes count the requests that are limited."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_tokens_for_programs")]

    operations = [
        # Not in the write-ahead log, so that counting waits for no disk; a crash forgets a window. Of who asked there
        # is a keyed hash. Room in each page lets a row be changed where it is.
        migrations.RunSQL(
            """
            create unlogged table request_counts (
                key bytea primary key,
                ends_at bigint not null,
                count integer not null
            ) with (fillfactor = 50);
            """,
            "drop table request_counts;",
        ),
    ]
