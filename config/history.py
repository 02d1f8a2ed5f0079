"""What the history of each tracked table is kept in, named in the setting PGHISTORY_BASE_MODEL."""

from django.db import models
from pghistory import models as pghistory


class Event(pghistory.Event):
    """An event with an id of 64 bits: each change of each row takes one, and 32 bits end at two thousand million.

    Its name is part of those of the tables.
    """

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True
