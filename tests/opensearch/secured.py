"""A real node with the security plugin: TLS, passwords, client certificates, and the roles that come with the project.

`start_secured(folder)` makes a certificate authority, certificates and passwords in the folder, loads
`deploy/opensearch` into the plugin as an operator would, and returns what a client needs (`Secured`). Users:
`xincha-reader`, `xincha-publisher` (mapped to their roles by the project's own file), `stranger` (no role), `admin`.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException

from tests.opensearch.java import HERE, find_jars
from tests.opensearch.server import PLUGINS, Node, Settings

ROLES = HERE.parents[1] / "deploy" / "opensearch"
USERS = ("xincha-reader", "xincha-publisher", "stranger", "admin")
READY = "secured.json"
"""The file that is in the folder of a node once that can be used."""


@dataclass(frozen=True)
class Secured:
    """How to reach a secured node; in `certificates` lie NAME.pem and NAME.key of each user."""

    url: str
    certificates: Path
    passwords: Mapping[str, str]

    @property
    def ca(self) -> Path:
        """The authority that signed the node's certificate."""
        return self.certificates / "ca.pem"

    def client(self, user: str = "admin", password: str | None = None) -> OpenSearch:
        """A client of this user, with his password or a wrong one."""
        auth = (user, self.passwords[user] if password is None else password)
        return OpenSearch(self.url, http_auth=auth, ca_certs=str(self.ca), max_retries=0)

    def certified(self, user: str) -> OpenSearch:
        """A client that shows the user's certificate and no password."""
        cert, key = (str(self.certificates / f"{user}.{kind}") for kind in ("pem", "key"))
        return OpenSearch(self.url, ca_certs=str(self.ca), client_cert=cert, client_key=key, max_retries=0)

    @classmethod
    def read(cls, folder: Path) -> Secured:
        """The node that was started in this folder."""
        return cls(**json.loads((folder / READY).read_text()) | {"certificates": folder / "config"})


def start_secured(folder: Path, *, heap: str = "768m", owner: int | None = None) -> Secured:
    """One secured node, with its users; `Secured.read(folder)` tells the same to other processes."""
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    _certify(config)
    _configure(config / "opensearch-security")
    plugins = (*PLUGINS, "org.opensearch.security.OpenSearchSecurityPlugin")
    node = Node(folder, _SETTINGS, heap=heap, kind="secured", plugins=plugins, owner=owner or os.getpid())
    node.launch()
    node.wait()
    secured = Secured(node.url, config, {user: secrets.token_urlsafe(24) for user in USERS})
    with secured.certified("superuser") as client:
        node.until(lambda: _initialized(client), "has read its roles")
        for user, password in secured.passwords.items():
            path = f"/_plugins/_security/api/internalusers/{user}"
            client.transport.perform_request("PUT", path, body={"password": password})
    (folder / READY).write_text(json.dumps({"url": secured.url, "passwords": secured.passwords}))
    return secured


_SETTINGS: Settings = {
    "cluster.name": "xincha-tests",
    "node.name": "secured",
    "discovery.type": "single-node",
    "plugins.security.audit.type": "noop",
    "transport.ssl.enforce_hostname_verification": False,
    "plugins.security.nodes_dn": ["CN=node"],
    "plugins.security.authcz.admin_dn": ["CN=superuser"],
    "plugins.security.allow_default_init_securityindex": True,
    "plugins.security.ssl.http.enabled": True,
    "plugins.security.ssl.http.clientauth_mode": "OPTIONAL",
    **{
        f"plugins.security.ssl.{layer}.{key}": name
        for layer in ("transport", "http")
        for key, name in {
            "pemcert_filepath": "node.pem",
            "pemkey_filepath": "node.key",
            "pemtrustedcas_filepath": "ca.pem",
        }.items()
    },
}


def _certify(folder: Path) -> None:
    """Keys (PKCS#8) and certificates of an authority, the node, the plugin's super-user and all users."""
    _openssl(folder, "ca", "-addext", "basicConstraints=critical,CA:TRUE")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=CA:FALSE")
    _openssl(folder, "node", *signed, "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost")
    for user in ("superuser", *USERS):
        _openssl(folder, user, *signed)


def _openssl(folder: Path, name: str, *options: str) -> None:
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    files = ["-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem"]
    subprocess.run([*command, *files, *options], cwd=folder, check=True, capture_output=True)  # noqa: S603


def _configure(folder: Path) -> None:
    """What the plugin reads at its first start: its own defaults without users, and the project's roles over them."""
    shutil.copytree(find_jars("secured") / "config", folder, dirs_exist_ok=True)
    for file in ROLES.glob("*.yml"):
        shutil.copy(file, folder)
    (folder / "internal_users.yml").write_text(json.dumps({"_meta": {"type": "internalusers", "config_version": 2}}))
    (folder / "config.yml").write_text(json.dumps(_AUTHENTICATION))


def _domain(order: int, kind: str, backend: str, **config: str) -> dict[str, object]:
    authenticator = {"type": kind, "challenge": kind == "basic", "config": config}
    return {
        "http_enabled": True,
        "order": order,
        "http_authenticator": authenticator,
        "authentication_backend": {"type": backend},
    }


_AUTHENTICATION = {
    "_meta": {"type": "config", "config_version": 2},
    "config": {
        "dynamic": {
            "http": {"anonymous_auth_enabled": False},
            "authc": {
                "certificate": _domain(0, "clientcert", "noop", username_attribute="cn"),
                "password": _domain(1, "basic", "intern"),
            },
        }
    },
}


def _initialized(client: OpenSearch) -> bool:
    with suppress(OpenSearchException):
        return bool(client.transport.perform_request("GET", "/_plugins/_security/health")["status"] == "UP")
    return False
