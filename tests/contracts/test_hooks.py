"""What prek runs before a commit is what CI runs, and comes from nowhere else."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / ".pre-commit-config.yaml"


def found(pattern: str, path: Path) -> set[str]:
    return set(re.findall(pattern, path.read_text(encoding="utf-8"), re.M))


def test_prek_understands_the_hooks():
    prek = Path(sys.executable).with_name("prek")
    answer = subprocess.run([prek, "validate-config", str(HOOKS)], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_hook_is_a_make_target_and_no_repository_is_fetched():
    targets = found(r"^([a-z]+):", ROOT / "Makefile")
    called = found(r"entry: (.+)$", HOOKS)
    assert found(r"repo: (\S+)$", HOOKS) == {"local"}
    assert {entry.removeprefix("make -s ") for entry in called} <= targets
    assert len(called) == len(re.findall(r"- id: ", HOOKS.read_text(encoding="utf-8")))
