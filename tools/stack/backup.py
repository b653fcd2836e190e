"""Backup and restore: one file with the database and what was uploaded."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import psycopg

from tools.stack import lock, postgres
from tools.stack.folders import Layout
from tools.stack.servers import running
from tools.stack.steps import stamps

DUMP = "database.dump"
MEDIA = "media"


def backup(layout: Layout, target: Path) -> None:
    """The database first, then the files: a file is only ever added, so every row finds its own."""
    with running(layout) as services, tempfile.TemporaryDirectory(dir=layout.var) as folder:
        dump = Path(folder) / DUMP
        program = str(postgres.programs(layout) / "pg_dump")
        subprocess.run([program, "-Fc", "--no-owner", "-f", str(dump), services.database_url], check=True)
        unfinished = target.with_name(f"{target.name}.part")
        with tarfile.open(unfinished, "w") as archive:
            archive.add(dump, DUMP)
            if media_folder(layout).is_dir():
                archive.add(media_folder(layout), MEDIA)
        unfinished.chmod(0o600)  # everything residents wrote is in it
        unfinished.replace(target)
        _note(services.database_url)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


def _note(database_url: str) -> None:
    """The monitoring tells when the last backup is old: `manage.py note_backup` without starting a whole Django."""
    with psycopg.connect(database_url) as session:
        if session.execute("SELECT to_regclass('monitoring_moment')").fetchone() != (None,):
            session.execute(
                "INSERT INTO monitoring_moment (name, at) VALUES ('backup', now())"
                " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
            )


def restore(layout: Layout, source: Path) -> None:
    """Restore beside the present data and change over at the end: what fails before leaves everything as it was."""
    if os.environ.get("DATABASE_URL"):
        raise SystemExit("Restore works on the local servers; for a server of your own use pg_restore on the dump.")
    layout.make_folders()
    held = lock.acquire(layout)
    if held is None:
        raise SystemExit("Stop the running hub first: a restore replaces its data.")
    os.close(held)
    with running(layout), tempfile.TemporaryDirectory(dir=layout.var) as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
            _restore_database(layout, Path(folder) / DUMP)
        except (tarfile.TarError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"{source} is broken ({error}); the data is as it was.") from error
        _replace_media(layout, Path(folder) / MEDIA)
        stamps(layout.var).unlink(missing_ok=True)
    print(f"{source} is restored.")


def media_folder(layout: Layout) -> Path:
    return Path(os.environ.get("MEDIA_ROOT") or layout.var / "media")


def _restore_database(layout: Layout, dump: Path) -> None:
    with postgres.connect(layout) as session:
        session.execute("DROP DATABASE IF EXISTS hub_restored")
        session.execute("CREATE DATABASE hub_restored OWNER hub")
        program = postgres.programs(layout) / "pg_restore"
        place = ["-h", str(layout.run), "-U", "postgres", "-d", "hub_restored"]
        subprocess.run([program, "--no-owner", "--role=hub", "--exit-on-error", *place, dump], check=True)
        session.execute("DROP DATABASE hub WITH (FORCE)")
        session.execute("ALTER DATABASE hub_restored RENAME TO hub")


def _replace_media(layout: Layout, restored: Path) -> None:
    media = media_folder(layout)
    old = media.with_name(f"{media.name}.before-restore")
    shutil.rmtree(old, ignore_errors=True)
    if media.is_dir():
        media.rename(old)
    if restored.is_dir():
        shutil.copytree(restored, media)
    shutil.rmtree(old, ignore_errors=True)
