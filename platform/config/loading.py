"""What every process of a server needs sooner or later, loaded once by the process that the others are made from."""

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation


def load_everything() -> None:
    """The pages, to which notices lead as well, and the languages. Else each process does it with its first request or
    task, and so does each that takes the place of a dead one. Connects to nothing: connections must not be shared."""
    get_resolver().url_patterns  # noqa: B018 - a property that imports what it tells
    for language, _name in settings.LANGUAGES:
        with translation.override(language):  # reads the catalogue
            pass
