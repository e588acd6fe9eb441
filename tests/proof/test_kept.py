"""The files that are loaded are kept as they came, each once."""

from __future__ import annotations

import gzip
import zipfile
from hashlib import sha256
from pathlib import Path

from indexer.load import load
from tests.proof.conftest import COMPANIES, PENALTIES, company, made, penalty


def test_files_of_folders_and_archives_are_kept_by_their_bytes(tmp_path: Path) -> None:
    site, folder = made(tmp_path), tmp_path / "delivery" / "示例局"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "登记.zip", "w") as archive:
        archive.writestr("a.csv", f"{COMPANIES}\n{company(1)}\n")
        archive.writestr("b.csv", f"{COMPANIES}\n{company(2)}\n")
    (folder / "处罚.csv.gz").write_bytes(gzip.compress(f"{PENALTIES}\n{penalty(1)}\n".encode()))
    single = tmp_path / "single.CSV"
    single.write_text(f"{COMPANIES}\n{company(3)}\n", "utf-8")
    load([tmp_path / "delivery", single], site.settings)
    load([tmp_path / "delivery"], site.settings)
    sources = sorted((*folder.iterdir(), single))
    kept = {path.name: path.read_bytes() for path in (tmp_path / "sources").iterdir()}
    assert kept == {
        f"{sha256(path.read_bytes()).hexdigest()}{path.suffix.lower()}": path.read_bytes() for path in sources
    }
    report = site.verify()
    assert (report.altered, report.checked["sources"]) == ([], 3)
    (tmp_path / "sources" / max(kept)).unlink()  # which the law may ask for
    report = site.verify()
    assert report.altered == []
    assert "1 of 3 sources are not kept" in report.notes
