"""The journal's tables, as numbered migrations: files of SQL in `migrations/`."""

from qa.store.checksums import JOURNAL, adding, computed
from qa.store.schema import sql

_OF_USAGE = ", CAST(usage AS BLOB)"
_REVIEWS, _RECORDS = computed("reviews"), computed("records")
_CHECKSUMS = {
    "adding": adding(JOURNAL).replace(_OF_USAGE, ""),
    "reviews": _REVIEWS,
    "reviews_with_doubt": _REVIEWS.replace("CAST(first_at", "CAST(doubt AS BLOB), CAST(first_at"),
    "records": _RECORDS,
    "records_without_usage": _RECORDS.replace(_OF_USAGE, ""),
}

MIGRATIONS = tuple(sql(__package__, f"migrations/{number}", **_CHECKSUMS) for number in range(1, 6))
