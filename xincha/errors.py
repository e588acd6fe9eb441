"""Every error that Xincha raises on purpose, in one tree.

    XinchaError                      what, which one, what to do; never a searched name or a secret
    ├── SettingsError                a setting is missing or unreadable; names its key
    ├── SourceError                  a file cannot be loaded at all; nothing was changed
    │   ├── UnknownKind              no declared source has these columns
    │   ├── MissingColumn            a key column is not there
    │   │   └── UnclearColumn        several columns may be meant, or none; a person has to choose
    │   └── UnreadableFile           encrypted, damaged, not what its name says, or larger than allowed
    ├── GoneTooMany                  a complete delivery lacks much of what its source had; nothing was changed
    ├── RejectsFound                 `--strict` and at least one row was rejected; nothing was changed
    ├── StorageError                 a disk is full, a folder cannot be written; names it and the way out
    ├── LakeError                    the lake is absent, damaged, or of a newer version
    │   └── LakeBusy                 another load holds the lock
    ├── QueryError                   a request that cannot be answered as it was written; names the parameter
    │   ├── BadParameter             a value outside what is allowed
    │   ├── BadParameters            one or several values that do not fit what a question declares
    │   ├── TooLarge                 more at once than is taken
    │   └── BadCursor                a cursor that this search did not hand out
    ├── NotFound                     no such entity or record
    ├── NotDone                      what is asked for is still being made
    ├── Busy                         as many of these as may run at once do run
    ├── OutOfTime                    a request took longer than one may
    ├── TooManyRequests              a caller asks for more than his share
    ├── UnknownKey                   a key that is none, was revoked, or is over
    ├── KeysUnreadable               the file of keys cannot be read or written
    ├── HoldsUnreadable              the file of what is held back cannot be read or written
    ├── ProofError                   a key, checkpoint, proof or log that cannot be used, or is not what it should be
    ├── WatchesUnreadable            the file of watch lists cannot be read or written
    ├── WebhooksUnreadable           the file of webhooks, or of how far they are, cannot be read or written
    ├── ReceiptUnreadable            what was given as a receipt is none of a form that is known
    └── EngineError                  the search engine
        ├── UnsupportedQuery         a clause that this engine cannot honour; names engine and clause
        ├── EngineNotReady           no index published yet, or one made by another analysis
        ├── EngineUnavailable        does not answer now; may later
        │   └── Republished          another version was published while a whole result was read
        └── BuildFailed              a build that was not verified; the published index is untouched

Domain errors know no HTTP and no exit code: `api.problems` and `xincha.cli` each map classes to their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class XinchaError(Exception):
    """The root: a message for the person who has to act on it."""


class SettingsError(XinchaError):
    """A setting cannot be used; the message names its key."""


class SourceError(XinchaError):
    """A source file cannot be loaded; the message names the file and what to do."""


class UnknownKind(SourceError):
    """The columns of a file fit no declared source."""


class MissingColumn(SourceError):
    """A file lacks a column without which its rows have no key."""


class ColumnChoice(NamedTuple):
    """A column that may be meant, its place from 1, and what stands in some of its rows."""

    column: str
    place: int
    rows: Sequence[str]


class UnclearColumn(MissingColumn):
    """Which column holds the names of a list cannot be told; `choices`: those that a person may choose from.

    `header`, `rows`: the whole header, and the cells of the first rows in its order.
    """

    def __init__(
        self, message: str, choices: Sequence[ColumnChoice], header: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        super().__init__(message)
        self.choices = choices
        self.header = header
        self.rows = rows


class UnreadableFile(SourceError):
    """A file is encrypted, damaged, larger than allowed, or not what its name says."""


class GoneTooMany(XinchaError):
    """A complete delivery lacks more of what its source had than goes at once."""


class RejectsFound(XinchaError):
    """A strict load met rows that it would have rejected."""


class StorageError(XinchaError):
    """The system does not read or write a file or folder; what was there before stays."""


class LakeError(XinchaError):
    """The lake is absent, damaged or of a version that this program does not know."""


class LakeBusy(LakeError):
    """Another process is loading."""


class QueryError(XinchaError):
    """A request cannot be answered as written.

    `parameter` names the part of the request, `allowed` says in words what would be right; `wrong` has `name`,
    `message` and `allowed` of each part that cannot be used.
    """

    def __init__(self, message: str, *, parameter: str, allowed: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter
        self.allowed = allowed
        self.wrong: Sequence[Mapping[str, str]] = [{"name": parameter, "message": message, "allowed": allowed}]


class BadParameter(QueryError):
    """A value is outside what the parameter allows."""


class BadParameters(QueryError):
    """Parts of a request cannot be used; made of `wrong`, which names at least one."""

    def __init__(self, wrong: Sequence[Mapping[str, str]]) -> None:
        message = "; ".join(f"{each['name']}: {each['message']} ({each['allowed']})" for each in wrong[:5])
        super().__init__(message, parameter=wrong[0]["name"], allowed=wrong[0]["allowed"])
        self.wrong = wrong


class TooLarge(QueryError):
    """More at once than is taken."""


class BadCursor(QueryError):
    """A cursor is damaged or belongs to another search."""


class NotFound(XinchaError):
    """No entity or record has this identifier."""


class NotDone(XinchaError):
    """What is asked for is still being made."""


class Busy(XinchaError):
    """So much of this is done already that no more is begun; it may be asked for again."""


class OutOfTime(XinchaError):
    """A request took longer than one may."""


class TooManyRequests(XinchaError):
    """A caller asks for more than his share; `wait`: in how many seconds he may ask again."""

    def __init__(self, message: str, *, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class UnknownKey(XinchaError):
    """The key that was shown is none, was revoked, or is over."""


class KeysUnreadable(XinchaError):
    """The file of keys cannot be read or written."""


class HoldsUnreadable(XinchaError):
    """The file of what is held back cannot be read or written; nothing is shown then that may be held."""


class ProofError(XinchaError):
    """A key, a checkpoint, a proof or the log of loads cannot be used, or does not prove what it should."""


class WatchesUnreadable(XinchaError):
    """The file of watch lists cannot be read or written."""


class WebhooksUnreadable(XinchaError):
    """The file of webhooks, or of how far they are, cannot be read or written."""


class ReceiptUnreadable(XinchaError):
    """What was given as a receipt is none, or one of a form that this program does not know."""


class ReleasesUnreadable(XinchaError):
    """The index of releases cannot be read or written."""


class Withdrawn(XinchaError):
    """A release whose files may not be had any more."""


class EngineError(XinchaError):
    """The search engine could not do what was asked."""


class UnsupportedQuery(EngineError):
    """A clause is outside the query subset, or this engine cannot honour it."""


class EngineNotReady(EngineError):
    """Nothing is published yet, or the published index was made by another analysis."""


class EngineUnavailable(EngineError):
    """The engine does not answer now."""


class Republished(EngineUnavailable):
    """Another version was published while a whole result was read."""


class BuildFailed(EngineError):
    """A build could not be completed or verified; what was published before still is."""
