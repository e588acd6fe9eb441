"""Settings: one frozen object, read once from the environment (prefix `XINCHA_`).

`Settings.read()` is called by the command line and by tests, never at import. A value that cannot be used raises
`SettingsError` naming its key. `xincha settings` prints every field with its value and the description given here.
A file named like a setting (`xincha_…`) in the folder of secrets of a container or of a systemd unit serves too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from xincha.errors import SettingsError
from xincha.limits import MAX_LIMIT, MAX_PAGE_SIZE
from xincha.rules.window import Policy

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Network = IPv4Network | IPv6Network
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What may differ between two installations. Paths are relative to the working directory."""

    model_config = SettingsConfigDict(env_prefix="XINCHA_", env_ignore_empty=True, frozen=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="folder of the lake and of the embedded index")
    data_mounted: bool = Field(
        default=False,
        description="refuse to work where no volume is mounted at `XINCHA_DATA`; the image sets it",
    )
    engine: Literal["embedded", "opensearch"] = Field(default="embedded", description="search engine that answers")
    host: str = Field(default="127.0.0.1", description="address that `xincha serve` listens on")
    port: int = Field(
        default=8000, ge=0, le=65535, description="port that `xincha serve` listens on; 0 takes a free one"
    )
    page: Path = Field(default=ROOT / "frontend" / "dist", description="folder of the built page")
    base_url: str = Field(
        default="", description="public address of this service, for links in answers; empty: relative links"
    )
    feed_tag: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9.-]{0,250},[0-9]{4}(-[0-9]{2}){0,2})?$",
        description="whose the identifiers in feeds are, as `example.org,2026` (RFC 4151); empty: the host of "
        "`XINCHA_BASE_URL`; to be set before that changes, or every entry is new to who reads",
    )
    metrics_address: str = Field(
        default="",
        description="address at which `/metrics` is answered, and nothing else, like 127.0.0.1:9464; empty: none",
    )
    connections: int = Field(
        default=1000,
        ge=8,
        le=100_000,
        description="most connections; beyond, those that wait for their clients give way",
    )
    connections_per_address: int = Field(
        default=100, ge=1, le=100_000, description="most connections of one address, or of one IPv6 network (/64)"
    )
    head_seconds: float = Field(default=10, gt=0, le=3600, description="seconds in which the head of a request arrives")
    body_seconds: float = Field(
        default=20, gt=0, le=3600, description="seconds in which its body arrives, and one more for each 2,000 bytes"
    )
    idle_seconds: float = Field(default=30, gt=0, le=3600, description="seconds that a connection waits for a request")
    stalled_seconds: float = Field(
        default=60, gt=0, le=3600, description="seconds in which a client reads 16 KiB of an answer that is ready"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least level that is logged"
    )
    index_threads: int = Field(default=2, ge=1, le=64, description="threads that write the embedded index")
    index_memory_mb: int = Field(default=512, ge=32, description="memory of the embedded index's writer, MiB")
    workers: int = Field(default=0, ge=0, le=64, description="processes that prepare documents; 0: one per core")
    max_unpacked_mb: int = Field(default=4096, ge=1, description="largest size of one unpacked archive, MiB")
    max_page_size: int = Field(default=100, ge=1, le=MAX_PAGE_SIZE, description="most hits that one page may hold")
    exports: int = Field(default=3, ge=1, le=64, description="exports that run at once; further ones are told to wait")
    max_upload_mb: int = Field(default=20, ge=1, le=1024, description="largest list that may be uploaded, MiB")
    upload_memory_mb: int = Field(
        default=2048, ge=256, description="memory of the process that matches an uploaded list, MiB"
    )
    upload_seconds: int = Field(default=1200, ge=1, description="processor time of that process, seconds")
    upload_output_mb: int = Field(default=1024, ge=1, description="largest file that it may write, MiB")
    trusted_proxies: str = Field(
        default="",
        description="addresses and networks of proxies, separated by commas, whose `Forwarded` and `X-Forwarded-For` "
        "say who asks; empty: who is connected asks",
    )
    limit_address: int = Field(
        default=3000,
        ge=0,
        le=MAX_LIMIT,
        description="what one address may ask in a minute, in the units of docs/limits.md; 0: no limit",
    )
    limit_key: int = Field(
        default=30_000, ge=0, le=MAX_LIMIT, description="what the holder of one key may ask in a minute; 0: no limit"
    )
    limit_at_once: int = Field(
        default=4,
        ge=0,
        le=1000,
        description="requests of one address or key that are worked on at once, further ones wait; 0: no limit",
    )
    at_once: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="requests of all callers that are worked on at once, a quarter of them such as ask much; "
        "0: two a core, or eight where a cluster searches",
    )
    request_seconds: float = Field(
        default=20.0, ge=0, le=3600, description="seconds that the work for one request may take; 0: no limit"
    )
    publicity: Literal["careful", "texts"] = Field(
        default="careful",
        description="law that ends publication: `careful` applies rules known at second hand too, which end it sooner; "
        "`texts` those whose text was read",
    )
    repaired: Literal["hide", "history"] = Field(
        default="hide",
        description="what was repaired, removed from a list or restored: `hide` shows it no more, `history` as past",
    )
    holds: Path | None = Field(
        default=None, description="file of the records that are held back; empty: `holds.json` in `XINCHA_DATA`"
    )
    watches: Path | None = Field(
        default=None, description="file of the watch lists; empty: `watches.sqlite` in `XINCHA_DATA`"
    )
    watches_mb: int = Field(
        default=64, ge=0, le=100_000, description="size of all watch lists together, MiB; 0: none are taken"
    )
    webhooks: Path | None = Field(
        default=None,
        description="file of the webhooks and their secrets, for `xincha notify`; empty: none (docs/watching.md)",
    )
    webhook_networks: str = Field(
        default="",
        description="networks that are not public to which webhooks may be sent all the same, separated by commas",
    )
    gone_percent: float = Field(
        default=5,
        ge=0,
        le=100,
        description="most records of a source, in percent, that may be absent from its next complete delivery",
    )
    expired_personal_days: int = Field(
        default=30,
        ge=0,
        le=36_500,
        description="days after the end of its publication from which on `xincha clean` blanks personal data",
    )
    keep_sources: Path | None = Field(
        default=None,
        description="folder in which each file that is loaded is kept, named by its SHA-256; empty: none is kept",
    )
    signing_key: Path | None = Field(
        default=None,
        description="file of the private key with which this machine signs the log of loads and publishes; empty: it "
        "is signed on another one (docs/proof.md)",
    )
    verify_key: str = Field(
        default="",
        description="public key of that log, as `xincha key signing` prints it; empty: that of `XINCHA_SIGNING_KEY`",
    )
    proof_samples: int = Field(
        default=600,
        ge=0,
        le=100_000,
        description="documents an hour that `xincha serve` compares with what was published; 0: none",
    )
    keep_versions: int = Field(default=2, ge=1, description="published index versions that are kept, for rollback")
    releases: Path | None = Field(
        default=None, description="folder of releases, written at each publish and served under /files/; empty: none"
    )
    keep_releases: int = Field(default=3, ge=1, le=100, description="releases that are kept, of those not withdrawn")
    opensearch_url: str = Field(
        default="http://127.0.0.1:9200", description="nodes of the OpenSearch cluster: addresses, separated by commas"
    )
    opensearch_user: str = Field(
        default="", description="user in the cluster; empty: none, or the client certificate's"
    )
    opensearch_password: SecretStr = Field(default=SecretStr(""), description="the user's password; never shown")
    opensearch_ca: Path | None = Field(
        default=None, description="file of the authority that signed the nodes' certificates"
    )
    opensearch_client_cert: Path | None = Field(
        default=None, description="file of the certificate that this program shows"
    )
    opensearch_client_key: Path | None = Field(default=None, description="key of that certificate (a file)")
    opensearch_timeout: float = Field(default=10.0, gt=0, le=300, description="seconds that a search may take")
    opensearch_prefix: str = Field(
        default="xincha", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="what names of indices begin with"
    )
    opensearch_shards: int = Field(default=1, ge=1, le=1024, description="shards of an index that is built")
    opensearch_replicas: int = Field(default=1, ge=0, le=20, description="copies of each shard on other nodes")
    opensearch_bulk_threads: int = Field(default=4, ge=1, le=64, description="connections that write documents at once")

    @model_validator(mode="after")
    def _check_opensearch(self) -> Settings:
        faults = "; ".join(_opensearch_faults(self))
        if faults:
            raise PydanticCustomError("opensearch", "{faults}", {"faults": faults})
        return self

    @field_validator("metrics_address")
    @classmethod
    def _check_address(cls, given: str) -> str:
        if given and _host_and_port(given) is None:
            raise PydanticCustomError("address", "takes an address and a port, like 127.0.0.1:9464 or [::1]:9464")
        return given

    @property
    def metrics_at(self) -> tuple[str, int] | None:
        """Host and port at which `/metrics` is answered; None: nowhere."""
        return _host_and_port(self.metrics_address)

    @field_validator("trusted_proxies", "webhook_networks")
    @classmethod
    def _check_proxies(cls, text: str) -> str:
        try:
            _networks(text)
        except ValueError as error:
            told = "takes addresses and networks like 10.0.0.0/8, ::1, separated by commas: {why}"
            raise PydanticCustomError("proxies", told, {"why": str(error)}) from None
        return text

    @property
    def trusted_networks(self) -> list[Network]:
        """Where the proxies are whose word is taken."""
        return _networks(self.trusted_proxies)

    @property
    def named_networks(self) -> list[Network]:
        """Networks that are not public to which webhooks may be sent."""
        return _networks(self.webhook_networks)

    @property
    def watches_file(self) -> Path:
        """File of the watch lists."""
        return self.watches or self.data / "watches.sqlite"

    @property
    def opensearch_urls(self) -> list[str]:
        """The addresses of the cluster's nodes."""
        return [url.strip().rstrip("/") for url in self.opensearch_url.split(",") if url.strip()]

    @property
    def places(self) -> int:
        """How many requests are worked on at once."""
        return self.at_once or (os.cpu_count() or 1) * (2 if self.engine == "embedded" else 8)

    @property
    def policy(self) -> Policy:
        """What the operator decides about what is shown."""
        return Policy(self.publicity, self.repaired)

    @property
    def holds_file(self) -> Path:
        """File of the records that are held back."""
        return self.holds or self.data / "holds.json"

    @property
    def proofs(self) -> Path:
        """Folder of the log of loads and publishes."""
        return self.data / "proofs"

    @property
    def documents_proven(self) -> Path:
        """Folder of the leaves of published documents."""
        return self.proofs / "documents"

    @property
    def lake(self) -> Path:
        """Folder of the Delta Lake tables."""
        return self.data / "lake"

    @property
    def index(self) -> Path:
        """Folder of the embedded engine."""
        return self.data / "index"

    @classmethod
    def read(cls) -> Settings:
        """The settings of this process's environment, and of files of secrets where a variable does not say it."""
        folders = ("/run/secrets", os.environ.get("CREDENTIALS_DIRECTORY", ""))
        try:
            return cls(_secrets_dir=[name for name in folders if name and Path(name).is_dir()])  # type: ignore[call-arg]
        except ValidationError as error:
            raise SettingsError("; ".join(map(_told, error.errors()))) from None


