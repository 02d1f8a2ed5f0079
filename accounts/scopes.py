"""What a token may be used for; never more than its owner's role allows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role, right_to, roles_with


class Scope(TextChoices):
    READ = "read", _("Read, also where reading needs an account")
    IMPORT = "import", _("Import articles")
    ANNOTATE = "annotate", _("Annotate, and decide on reports and claims")
    ADMIN = "admin", _("End anybody’s tokens, delete feeds, see everybody’s webhooks")

    @property
    def permission(self) -> str | None:
        """The permission that an account must have for it, as Django names it; None: every account may."""
        return _PERMISSIONS[self]

    @property
    def roles(self) -> list[Role]:
        """The roles that have its permission."""
        right = right_to(self.permission) if self.permission else None
        return roles_with(right) if right else list(Role)


_PERMISSIONS: dict[Scope, str | None] = {
    Scope.READ: None,
    Scope.IMPORT: "sources.add_importrun",
    Scope.ANNOTATE: "claims.change_attribution",
    Scope.ADMIN: "accounts.manage_people",
}
