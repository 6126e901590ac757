"""The backup as a tar file: parts with their hashes, and last the manifest that names them all.

database.sql   what pg_dump writes        files/…   everything below MEDIA_ROOT
keys/…         what signs links           manifest.json
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sql"
FOLDERS = ("files", "keys")
BLOCK = 1 << 20


class BackupError(Exception):
    """What stands in the way, in words for whoever typed the command; nothing was changed."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: when it was made, by which migrations, and the SHA-256 of every part."""

    made_at: str
    migrations: list[list[str]]
    parts: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Hashing:
    """A stream that remembers the hash of what was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size)
        self.digest.update(block)
        return block


def write_archive(target: Path, database: Path, folders: dict[str, Path], manifest: Manifest) -> None:
    """Write ``target`` whole or not at all, readable by its owner only. Raises BackupError when it exists already."""
    if target.exists():
        raise BackupError(f"{target} exists already. Choose another name; a backup is never overwritten.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            _fill(file, database, folders, manifest)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(file: IO[bytes], database: Path, folders: dict[str, Path], manifest: Manifest) -> None:
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, path in [(DATABASE, database), *_files(folders)]:
            manifest.parts[name] = _add(archive, name, path)
        text = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, BytesIO(text))


def _files(folders: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime = os.fstat(file.fileno()).st_size, int(path.stat().st_mtime)
        stream = Hashing(file)
        archive.addfile(entry, stream)  # type: ignore[arg-type]
        return stream.digest.hexdigest()


def unpack(source: Path, into: Path) -> Manifest:
    """Unpack into an empty directory and compare every hash. Raises BackupError for anything that is not whole."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            found = {entry.name: _unpack_one(archive, entry, into) for entry in archive}
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupError(f"{source} cannot be read as a backup: {error}") from error
    manifest = _manifest(source, into / MANIFEST)
    found.pop(MANIFEST)
    if found != manifest.parts:
        wrong = sorted({name for name, _hash in found.items() ^ manifest.parts.items()})
        raise BackupError(f"{source} is damaged: {', '.join(wrong[:3])} is not what was backed up.")
    return manifest


def _unpack_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> str:
    """Only regular files below the places we write; a path that leads elsewhere is no backup of ours."""
    parts = PurePosixPath(entry.name).parts
    known = entry.name in (DATABASE, MANIFEST) or (len(parts) > 1 and parts[0] in FOLDERS)
    content = archive.extractfile(entry) if entry.isreg() else None
    if content is None or not known or ".." in parts:
        raise BackupError(f"{entry.name!r} has no place in a backup.")
    target = into.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    stream = Hashing(content)
    with target.open("xb") as file:
        while block := stream.read(BLOCK):
            file.write(block)
    return stream.digest.hexdigest()


def _manifest(source: Path, path: Path) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        manifest = Manifest(**told)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{source} is no backup of cs_portal: its list of contents is missing.") from error
    if manifest.format > FORMAT:
        raise BackupError(f"{source} was made by a newer version of cs_portal. Update this one first.")
    return manifest
