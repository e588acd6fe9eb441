"""The cluster that compose.yaml describes, as real nodes: its configuration, certificates, roles and scripts."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from opensearchpy import OpenSearch
from opensearchpy.exceptions import AuthorizationException, OpenSearchException

from api.app import create_app
from api.routes.service import operators
from indexer.publish import publish
from tests.opensearch.fixtures import skipping
from tests.opensearch.secured import deployed_nodes
from tests.opensearch.server import Node
from xincha.engine.open import open_engine
from xincha.errors import EngineError
from xincha.settings import ROOT, Settings

DEPLOY = ROOT / "deploy" / "opensearch"


@dataclass(frozen=True)
class Cluster:
    """Nodes as compose.yaml starts them, and the folder of their certificates."""

    nodes: list[Node]
    certificates: Path

    def port(self, node: Node) -> str:
        return node.address.rpartition(":")[2]

    def client(self, bearer: str) -> OpenSearch:
        """A client with the certificate of `reader`, `publisher` or `admin`."""
        of = self.certificates / bearer
        cert, key = str(of / "tls.pem"), str(of / "tls.key")
        url = self.nodes[0].url
        return OpenSearch(url, ca_certs=str(of / "ca.pem"), client_cert=cert, client_key=key, max_retries=0)

    def admin(self, *arguments: str) -> str:
        """What deploy/opensearch/admin.sh prints."""
        told = {
            "NODE": "127.0.0.1",
            "PORT": self.port(self.nodes[0]),
            "CERTIFICATES": str(self.certificates / "admin"),
            "DASHBOARDS": str(self.certificates / "dashboards"),
        }
        command = [str(DEPLOY / "admin.sh"), *arguments]
        done = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("deployed")
    nodes: list[Node] = []
    try:
        with skipping():
            nodes = deployed_nodes(folder, ("node1", "node2"), heap="512m")
            for node in nodes:
                node.launch()
        made = Cluster(nodes, folder / "certificates")
        for node in nodes:
            node.wait()
            node.until(lambda node=node: healthy(made, node), "is healthy")  # type: ignore[misc]
        yield made
    finally:
        for node in nodes:
            node.kill()


def healthy(cluster: Cluster, node: Node) -> bool:
    """The health check of compose.yaml."""
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["node1"]
    _, check = service["healthcheck"]["test"]
    check = check.replace("$$", "$").replace("9200", cluster.port(node))
    check = check.replace("/certificates", str(cluster.certificates / "reader"))
    return subprocess.run(["sh", "-c", check], check=False).returncode == 0  # noqa: S603, S607


def documented() -> list[list[str]]:
    """What docs/operations.md asks of the cluster."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    return [shlex.split(line) for line in re.findall(r"docker compose run --rm admin ([A-Z][^`#\n]+)", text)]


@pytest.mark.slow
def test_nodes_find_each_other_by_their_certificates(cluster: Cluster) -> None:
    health = json.loads(cluster.admin("GET", "/_cluster/health?wait_for_nodes=2&wait_for_status=green&timeout=60s"))
    assert (health["status"], health["number_of_nodes"], health["timed_out"]) == ("green", 2, False)


def settings_of(service: str, cluster: Cluster, bearer: str, data: Path) -> Settings:
    """What a service of compose.yaml is told, with the addresses and files of this cluster."""
    given = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"][service]["environment"]
    here = {"XINCHA_OPENSEARCH_URL": ",".join(node.url for node in cluster.nodes)}
    assert here.keys() <= given.keys()
    told = given | here | {"XINCHA_DATA": str(data), "XINCHA_WORKERS": "1"}
    with pytest.MonkeyPatch.context() as environment:
        for key, value in told.items():
            environment.setenv(
                key, value.replace("/certificates", str(cluster.certificates / bearer)).partition("$")[0]
            )
        return Settings.read()


@dataclass(frozen=True)
class Service:
    """What was loaded and published as the service `load` does it, twice; and how the service `api` sees it."""

    loading: Settings
    serving: Settings
    documents: Mapping[str, int]

    def readiness(self) -> tuple[int, dict[str, Any]]:
        """What /readyz answers."""
        with TestClient(create_app(self.serving)) as client:
            answer = client.get("/readyz")
            return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def service(cluster: Cluster, fictional_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("service")
    loading = settings_of("load", cluster, "publisher", folder / "data")
    serving = settings_of("api", cluster, "reader", folder / "none")
    copytree(fictional_folder / "data" / "lake", loading.lake)
    with closing(open_engine(loading)) as engine:
        publish(loading, engine)
        documents = publish(loading, engine, full=True).documents  # so that there is one to roll back to
    return Service(loading, serving, documents)


@pytest.mark.slow
def test_what_was_loaded_is_answered_by_an_api_that_may_only_read(cluster: Cluster, service: Service) -> None:
    app = create_app(service.serving)
    with TestClient(app) as client:
        ready = client.get("/readyz")
        assert ready.status_code == 200, ready.text
        assert {index: ready.json()[index] for index in service.documents} == service.documents
        assert client.get("/api/v1/entities?q=示例").json()["total"] > 0
        assert client.get("/api/v1/about").json()["entities"] == service.documents["entities"]
        assert "xincha_ready 1.0" in TestClient(operators(app)).get("/metrics").text
    with closing(open_engine(service.serving)) as engine, pytest.raises(EngineError):
        engine.rollback()
    with cluster.client("reader") as reader:
        for forbidden in ("*", "xincha-records-previous"):
            with pytest.raises(AuthorizationException):
                reader.search(index=forbidden)
    assert not service.serving.data.exists()


@pytest.mark.slow
def test_the_accounts_of_dashboards_have_passwords_that_only_its_files_know(cluster: Cluster) -> None:
    for _ in range(2):  # made once, kept afterwards
        cluster.admin("accounts")
        made = yaml.safe_load((cluster.certificates / "dashboards" / "opensearch_dashboards.yml").read_text("utf-8"))
        password = cluster.admin("password").strip()
        assert len({password, made["opensearch.password"], made["opensearch_security.cookie.password"]}) == 3
        assert len(made["opensearch_security.cookie.password"]) >= 32
        authority = str(cluster.certificates / "dashboards" / "ca.pem")
        for user, secret in (("admin", password), ("kibanaserver", made["opensearch.password"])):
            with OpenSearch(cluster.nodes[0].url, http_auth=(user, secret), ca_certs=authority) as client:
                account = client.transport.perform_request("GET", "/_plugins/_security/authinfo")
                assert account["user_name"] == user
                assert {"admin": "all_access", "kibanaserver": "kibana_server"}[user] in account["roles"]


@pytest.mark.slow
def test_no_account_has_a_password_that_everybody_knows(cluster: Cluster) -> None:
    authority = str(cluster.certificates / "reader" / "ca.pem")
    for user in ("admin", "kibanaserver", "kibanaro", "logstash", "readall", "snapshotrestore"):
        with OpenSearch(cluster.nodes[0].url, http_auth=(user, user), ca_certs=authority) as client:
            with pytest.raises(OpenSearchException) as refused:
                client.info()
            assert getattr(refused.value, "status_code", 0) == 401


@pytest.mark.slow
def test_a_snapshot_made_and_restored_as_the_document_says_brings_everything_back(
    cluster: Cluster, service: Service
) -> None:
    commands = [line for line in documented() if "_snapshot" in line[1] or line[0] == "DELETE"]
    assert [method for method, *_ in commands] == ["PUT", "PUT", "GET", "DELETE", "POST"]
    before = service.readiness()
    for method, path, *body in commands:
        here = [part.replace("/snapshots", str(cluster.certificates.parent / "snapshots")) for part in body]
        cluster.admin(method, path, *here)
        if method == "DELETE":
            assert service.readiness()[0] == 503
    cluster.admin("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
    assert service.readiness() == before
    with closing(open_engine(service.loading)) as engine:
        assert engine.rollback().ready
        assert publish(service.loading, engine, full=True).documents == service.documents


@pytest.mark.slow
def test_questions_and_settings_of_the_document_are_answered(cluster: Cluster) -> None:
    commands = [line for line in documented() if re.match("/_(cat|cluster/settings)", line[1])]
    assert len(commands) >= 4
    for command in commands:
        cluster.admin(*command)
