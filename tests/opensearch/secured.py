"""A real node with the security plugin: TLS, passwords, client certificates, and the files that an operator gets.

`deployed_nodes` does what `compose.yaml` does for nodes: certificates by `certificates.sh`, settings, roles and ways of
proving who one is from `deploy/opensearch`. `start_secured` starts one and makes accounts with passwords:
`xincha-reader` and `xincha-publisher` (mapped to their roles by the project's own file), `stranger` and `admin`.
`Secured` is what a client needs.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException

from tests.opensearch.java import HERE, find_jars
from tests.opensearch.server import PLUGINS, Node, Settings, free_ports

DEPLOYED = HERE.parents[1] / "deploy" / "opensearch"
USERS = ("xincha-reader", "xincha-publisher", "stranger", "admin")
PREFIXES = "s-*"
"""What tests may call their indices, besides `xincha`."""
READY = "secured.json"
"""The file that is in the folder of a node once that can be used."""


@dataclass(frozen=True)
class Secured:
    """How to reach a secured node.

    `certificates` holds a folder each for `reader`, `publisher` and `admin` (the cluster's own): ca.pem, tls.pem and
    tls.key.
    """

    url: str
    certificates: str
    passwords: Mapping[str, str]

    @property
    def ca(self) -> str:
        """The authority that signed the node's certificate."""
        return f"{self.certificates}/reader/ca.pem"

    def client(self, user: str = "admin", password: str | None = None) -> OpenSearch:
        """A client of this user, with his password or a wrong one."""
        auth = (user, self.passwords[user] if password is None else password)
        return OpenSearch(self.url, http_auth=auth, ca_certs=self.ca, max_retries=0)

    def certified(self, name: str) -> OpenSearch:
        """A client that shows a certificate and no password."""
        cert, key = (f"{self.certificates}/{name}/tls.{kind}" for kind in ("pem", "key"))
        return OpenSearch(self.url, ca_certs=self.ca, client_cert=cert, client_key=key, max_retries=0)

    @classmethod
    def read(cls, folder: Path) -> Secured:
        """The node that was started in this folder."""
        return cls(**json.loads((folder / READY).read_text()))


def deployed_nodes(
    folder: Path, names: Sequence[str] = ("node1",), *, heap: str = "768m", owner: int | None = None
) -> list[Node]:
    """Nodes as compose.yaml makes them, not started; their certificates lie in FOLDER/certificates."""
    script = [str(DEPLOYED / "certificates.sh"), str(folder / "certificates"), *names]
    subprocess.run(["bash", *script], check=True, capture_output=True)  # noqa: S603, S607
    ports = free_ports(len(names))
    nodes = []
    for name, port in zip(names, ports, strict=True):
        settings = _settings(folder, name, port, ports, names)
        plugins = (*PLUGINS, "org.opensearch.security.OpenSearchSecurityPlugin")
        node = Node(folder / name, settings, heap, "secured", plugins, owner=owner or os.getpid())
        _configure(node.folder / "config", folder / "certificates" / name)
        nodes.append(node)
    return nodes


def start_secured(folder: Path, *, owner: int | None = None) -> Secured:
    """One secured node, with its users; `Secured.read(folder)` tells the same to other processes."""
    shutil.rmtree(folder, ignore_errors=True)
    (node,) = deployed_nodes(folder, owner=owner)
    node.launch()
    node.wait()
    passwords = {user: secrets.token_urlsafe(24) for user in USERS}
    secured = Secured(node.url, str(folder / "certificates"), passwords)
    with secured.certified("admin") as client:
        node.until(lambda: _has_roles(client), "has read its roles")
        for user, password in passwords.items():
            _put(client, f"internalusers/{user}", {"password": password})
        _grant(client)
    (folder / READY).write_text(json.dumps(asdict(secured)))
    return secured


def _put(client: OpenSearch, path: str, body: Mapping[str, object]) -> None:
    client.transport.perform_request("PUT", f"/_plugins/_security/api/{path}", body=body)


def _grant(client: OpenSearch) -> None:
    """Give the two users their roles for the indices of `PREFIXES` too.

    Once and for all: the plugin refuses changes that come from several processes at a time (409).
    """
    roles = yaml.safe_load((DEPLOYED / "roles.yml").read_text().replace("- xincha-", f"- {PREFIXES}-"))
    for role in ("reader", "publisher"):
        _put(client, f"roles/tests_{role}", roles[f"xincha_{role}"])
        _put(client, f"rolesmapping/tests_{role}", {"users": [f"xincha-{role}"]})


def _configure(config: Path, certificates: Path) -> None:
    """The configuration folder as deploy/opensearch/start.sh lays it: the plugin's own, with the project's over it."""
    security = config / "opensearch-security"
    shutil.copytree(find_jars("secured") / "config", security)
    for name in ("config", "internal_users", "roles", "roles_mapping"):
        shutil.copy(DEPLOYED / f"{name}.yml", security)
    shutil.copytree(certificates, config / "certificates")


def _settings(folder: Path, name: str, port: int, ports: Sequence[int], names: Sequence[str]) -> Settings:
    """The project's settings of a node, but for what is so in a container only."""
    settings: dict[str, object] = yaml.safe_load((DEPLOYED / "opensearch.yml").read_text())
    here = {
        "node.name": name,
        "network.host": "127.0.0.1",
        "discovery.seed_hosts": [f"127.0.0.1:{each}" for each in ports],
        "cluster.initial_cluster_manager_nodes": list(names),
        "bootstrap.memory_lock": False,
        "path.repo": [str(folder / "snapshots")],
    }
    assert here.keys() <= settings.keys()
    return {**settings, **here, "transport.port": port}


def _has_roles(client: OpenSearch) -> bool:
    with suppress(OpenSearchException):
        return bool(client.transport.perform_request("GET", "/_plugins/_security/health")["status"] == "UP")
    return False
