"""Who may do what: the one table of it, from which Django's groups get their permissions."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What an account is for; one without a role reads, as everybody may."""

    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")

    @property
    def group(self) -> str:
        """The name of the Django group of all who have this role."""
        return f"{self.value}s"


@dataclass(frozen=True)
class Right:
    """Something that people may do: in words that follow “may”, and as Django's permissions, `*` standing for any."""

    words: Promise
    permissions: tuple[str, ...]

    def covers(self, permission: str) -> bool:
        """Return whether this right holds `permission`, as in `sources.add_feed`."""
        return any(fnmatchcase(permission, pattern) for pattern in self.permissions)


DECIDE = Right(
    _("annotate articles, and decide on reports and claims"),
    (
        "claims.change_attribution",
        "claims.add_statement",
        "claims.change_statement",
        "claims.add_claim",
        "claims.change_claim",
        "sources.change_derivation",
    ),
)
IMPORT = Right(
    _("import articles and change feeds"),
    ("sources.add_importrun", "sources.add_feed", "sources.change_feed"),
)
CURATE = Right(
    _("change outlets, speakers and topics"),
    (
        "sources.*_outlet",
        "sources.*_outletalias",
        "sources.*_outletdomain",
        "claims.*_speaker",
        "claims.*_speakeralias",
        "claims.*_topic",
    ),
)
MANAGE_PEOPLE = Right(_("invite people and change their roles"), ("accounts.manage_people",))
ADMINISTER = Right(_("open the administration pages"), ("sources.*", "claims.*"))

#: The table. A change of it takes effect with the next `manage.py migrate`.
RIGHTS: dict[Role, tuple[Right, ...]] = {
    Role.EDITOR: (DECIDE, IMPORT, CURATE),
    Role.ADMINISTRATOR: (DECIDE, IMPORT, CURATE, MANAGE_PEOPLE, ADMINISTER),
}


def right_to(permission: str) -> Right | None:
    """Return the first right of the table that holds `permission`."""
    return next((right for rights in RIGHTS.values() for right in rights if right.covers(permission)), None)


def roles_with(right: Right) -> list[Role]:
    """Return the roles that have `right`."""
    return [role for role, rights in RIGHTS.items() if right in rights]


def role_of(user: User) -> Role | None:
    """Return the role of an account; a superuser is an administrator, whatever its groups."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    groups = {group.name for group in user.groups.all()}
    return next((role for role in reversed(Role) if role.group in groups), None)
