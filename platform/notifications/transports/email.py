"""E-mail over SMTP, with a Message-ID of our own so that an answer finds its appeal."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage

from notifications.transports.base import OutgoingMessage, TransportFailed, Undeliverable, transports

# Set on every message, so that neither an absence notice nor another system answers it for ever.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
MAIL_HEADERS = ("Message-ID", "In-Reply-To", "References", "Reply-To")
NO_SUCH_MAILBOX = {550, 551, 553}


class EmailTransport:
    """Django's mail backend; files are named by their path in the storage of uploads."""

    def is_configured(self) -> bool:
        return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith(
            ("smtp.EmailBackend", "console.EmailBackend")
        )

    def send(self, message: OutgoingMessage) -> str:
        mail = self._mail(message)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(error) from error
        except smtplib.SMTPResponseException as error:
            raise self._response(error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise TransportFailed(f"{type(error).__name__}: {error}") from error
        return str(mail.extra_headers.get("Message-ID", ""))

    def _mail(self, message: OutgoingMessage) -> EmailMessage:
        own = {name: str(message.headers[name]) for name in MAIL_HEADERS if message.headers.get(name)}
        subject = " ".join(message.subject.split())
        mail = EmailMessage(
            subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.address],
            headers=AUTOMATIC | {"Content-Language": message.language} | own,
        )  # fmt: skip
        for item in message.headers.get("files", ()):
            with default_storage.open(item["path"], "rb") as stored:
                mail.attach(item["name"], stored.read(), item["content_type"])
        return mail

    @staticmethod
    def _refused(error: smtplib.SMTPRecipientsRefused) -> Exception:
        code, text = next(iter(error.recipients.values()), (0, b""))
        why = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
        return Undeliverable(why) if code in NO_SUCH_MAILBOX else TransportFailed(why)

    @staticmethod
    def _response(error: smtplib.SMTPResponseException) -> Exception:
        """A 5xx to the text itself (too big, refused as spam) stays so; logins and 4xx may be mended."""
        why = f"{error.smtp_code} {error.smtp_error!r}"
        final = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
        return Undeliverable(why) if final else TransportFailed(why)


def mail_domain() -> str:
    """The right-hand side of our Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


transports.register("email")(EmailTransport())