def _host_and_port(address: str) -> tuple[str, int] | None:
    """Both parts of an address; None where it is none."""
    try:
        parts = urlsplit(f"//{address}")
        port = parts.port
    except ValueError:
        return None
    usable = parts.hostname and port is not None and parts.netloc == address and "@" not in address
    return (parts.hostname or "", port) if usable and port is not None else None


def _networks(text: str) -> list[Network]:
    return [ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip()]


def _opensearch_faults(settings: Settings) -> Iterator[str]:
    """What is wrong with the settings of the cluster, each with its key; never a value that may hold a secret."""
    urls = settings.opensearch_urls
    schemes = {_scheme(url) for url in urls}
    if len(schemes) != 1 or "" in schemes:
        yield (
            "XINCHA_OPENSEARCH_URL: takes addresses like https://node-1:9200, all http: or all https:, "
            "separated by commas; user and password are settings of their own"
        )
    password = settings.opensearch_password.get_secret_value()
    pairs = (
        ("USER", settings.opensearch_user, "PASSWORD", password),
        ("CLIENT_CERT", settings.opensearch_client_cert, "CLIENT_KEY", settings.opensearch_client_key),
    )
    for one, first, other, second in pairs:
        if bool(first) != bool(second):
            missing, given = (other, one) if first else (one, other)
            yield f"XINCHA_OPENSEARCH_{missing}: missing, while XINCHA_OPENSEARCH_{given} is set"
    for key in ("ca", "client_cert", "client_key"):
        path: Path | None = getattr(settings, f"opensearch_{key}")
        if path and not path.is_file():
            yield f"XINCHA_OPENSEARCH_{key.upper()}: there is no file {path}"
        elif path and "https" not in schemes:
            yield f"XINCHA_OPENSEARCH_{key.upper()}: is of use for https: only, see XINCHA_OPENSEARCH_URL"


def _scheme(url: str) -> str:
    """`http` or `https`; empty where the address cannot be used."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return ""
    return parts.scheme if usable and parts.scheme in {"http", "https"} and not parts.query else ""


def _told(error: ErrorDetails) -> str:
    """One error in words; without the value where several settings, and so perhaps a secret, are meant."""
    if not error["loc"]:
        return error["msg"]
    return f"XINCHA_{str(error['loc'][0]).upper()}: {error['msg']} (got {error['input']!r})"
