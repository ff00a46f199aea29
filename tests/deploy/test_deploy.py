"""Files to deploy by: read as their own tools read them where those are here, and held against the program itself."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import promql_parser
import pytest
import typer
import yaml
from jsonschema import validate

from qa.cli.main import app
from qa.settings import Settings
from qa.web.context import WebContext
from qa.web.metrics import ArchiveCollector
from qa.web.requests import LARGEST_BODY
from tests.web.fake_room import FakeRoom

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
DOCKERFILE, COMPOSE = DEPLOY / "Dockerfile", DEPLOY / "compose.yaml"
PAGES = [ROOT / "docs" / name for name in ("operating.md", "serving.md")]
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())


def tool(name: str) -> str:
    """The path of a program that may be missing; the test is skipped then."""
    path = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return path or pytest.skip(f"{name} is not installed")


def done(*command: str | Path, **environment: str) -> str:
    """What a command prints; the test fails where the command does."""
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environment}
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def in_postgres() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.postgres.yaml").read_text(encoding="utf-8"))
    return loaded


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile and what follows them."""
    text = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return [
        (name, " ".join(rest.split())) for name, _, rest in (line.partition(" ") for line in text.splitlines()) if name
    ]


def test_the_dockerfile_is_as_its_linter_wants_it() -> None:
    done(tool("hadolint"), "--failure-threshold", "info", DOCKERFILE)


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_well() -> None:
    told = instructions()
    names = [name for name, _ in told]
    assert "ADD" not in names
    last = told[len(names) - names[::-1].index("FROM") :]
    (user,) = [rest for name, rest in last if name == "USER"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    (health,) = [rest for name, rest in last if name == "HEALTHCHECK"]
    assert '"python"' in health
    assert "/health" in health
    images = [rest.split()[0] for name, rest in told if name == "FROM"]
    assert all(":" in image and not image.endswith(":latest") for image in images)
    assert not [rest for name, rest in told if name in {"ARG", "ENV"} and re.search(r"(?i)secret|password|_key", rest)]
    needed = [rest.split()[0] for name, rest in told if name == "COPY" and "--from" not in rest]
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert all(f"!{name}" in ignored for name in needed)


def test_the_compose_files_keep_to_their_specification(compose: dict[str, Any], in_postgres: dict[str, Any]) -> None:
    schema = files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json")
    for file in (compose, in_postgres):
        validate(file, json.loads(schema.read_text(encoding="utf-8")))


def test_the_database_may_do_little_and_only_the_page_reaches_it(
    compose: dict[str, Any], in_postgres: dict[str, Any]
) -> None:
    database, page = in_postgres["services"]["database"], in_postgres["services"]["page"]
    assert database["read_only"]
    assert database["cap_drop"] == ["ALL"]
    assert database["security_opt"] == ["no-new-privileges:true"]
    assert database["mem_limit"]
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"]
    assert "postgres" in page["build"]["args"]["EXTRAS"].split(",")
    address = urlsplit(page["environment"]["QA_DATABASE"].replace("${DATABASE_PASSWORD:?letters and digits}", "secret"))
    assert (address.hostname, address.port, address.path) == (
        "database",
        5432,
        f"/{database['environment']['POSTGRES_DB']}",
    )
    assert address.username == database["environment"]["POSTGRES_USER"]
    assert "${DATABASE_PASSWORD:?" in database["environment"]["POSTGRES_PASSWORD"]


def test_containers_may_do_little_and_only_the_proxy_is_reached(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert service["pids_limit"]
    page, proxy = services["page"], services["proxy"]
    assert "ports" not in page
    assert page["volumes"] == ["archive:/archive"]
    assert page["environment"]["QA_PROXIES"] == proxy["networks"]["inside"]["ipv4_address"]
    assert all(compose["networks"][name].get("internal") for name in page["networks"])
    assert re.fullmatch(r"caddy:\d+\.\d+-alpine", proxy["image"])


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with the command that is installed here: they are held to be broken where it is missing."""
    folder = tmp_path_factory.mktemp("units")
    shutil.copytree(UNITS, folder, dirs_exist_ok=True)
    for path in folder.glob("*.service"):
        text = path.read_text(encoding="utf-8").replace("/opt/archive-qa/bin/qa", sys.executable)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_units_are_as_systemd_wants_them(units: Path) -> None:
    names = [path for path in units.iterdir() if path.is_file()]
    assert done(tool("systemd-analyze"), "verify", *names, SYSTEMD_UNIT_PATH=f"{units}:") == ""


@pytest.mark.parametrize("name", [path.name for path in sorted(UNITS.glob("*.service"))])
def test_a_unit_is_exposed_to_little(units: Path, name: str) -> None:
    """systemd's own measure is from 0 to 10; that of a unit that says nothing is 9.6."""
    security = ("security", "--offline=yes", "--threshold=15", "--no-pager")
    assert "OK" in done(tool("systemd-analyze"), *security, units / name, SYSTEMD_UNIT_PATH=f"{units}:")


def test_the_proxies_keep_the_metrics_and_pass_on_no_visitors_number() -> None:
    caddy, nginx = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("Caddyfile", "nginx.conf"))
    assert re.search(r"handle /metrics \{\s+respond 404\s+\}", caddy)
    assert re.search(r"location = /metrics \{\s+return 404;\s+\}", nginx)
    assert "header_up -X-Request-ID" in caddy
    assert 'proxy_set_header X-Request-ID "";' in nginx
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert int(re.findall(r"max_size (\d+)KB", caddy)[0]) * 1000 == LARGEST_BODY
    assert int(re.findall(r"client_max_body_size (\d+)k;", nginx)[0]) * 1024 >= LARGEST_BODY


def test_caddy_takes_its_file() -> None:
    validation = ("validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    done(tool("caddy"), *validation, SITE="archive.example", PAGE="page:7860")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every call of `qa` that a file of deployment or a page about it makes, with where it stands."""
    told = dict(instructions())
    yield "Dockerfile", json.loads(told["ENTRYPOINT"])[1:] + json.loads(told["CMD"])
    for path in [*UNITS.glob("*.service"), *PAGES]:
        # In a unit %% is a %, and what is called by the shell ends at a quotation mark.
        for line in re.findall(r"(?:bin/qa|\$ qa|--rm page) ([a-z].*)", path.read_text(encoding="utf-8")):
            yield path.name, shlex.split(line.partition("  #")[0].rstrip("'").replace("`", ""))


@pytest.mark.parametrize(
    ("place", "arguments"), list(commands()), ids=lambda value: value if isinstance(value, str) else " ".join(value[:2])
)
def test_every_command_is_one_of_the_program(place: str, arguments: list[str]) -> None:
    """It is taken apart and not run."""
    command: Any = typer.main.get_command(app)
    context = click.Context(command, info_name="qa")
    while isinstance(command, click.Group | typer.core.TyperGroup):
        name, *arguments = arguments
        command = command.get_command(context, name)  # type: ignore[arg-type]
        assert command is not None, f"{place}: there is no `qa {name}`"
    command.make_context("qa", arguments)


@pytest.mark.parametrize("path", [*FILES, *PAGES], ids=lambda path: path.name)
def test_every_setting_is_one_of_the_program(path: Path) -> None:
    known = {f"QA_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"\bQA_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert named <= known, named - known


def test_alarms_ask_for_metrics_that_there_are() -> None:
    context = WebContext(FakeRoom())
    registry = context.metrics.registry
    registry.register(ArchiveCollector(context.queue, coverage=context.coverage, filled=lambda: None))
    there = {sample.name for family in registry.collect() for sample in family.samples}
    # Those have no sample before there is one, or only on Linux, or come from Prometheus itself.
    there |= {"qa_last_ingestion_timestamp_seconds", "qa_llm_tokens_total", "process_resident_memory_bytes", "up"}
    rules = [
        rule for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
    ]
    page = PAGES[0].read_text(encoding="utf-8")
    for rule in rules:
        promql_parser.parse(rule["expr"])
        asked = set(re.findall(r"\b(?:qa|process)_\w+|\bup\b", rule["expr"]))
        assert asked
        assert asked <= there
        assert f"`{rule['alert']}`" in page, "docs/operating.md says what to do"
