"""The table of Django's database cache, which counts failed sign-ins for all processes together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        # Not in the write-ahead log: what a crash loses is at most a quarter of an hour of counting.
        migrations.RunSQL(
            """
            create unlogged table django_cache (
                cache_key varchar(255) primary key,
                value text not null,
                expires timestamptz not null
            );
            create index django_cache_expires on django_cache (expires);
            """,
            "drop table django_cache;",
        ),
    ]
