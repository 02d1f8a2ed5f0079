"""The groups of Django, made and kept as the table of roles says."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed

from accounts.roles import RIGHTS


def keep_groups(sender: AppConfig, *, using: str, apps: Any = installed, **kwargs: Any) -> None:
    """Give each role's group the permissions of its rights, and no others; called after each `migrate`."""
    try:
        group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        # The migration went back to before there were groups.
        return
    permissions = permission_model.objects.using(using).values_list("pk", "content_type__app_label", "codename")
    known = [(pk, f"{app_label}.{codename}") for pk, app_label, codename in permissions]
    for role, rights in RIGHTS.items():
        group, _ = group_model.objects.using(using).get_or_create(name=role.group)
        group.permissions.set([pk for pk, name in known if any(right.covers(name) for right in rights)])
