"""Uploads on disk, those of a realm in a folder of their own."""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

from common import realm


class RealmStorage(FileSystemStorage):
    """Names mean the same everywhere; where they lie depends on who asks."""

    def path(self, name: str) -> str:
        folder = realm.media_folder()
        base = safe_join(self.location, folder) if folder else self.location
        if not folder and PurePosixPath(name).parts[:1] == (realm.MEDIA,):
            raise ValueError("the files of a realm are opened inside it alone")
        return safe_join(base, name)


def remove(name: str) -> None:
    """Everything that was uploaded in the realm of this name: it goes with the realm's database."""
    shutil.rmtree(safe_join(settings.MEDIA_ROOT, realm.MEDIA, name), ignore_errors=True)
