"""``./cs doctor`` and the checks of the settings."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.jobs.models import Heartbeat
from accounts.system import doctor
from cs_portal.checks import RULES, settings_fit


def examined(capsys, *options):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", *options)
    return ended.value.code, capsys.readouterr().out


@pytest.mark.django_db
def test_every_thing_has_a_line_and_what_failed_says_what_to_do(capsys):
    status, text = examined(capsys, "--json")
    lines = {line["name"]: line for line in json.loads(text)}
    assert {"version", "postgresql", "lock", "database", "migrations", "broker", "beat", "worker", "settings", "mail",
            "fonts", "disk", "permissions", "role", "owner", "time zones", "clock"} == set(lines)  # fmt: skip
    good = ("version", "postgresql", "database", "migrations", "fonts", "role", "time zones", "clock")
    assert {lines[name]["state"] for name in good} == {"ok"}
    assert (status, lines["worker"]["state"]) == (1, "failed")
    assert all(line["todo"] for line in lines.values() if line["state"] != "ok")


@pytest.mark.django_db
def test_a_worker_is_fresh_for_three_minutes():
    Heartbeat.objects.create(name="worker", at=timezone.now())
    assert [line.state for line in doctor.worker()] == ["ok"]


def test_the_mail_server_is_asked(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert [(line.state, line.found) for line in doctor.mail()] == [("failed", "127.0.0.1:9: ConnectionRefusedError")]


def test_one_broken_check_does_not_hide_the_others(monkeypatch):
    def broken():
        raise RuntimeError("no such thing")
        yield

    monkeypatch.setattr(doctor, "CHECKS", (broken, doctor.fonts))
    assert [line.state for line in doctor.examine()] == ["failed", "ok"]


FITTING = {
    "BASE_URL": "https://success.example.com", "TRUSTED_PROXIES": ["10.0.0.0/8"], "OIDC_ISSUER": "",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789", "DEBUG": False, "METRICS_TOKEN": "",
}  # fmt: skip
WRONG = {
    "cs.E001": {"BASE_URL": "success.example.com"},
    "cs.E002": {"TRUSTED_PROXIES": ["10.0.0.0/8", "proxy"]},
    "cs.E003": {"OIDC_ISSUER": "https://id.example.com"},
    "cs.E004": {"OIDC_ISSUER": "http://id.example.com", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"},
    "cs.E005": {"SWEEP_SECONDS": 0},
    "cs.E006": {"UPLOAD_MB": 0},
    "cs.W001": {"SECRET_KEY": "a" * 50},
    "cs.W002": {"DEBUG": True},
    "cs.W003": {"BASE_URL": "http://success.example.com"},
    "cs.W004": {"METRICS_TOKEN": "short"},
}


@pytest.mark.parametrize("rule", [None, *[rule.id for rule in RULES]])
def test_each_wrong_setting_has_its_own_id(settings, rule):
    for name, value in (FITTING | WRONG.get(rule, {})).items():
        setattr(settings, name, value)
    assert [message.id for message in settings_fit()] == ([rule] if rule else [])
