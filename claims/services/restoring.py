"""What rows tell of transactions, made to fit the database that a backup was restored into."""

from claims import changes
from claims.models import CorroborationDue


def settle_restored() -> None:
    """Forget which transactions restored rows were written by: here they are counted otherwise, and some never were.

    Claims that wait to be counted wait for nobody, and mirrors of the feed of changes are told to begin again. Named in
    the setting AFTER_RESTORE; part of the transaction that restores.
    """
    CorroborationDue.objects.update(settles_after=None)
    changes.begin_again()
