"""What the bodies of the interface are: serializers whose fields cost little to set up.

They copy their fields instead of making each anew for every request, which took longer than all else that is done with
them. A field is told where it stands (`bind`) and keeps nothing more; only what holds further fields is made anew, for
those are bound as well.
"""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from rest_framework import serializers

M = TypeVar("M")
Field = serializers.Field[Any, Any, Any, Any]


class Shape(serializers.Serializer[M]):  # without a text of its own: it would describe each body that has none
    def get_fields(self) -> dict[str, Field]:
        return {name: _copy(field) for name, field in self._declared_fields.items()}


def _copy(field: Field) -> Field:
    holds_more = isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
    return copy.deepcopy(field) if holds_more else copy.copy(field)
