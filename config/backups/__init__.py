"""Backups: all rows of one moment in one file, the way back, and a check of what is stored.

One way for every database: PostgreSQL's COPY over the site's own connection. `pg_dump` would have to be as new as the
server it is used on, and `pg_restore` would need a superuser to keep the triggers silent that guard history.
"""
