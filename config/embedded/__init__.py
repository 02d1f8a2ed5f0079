"""PostgreSQL, Valkey and the site's own processes, started from wheels and looked after.

Nothing in this package may read the Django settings: they are read after these services have addresses.
"""
