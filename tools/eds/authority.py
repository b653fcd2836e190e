"""A test certification authority: a root, issuing authorities for RSA and elliptic curves, certificates of persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

# Extended key usages by which the centre says whose key it is (NCANode: CertificateKeyUser).
KEY_USERS = {
    "INDIVIDUAL": "1.2.398.3.3.4.1.1",
    "ORGANIZATION": "1.2.398.3.3.4.1.2",
    "CEO": "1.2.398.3.3.4.1.2.1",
    "CAN_SIGN": "1.2.398.3.3.4.1.2.2",
    "CAN_SIGN_FINANCIAL": "1.2.398.3.3.4.1.2.3",
    "HR": "1.2.398.3.3.4.1.2.4",
    "EMPLOYEE": "1.2.398.3.3.4.1.2.5",
}
ALGORITHMS = ("rsa", "ec")
USAGES = ("sign", "auth", "none")
A_YEAR = dt.timedelta(days=365)
WARNING = "TEST"  # stands in every name, so that nobody takes such a certificate for a real one

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Person:
    """Whose certificate it is; the IIN is synthetic, of a day on which nobody living was born."""

    iin: str = "000101300019"
    surname: str = "ТЕСТОВ"
    name: str = "ТЕСТ"
    patronymic: str = "ТЕСТОВИЧ"
    bin: str = ""
    organization: str = ""
    email: str = ""


@dataclass(frozen=True)
class Credential:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:x}"

    def save(self, file: Path) -> None:
        """Both in one PEM file, unencrypted: a key that is worth nothing."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_key_bytes(self.key) + self.certificate.public_bytes(serialization.Encoding.PEM))

    @classmethod
    def load(cls, file: Path) -> Credential:
        content = file.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        assert isinstance(key, PrivateKey)
        return cls(x509.load_pem_x509_certificate(content), key)


class Authority:
    """The root and one issuing authority per algorithm."""

    def __init__(self, root: Credential, issuers: dict[str, Credential]) -> None:
        self.root, self.issuers = root, issuers

    @classmethod
    def make(cls) -> Authority:
        root = _authority(_name("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ"), make_key("ec"), None)
        return cls(
            root, {name: _authority(_name(f"ҰКО ({name.upper()})"), make_key(name), root) for name in ALGORITHMS}
        )

    @classmethod
    def kept_in(cls, folder: Path) -> Authority:
        """The authority of a folder, made when it is not there yet."""
        files = {name: folder / f"{name}.pem" for name in ("root", *ALGORITHMS)}
        if not all(file.is_file() for file in files.values()):
            made = cls.make()
            for name, credential in {"root": made.root, **made.issuers}.items():
                credential.save(files[name])
        loaded = {name: Credential.load(file) for name, file in files.items()}
        return cls(loaded.pop("root"), loaded)

    def issue(
        self,
        person: Person,
        *,
        algorithm: str = "rsa",
        users: Sequence[str] = ("INDIVIDUAL",),
        usage: str = "sign",
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> Credential:
        """A certificate as the centre writes them: the IIN in SERIALNUMBER, the BIN in OU."""
        issuer, key = self.issuers[algorithm], make_key(algorithm)
        since = since or _now() - dt.timedelta(hours=1)
        builder = _builder(subject_of(person), key, since, until or since + A_YEAR)
        builder = builder.issuer_name(issuer.certificate.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(usage), critical=True)
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if usage == "auth" else ExtendedKeyUsageOID.EMAIL_PROTECTION
        usages = [purpose, *(ObjectIdentifier(KEY_USERS[user]) for user in users)]
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        return Credential(builder.sign(_signing_key(issuer.key), hashes.SHA256()), key)


def make_key(algorithm: str) -> PrivateKey:
    if algorithm == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def subject_of(person: Person) -> x509.Name:
    """In the order of the centre: CN, SURNAME, SERIALNUMBER, C, O, OU, G, E; what is empty is left out."""
    parts = [
        (NameOID.COMMON_NAME, f"{person.surname} {person.name}"),
        (NameOID.SURNAME, person.surname),
        (NameOID.SERIAL_NUMBER, f"IIN{person.iin}" if person.iin else ""),
        (NameOID.COUNTRY_NAME, "KZ"),
        (NameOID.ORGANIZATION_NAME, person.organization),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{person.bin}" if person.bin else ""),
        (NameOID.GIVEN_NAME, person.patronymic),
        (NameOID.EMAIL_ADDRESS, person.email),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _authority(name: x509.Name, key: PrivateKey, above: Credential | None) -> Credential:
    since = _now() - dt.timedelta(days=1)
    builder = _builder(name, key, since, since + 10 * A_YEAR)
    builder = builder.issuer_name(above.certificate.subject if above else name)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Credential(builder.sign(_signing_key(above.key if above else key), hashes.SHA256()), key)


def _builder(name: x509.Name, key: PrivateKey, since: dt.datetime, until: dt.datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _key_usage(usage: str) -> x509.KeyUsage:
    """NCANode calls a key SIGN by bits 0 and 1, AUTH by bits 0 and 2, anything else UNKNOWN."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=usage == "sign",
        key_encipherment=usage == "auth",
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(words: str) -> x509.Name:
    attributes = [(NameOID.COUNTRY_NAME, "KZ"), (NameOID.COMMON_NAME, f"{words} {WARNING}")]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])


def _signing_key(key: PrivateKey) -> CertificateIssuerPrivateKeyTypes:
    return key


def _key_bytes(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
