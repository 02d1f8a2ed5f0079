"""Shapes of tokens, as administrators see them: never what opens anything."""

from rest_framework import serializers

from accounts.models import Token
from accounts.scopes import Scope
from claims.api.serializers.links import LinkField


class TokenLinksSerializer(serializers.Serializer):
    self = LinkField("token-detail")


class TokenSerializer(serializers.ModelSerializer):
    owner = serializers.CharField(source="user.username", help_text="Name of the account that it acts for.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values), help_text="What it is for.")
    state = serializers.ChoiceField(choices=Token.State.values)
    links = TokenLinksSerializer(source="*")

    class Meta:
        model = Token
        fields = [
            "uid",
            "owner",
            "name",
            "prefix",
            "scopes",
            "state",
            "made_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "links",
        ]
        extra_kwargs = {
            "prefix": {"help_text": "What it begins with, by which one that turned up somewhere is known."},
            "last_used_at": {"help_text": "To the minute; null: never."},
            "revoked_at": {"help_text": "When somebody ended it, or its owner’s account changed."},
        }
