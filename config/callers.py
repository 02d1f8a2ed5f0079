"""Where a request comes from: this machine, or an address."""

from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")


def is_of_this_machine(request: HttpRequest) -> bool:
    """Return whether a program of this machine asks, rather than a proxy of this machine for somebody else."""
    if any(name in request.headers for name in _FORWARDED) or settings.SECURE_PROXY_SSL_HEADER:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def network_of(request: HttpRequest) -> str:
    """Return the address that a request comes from; of IPv6 its /64, all of which one household has.

    Raises PermissionDenied where it has none.
    """
    named = get_adapter().get_client_ip(request)
    try:
        address = ip_address(named)
    except ValueError:
        # A server before this one may name who asks in its own way.
        return str(named)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return str(address)
