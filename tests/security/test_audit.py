"""What the audit of pinned versions says: vulnerable, sound, or unchecked, which is not sound."""

from __future__ import annotations

from benchmarks.audit import verdict

SOUND = {"name": "rich", "version": "14.1", "vulns": []}
VULNERABLE = {"name": "lxml", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"]}]}
UNKNOWN = {"name": "torch", "skip_reason": "Dependency not found on PyPI and could not be audited: torch (2.9)"}


def test_sound_versions_pass() -> None:
    assert verdict([SOUND]) == ("1 of 1 versions checked, 0 known vulnerabilities.", 0)


def test_a_vulnerable_version_is_named_with_its_remedy() -> None:
    message, status = verdict([SOUND, VULNERABLE, UNKNOWN])
    assert status == 1
    assert "lxml 1.0: PYSEC-1, mended in 2.0" in message


def test_what_went_unchecked_never_passes_as_sound() -> None:
    assert verdict([SOUND, UNKNOWN])[1] == 2
    message, status = verdict([UNKNOWN])
    assert status == 2
    assert "Nothing was checked" in message
