"""`xincha key`: made, listed, revoked; shown once."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Environment, result, xincha
from xincha.keys import PREFIX


def test_a_key_is_shown_once(environment: Environment) -> None:
    made = xincha(environment, "key", "make", "某某大学")
    assert made.returncode == 0
    text = made.stdout.strip()
    assert text.startswith(PREFIX)
    assert "cannot be shown again" in made.stderr
    listed = xincha(environment, "key", "list")
    assert "某某大学" in listed.stdout
    assert text not in listed.stdout


def test_keys_are_listed_with_their_states_and_revoked_by_name(environment: Environment) -> None:
    assert result(environment, "key", "list") == []
    made = result(environment, "key", "make", "one", "--days", "0")
    assert (made["name"], made["state"], made["expires_at"]) == ("one", "valid", None)
    assert result(environment, "key", "make", "two")["expires_at"] is not None
    (revoked,) = result(environment, "key", "revoke", "one")
    assert revoked["state"] == "revoked"
    again = result(environment, "key", "make", "one")
    assert again["key"] != made["key"]
    assert [(key["name"], key["state"]) for key in result(environment, "key", "list")] == [
        ("one", "revoked"),
        ("two", "valid"),
        ("one", "valid"),
    ]
    assert "key" not in result(environment, "key", "list")[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "one"], "already"),
        (["make", "a b"], "cannot name"),
        (["make", ""], "cannot name"),
        (["make", "x" * 65], "at most 64"),
        (["make", "../x"], "cannot name"),
        (["make", "late", "--days", "-1"], "days"),
        (["revoke", "two"], "no valid key"),
    ],
)
def test_what_cannot_be_is_said(environment: Environment, arguments: list[str], said: str) -> None:
    xincha(environment, "key", "make", "one")
    done = xincha(environment, "key", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(result(environment, "key", "list")) == 1
