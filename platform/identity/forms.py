"""The two inputs of identities: an IIN and a file with a signature."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.identifiers import check_iin
from identity.eds import files


class IinForm(forms.Form):
    iin = forms.CharField(
        label=_("IIN"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Give the twelve digits of your IIN.")},
    )

    def clean_iin(self) -> str:
        try:
            return check_iin(self.cleaned_data["iin"], today=timezone.localdate()).value
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class SignatureForm(forms.Form):
    """A file, or what the script got from NCALayer."""

    signature = forms.FileField(
        label=_("File with the signature"),
        allow_empty_file=True,  # whoever reads it says what is wrong with it
        error_messages={"required": _("Choose the file with the signature.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".cms,.p7s,.p7b,.p7m,.sig,.pem,.txt"}),
    )
    made_here = forms.CharField(required=False, max_length=2 * files.LARGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signature"].required = not self.data.get("made_here")

    def content(self) -> bytes:
        """The bytes of either; call it after the form was found valid."""
        upload = self.cleaned_data["signature"]
        if upload:
            return bytes(upload.read(files.LARGEST + 1))
        try:
            return base64.b64decode(self.cleaned_data["made_here"], validate=False)
        except binascii.Error:
            return b""
