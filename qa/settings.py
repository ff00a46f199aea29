"""What can be set, by environment variables that begin with QA_."""

import re
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from qa.errors import SettingsError
from qa.i18n.locale import N_

PACKAGED = "packaged"  # what comes with the program: the encoder and the models trained upon it
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")


class Settings(BaseSettings):
    """Read once, by the wiring; nothing below it knows of settings. Every description stands in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="QA_", frozen=True, extra="ignore", use_attribute_docstrings=True)

    home: Path = Path("data")
    """Folder that holds the archive: catalogue and vectors."""
    encoder: str = PACKAGED
    """Encoder: `packaged` (multilingual-e5-small, verified), a folder with a sentence-transformers model, or the name
    of one in the local cache. Nothing is downloaded."""
    reader: str = PACKAGED
    """Reader: `packaged` (trained for this, verified), or a folder with a transformers question-answering model in the
    form of SQuAD 2."""
    support: str = PACKAGED
    """Model that says whether a source bears a written sentence out: `packaged` (trained for this, verified), or a
    folder with a transformers model of natural language inference."""
    models: Annotated[Path, AfterValidator(Path.expanduser)] = Path("~/.cache/archive-qa")
    """Folder into which the packaged encoder is unpacked once, 250 MB."""
    question_prefix: str | None = None
    """Words that the encoder of `QA_ENCODER` reads before a question; unset, as its family does by its name (e5:
    `query: `)."""
    passage_prefix: str | None = None
    """The same before a passage (e5: `passage: `)."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Arithmetic of the models; `auto` takes bfloat16 where the processor has it, else float32."""
    device: str = "cpu"
    """Where encoder and reader run: `cpu`, `cuda`, `mps`."""
    database: SecretStr | None = None
    """Database of PostgreSQL with pgvector that holds the archive instead of the folder, as
    `postgresql://USER:PASSWORD@HOST:5432/NAME`; `QA_HOME` then holds temporary files alone."""
    database_read: SecretStr | None = None
    """Address of a replica of it, from which questions are answered; what is written goes to `QA_DATABASE`."""
    llm: str | None = None
    """Language model that writes the answers, as `provider:model`, such as `ollama:llama3.2`; unset, answers are
    quotes."""
    llm_url: str | None = None
    """Address of an OpenAI-compatible server (llama.cpp, vLLM, LM Studio), up to and with `/v1`."""
    llm_key: SecretStr | None = None
    """Key for `QA_LLM_URL`. Hosted providers read their own variable, such as `OPENAI_API_KEY`."""
    llm_seconds: float = Field(30, gt=0, le=600)
    """Seconds the language model has for one text."""
    llm_retries: int = Field(2, ge=0, le=10)
    """How often it is asked again where it fails before it begins."""
    llm_tokens: int = Field(400, ge=50, le=4_000)
    """Tokens it may write for one answer."""
    llm_tokens_per_day: int = Field(2_000_000, ge=0)
    """Tokens it may read and write in 24 hours, as each process counts them since it was started; then it rests."""
    llm_concurrency: int = Field(4, ge=1, le=100)
    """Questions for which it writes at the same time; others get quotes."""
    llm_price_read: float | None = Field(None, ge=0)
    """Price of a million tokens that it reads, in whatever currency. With `QA_LLM_PRICE_WRITTEN` the staff see what
    answers cost; unset, they see tokens alone."""
    llm_price_cached: float | None = Field(None, ge=0)
    """The same of those that it reads out of its provider's cache; unset, as of others."""
    llm_price_written: float | None = Field(None, ge=0)
    """The same of those that it writes."""
    llm_judge: bool = False
    """Whether the language model is asked blind, after code and the support model, if the sources say each sentence
    that it wrote: stricter, and a short text more for each sentence."""
    translate: bool = False
    """Whether the language model translates quotes into the language of the question, shown below them and named as a
    machine's; without a model it sets nothing."""
    item_seconds: float = Field(30, gt=0, le=3_600)
    """Seconds of processor time that `qa ingest` and `qa sync` take to read one item; one that takes longer fails
    alone. Most take a hundredth of one. Windows has no such limit."""
    host: str = "127.0.0.1"
    """Address the page binds to; `0.0.0.0` opens it to the network."""
    port: int = Field(7860, ge=1, le=65_535)
    """Port of the page."""
    concurrency: int = Field(20, ge=1, le=500)
    """Questions answered at the same time; others queue."""
    requests_per_minute: int = Field(30, ge=1)
    """Questions, searches and calls one visitor may make in a minute; eight times as many pages may be read."""
    wait_seconds: float = Field(10, gt=0, le=300)
    """Seconds that a question waits for its turn; then its reader is told that too many ask at once."""
    log_format: Literal["text", "json"] = "text"
    """Form of what `qa serve` logs to standard error: lines to read, or `json`, one object a line."""
    metrics: Literal["off", "local", "on"] = "local"
    """Who may read `/metrics`: nobody, this machine alone and not through a proxy (`local`), or whoever reaches the
    page (`on`); others find nothing there."""
    connections: int = Field(500, ge=10, le=100_000)
    """Connections open at the same time; each open page holds one."""
    proxies: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "::1")
    """Addresses or networks, with commas between, of the proxies before the page: where they say that a request comes
    from (`X-Forwarded-For`, `X-Forwarded-Proto`) is believed; empty, nobody is."""
    embed_sites: Annotated[tuple[str, ...], NoDecode] = ()
    """Sites that may show `/embed` in a frame: origins such as `https://news.example`, with commas between; unset,
    there is no `/embed`."""
    title: str = "Ask the archive"
    """Title of the page."""
    help_text: str = N_(
        "Illegal material can be reported to the police or to the national hotline. "
        "Whoever needs help, or knows someone who does, can turn to a national helpline."
    )
    """Where to report and to get help: in replies to questions that call for it, and where it is set, a quiet line on
    each page, too."""
    policy: str = "packaged"
    """Which questions are declined before any search: `packaged`, `off`, or a YAML file like the packaged
    `qa/answering/policy.yaml`."""
    session_hours: float = Field(8, gt=0, le=24 * 90)
    """Hours after which the staff have to sign in again."""
    oidc_issuer: str | None = None
    """Address of an OpenID Connect provider by which the staff may sign in, as its `issuer` has it."""
    oidc_client: str | None = None
    """What that provider calls this archive: the client's id."""
    oidc_secret: SecretStr | None = None
    """The client's secret at that provider."""
    journal_days: int = Field(365, ge=0)
    """Days that questions and answers are kept: `qa serve` deletes older ones daily, `qa journal purge` at once; with 0
    they are kept for ever."""
    stale_days: int | None = Field(None, ge=1)
    """Days after which the page says when the archive was last filled; unset, it never does."""
    examples: Path | None = None
    """A file with one question a line, offered on the page; those for the page in Spanish stand in `NAME.es.list`
    beside `NAME.list`. Questions made of the archive follow where there are fewer than four."""

    @field_validator(
        *("database", "database_read", "llm", "llm_url", "llm_key", "oidc_issuer", "oidc_client"),
        *("oidc_secret", "llm_price_read", "llm_price_cached", "llm_price_written", "stale_days", "examples"),
        mode="before",
    )
    @classmethod
    def _named(cls, value: object) -> object:
        """A line of a file of settings whose value was left out names nothing."""
        return None if value == "" else value

    @field_validator("proxies", "embed_sites", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """A network of everybody would let every visitor say where they come from."""
        for network in value:
            with suppress(ValueError):
                if ip_network(network, strict=False).prefixlen > 0:
                    continue
            raise ValueError(
                f"{network!r} is no address and no network of proxies: such as 10.0.0.5 or 10.0.0.0/24 was "
                "expected, and not everybody's"
            )
        return value

    @field_validator("embed_sites")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Each goes into a header as it is, so it has to be an origin and nothing more."""
        for site in value:
            if not _ORIGIN.fullmatch(site.lower()):
                raise ValueError(
                    f"{site!r} is no origin: scheme and host were expected, such as https://news.example, without a "
                    "path and without a slash at the end"
                )
        return tuple(map(str.lower, value))

    @property
    def help_on_pages(self) -> str:
        """The help text where it is set; the default one stands in replies alone."""
        return self.help_text if "help_text" in self.model_fields_set else ""


def read_settings(**overrides: object) -> Settings:
    """The settings in force. Raises SettingsError, which names each variable, what was found and what is expected."""
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"QA_{'_'.join(str(part) for part in item['loc']).upper()} = {item['input']!r}: {item['msg']}"
            for item in error.errors()
        )
        raise SettingsError(f"A setting can't be used. {wrong}. docs/settings.md lists the settings.") from error
