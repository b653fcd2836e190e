"""`python -m tools.eds`: serve a stand-in for NCANode, make the key of a test person, sign a file with it.

python -m tools.eds person --iin 000101300019 --name "ТЕСТОВ ТЕСТ ТЕСТОВИЧ" tester
python -m tools.eds sign tester ~/Downloads/halyq-challenge.txt
"""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path

from tools.eds.authority import Authority, Credential, Person
from tools.eds.server import Server
from tools.eds.signatures import sign
from tools.eds.verification import Centre
from tools.stack.folders import choose_layout


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    folder = options.folder or choose_layout().var / "eds"
    if options.command == "serve":
        return _serve(folder, options)
    if options.command == "person":
        return _person(folder, options)
    return _sign(folder, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.eds", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="where the test authority and the keys lie (var/eds)")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer as NCANode does, for signatures of the test authority")
    serve.add_argument("--port", type=int, default=14579, help="NCANode's own port unless told otherwise")
    serve.add_argument("--fd", type=int, help="a listening socket that was handed over, instead of a port")
    person = commands.add_parser("person", help="make the key of an invented person")
    person.add_argument("who", help="a name for the file of the key")
    person.add_argument("--iin", default=Person.iin, help="a synthetic IIN: nobody born in 1900 is alive")
    person.add_argument("--name", default="ТЕСТОВ ТЕСТ ТЕСТОВИЧ", help="surname, name and patronymic")
    person.add_argument("--bin", default="", help="with it: the key of the head of an organization")
    person.add_argument("--organization", default="«СЫНАҚ» ЖШС")
    person.add_argument("--algorithm", choices=("rsa", "ec"), default="rsa")
    signing = commands.add_parser("sign", help="sign a file; writes FILE.cms beside it")
    signing.add_argument("who")
    signing.add_argument("file", type=Path)
    signing.add_argument("--attached", action="store_true", help="put the file into the signature")
    return parser


def _serve(folder: Path, options: argparse.Namespace) -> int:
    listener = socket.socket(fileno=options.fd) if options.fd is not None else None
    server = Server(Centre(Authority.kept_in(folder)), port=options.port, listener=listener)
    print(f"A stand-in for NCANode with test certificates of {folder}: {server.url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def _person(folder: Path, options: argparse.Namespace) -> int:
    surname, name, *rest = [*options.name.upper().split(), "ТЕСТ"][:3] if options.name.split() else ["ТЕСТОВ", "ТЕСТ"]
    person = Person(
        iin=options.iin,
        surname=surname,
        name=name,
        patronymic=rest[0] if len(options.name.split()) > 2 else "",
        bin=options.bin,
        organization=options.organization if options.bin else "",
    )
    users = ("ORGANIZATION", "CEO") if options.bin else ("INDIVIDUAL",)
    made = Authority.kept_in(folder).issue(person, algorithm=options.algorithm, users=users)
    made.save(folder / "persons" / f"{options.who}.pem")
    print(f"Test key of {person.surname} {person.name}, IIN {person.iin}: {folder / 'persons' / options.who}.pem")
    return 0


def _sign(folder: Path, options: argparse.Namespace) -> int:
    key = folder / "persons" / f"{options.who}.pem"
    if not key.is_file():
        raise SystemExit(f"There is no key {key}. Make it: python -m tools.eds person {options.who}")
    signature = sign(options.file.read_bytes(), Credential.load(key), detached=not options.attached)
    target = options.file.with_name(f"{options.file.name}.cms")
    target.write_bytes(signature)
    print(f"Signature: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
