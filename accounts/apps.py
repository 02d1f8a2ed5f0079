from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import signals
        from accounts.groups import keep_groups

        post_migrate.connect(keep_groups, sender=self)
        signals.connect()
