"""The open API of Halyq Uni: `connect`, the generated operations, and what makes calling them safe."""

from halyq_uni.hub import Refused, answer, connect, every, new_key
from halyq_uni.patience import Patience

__all__ = ["Patience", "Refused", "answer", "connect", "every", "new_key"]
