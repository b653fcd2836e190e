"""Uploads of a resident's form: each checked by itself, the good ones kept while the rest is corrected."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from appeals import intake
from common import pending_files
from common.errors import DomainError
from common.files import ACCEPT, CheckedFile, UploadLimits, check_sizes, read_uploads
from ui.widgets import FilesField, FilesInput

TOKEN = re.compile(r"[0-9a-f]{32}")
EACH = UploadLimits()


class KeptFilesForm(forms.Form):
    """A form with files. Its token names what it makes, so a double click makes it once, and holds the kept files."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    attachments = FilesField(
        label=_("Photos or documents"), required=False, max_files=20, widget=FilesInput(attrs={"accept": ACCEPT})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked_files: list[CheckedFile] = []
        self._token = ""

    @property
    def form_token(self) -> str:
        """The token the form came with, or a new one."""
        if not self._token:
            given = str(self.data.get("token", "")) if self.is_bound else ""
            self._token = given if TOKEN.fullmatch(given) else uuid.uuid4().hex
        return self._token

    def clean_attachments(self) -> list[UploadedFile[Any]]:
        uploads: list[UploadedFile[Any]] = self.cleaned_data["attachments"]
        kept = self._kept()
        if not uploads and not kept:
            return uploads
        self.checked_files = list(kept)
        errors: list[forms.ValidationError] = []
        for upload in uploads[: intake.MAX_FILES + 1]:
            try:
                self.checked_files += read_uploads([upload], EACH)
            except DomainError as error:
                errors.append(forms.ValidationError(str(error), code=error.code))
        errors += self._errors_of_all()
        if errors:
            raise forms.ValidationError(errors)
        return uploads

    def keep_files(self) -> list[pending_files.PendingFile]:
        """After a failed check: what was fine stays and is shown as kept."""
        return pending_files.keep(self.form_token, self.checked_files) if self.checked_files else []

    def forget_files(self) -> None:
        """After success; costs nothing when nothing was kept."""
        if self._list("kept"):
            pending_files.forget(self.form_token)

    def _errors_of_all(self) -> list[forms.ValidationError]:
        try:
            check_sizes([file.size for file in self.checked_files], EACH)
        except DomainError as error:
            return [forms.ValidationError(str(error), code=error.code)]
        return []

    def _kept(self) -> list[CheckedFile]:
        token = str(self.data.get("token", ""))
        keys = self._list("kept")
        if not keys or not TOKEN.fullmatch(token):
            return []
        dropped = set(self._list("drop"))
        wanted = [key for key in keys if pending_files.KEY.fullmatch(key) and key not in dropped]
        return pending_files.take(token, wanted)

    def _list(self, name: str) -> list[str]:
        return self.data.getlist(name)[:20] if isinstance(self.data, MultiValueDict) else []
