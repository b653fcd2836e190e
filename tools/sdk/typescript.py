"""The TypeScript client: types by openapi-typescript, compiled strictly, packed as npm does."""

from __future__ import annotations

import json
from pathlib import Path

from tools.sdk.steps import DOCUMENT, ROOT, fresh_copy, run, version

TOOLS = ROOT / "node_modules"


def build(folder: Path) -> Path:
    """A folder with the compiled client in dist/."""
    fresh_copy("typescript", folder)
    (folder / "node_modules").symlink_to(TOOLS, target_is_directory=True)
    description = json.loads((folder / "package.json").read_text())
    description["version"] = version()
    (folder / "package.json").write_text(json.dumps(description, indent=2))
    types: list[str | Path] = [TOOLS / ".bin" / "openapi-typescript", DOCUMENT, "-o", folder / "src" / "schema.ts"]
    run([*types, "--default-non-nullable=false"], folder)  # what has a default may be left out of a request
    run([TOOLS / ".bin" / "tsc", "-p", folder], folder)
    return folder


def compile_examples(folder: Path) -> Path:
    """The examples as programs of their own, which know the package by its name."""
    run([TOOLS / ".bin" / "tsc", "-p", "tsconfig.examples.json"], folder)
    return folder / "programs"


def package(target: Path) -> Path:
    """The tarball."""
    folder = build(target / "typescript")
    compile_examples(folder)
    run([ROOT / "tools" / "npm", "pack", "--pack-destination", target, "--loglevel=error"], folder)
    return target / f"halyq-uni-{version()}.tgz"
