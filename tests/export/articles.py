"""Articles as files might have them: some by hand, others made up."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

from hypothesis import strategies as st

from qa.loaders.documents import Document
from qa.loaders.metadata import RecordContext
from qa.models.archive import Article
from qa.text.cleaning import clean_line

SECRET = "Zimtschnecke"
"""A word that stands in notes to editors alone."""

FULL: dict[str, object] = {
    "id": "port-2026-11",
    "title": "Port authority opens the <b>north</b> quay & lowers fees",
    "text": "The port authority opened its north quay on Monday.\n\nFees fall by 4% ]]> from July, it said: "
    '<script>x</script> & "more".\nA second line.\n\n=1+1 is no sum here.',
    "published": "2026-11-02T09:30:00+01:00",
    "outlet": "Harbour Gazette",
    "url": "https://gazette.example/port?a=1&b=2",
    "language": "en-gb",
    "kind": "article",
    "event_date": "2 November 2026",
    "summarises": "Harbour Gazette",
    "derived_from": "wire-77",
    "note": "From the evening edition.\n\nWith a second paragraph.",
    "corrections": [{"text": "The quay is 310 m long; not 300.", "date": "2026-11-03"}, "A name was misspelt."],
    "slugline": "PORT-QUAY/FEES",
    "byline": "By Ada Quill and Bo Marsh",
    "section": "Business",
    "keywords": ["port", "fees", "quays, north"],
    "subjects": [
        {"name": "Economy", "code": "http://cv.iptc.org/newscodes/mediatopic/20000344"},
        {"name": "Ports", "code": "medtop:20000271"},
        "Fees",
        {"code": "04003005"},
    ],
    "places": ["North Quay", {"name": "Lérez", "code": "ES-PO"}],
    "people": [{"name": "Ana Ruiz", "code": "p:17"}],
    "organisations": ["Port Authority; North"],
    "copyright_holder": "Gazette Press",
    "copyright_notice": "© 2026 Gazette Press.\nAll rights reserved.",
    "usage_terms": "Not for resale.",
    "urgency": 3,
    "version": "4",
    "revised": "2026-11-02T12:00:00Z",
    "supersedes": "urn:newsml:gazette:20261102:port",
    "editor_note": f"{SECRET}: call the harbour master before noon.",
    "desk": {"shift": 2, "tags": ["a", None, 1.5, True]},
}

VARIANTS: dict[str, dict[str, object]] = {
    "bare": {"id": "bare", "title": "A title alone"},
    "short": {"id": "short", "title": "Council meets", "text": "The council met."},
    "full": FULL,
    "begins with its headline": {"id": "twice", "title": "Council meets", "text": "Council meets\n\nIt met at noon."},
    "day alone": {**FULL, "id": "day", "published": "2026-11-02"},
    "odd moment": {**FULL, "id": "odd", "published": "2026-11-02 09:30Z"},
    "no dates": {**FULL, "id": "undated", "published": "", "outlet": "", "url": ""},
    "withdrawn": {**FULL, "id": "gone", "withdrawn": {"reason": "The source took it back.", "date": "2026-11-09"}},
    "withdrawn in silence": {**FULL, "id": "gone-2", "withdrawn": True},
    "withheld": {**FULL, "id": "held", "status": "withheld", "embargo": "2027-01-01T06:00:00Z"},
    "embargoed": {**FULL, "id": "later", "embargo": "2027-01-01T06:00:00Z"},
    "quote limit": {**FULL, "id": "limit", "quote_limit": 7},
    "not to be quoted": {**FULL, "id": "never", "redistribution": False},
    "misfits": {"id": "misfits", "title": "Odd", "text": "Text.", "urgency": "flash", "editor_note": [SECRET]},
    "from the wire": {
        **FULL,
        "id": "tag:wire.example,2026:item-7-2567532a",
        "uri": "tag:wire.example,2026:item/7",
        "associations": [{"name": "photo", "uri": "tag:wire.example,2026:photo/1", "edNote": SECRET}],
        "profile": "text-only",
    },
    "hostile": {
        "id": "a<b>&\"'",
        "title": "=HYPERLINK(\"http://x.example\") ]]> <script>alert('1')</script>",
        "text": "@SUM(1)\n\n'quoted' -1 &amp; &lt;p&gt; </p></nitf> ]]>",
        "outlet": "+Outlet; <i>",
        "keywords": ["=1+1", "-x"],
        "note": "'note",
    },
    "spanish": {"id": "ñandú:1", "title": "Más niños", "text": "Uno — «dos».\n\nTres…", "language": "es", "urgency": 0},
    "blank names": {"id": "A", "title": "T", "text": "t", "people": [{"code": "x y"}], "urgency": 9},
}


def article_of(values: dict[str, object]) -> Article:
    return RecordContext(Document("made", "made", BytesIO), {}).article(values).article


_LINE = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(clean_line)
_ID = st.from_regex(r"[\w:.;@+~()!*=-]{1,20}", fullmatch=True).filter(lambda text: clean_line(text) == text)
_TEXT = st.lists(_LINE | st.sampled_from(("]]>", "<p>x</p>", "=1+1", "& &amp;", '"', "; , |")), min_size=1, max_size=4)
_CODED = st.lists(
    st.fixed_dictionaries({"name": _LINE}, optional={"code": _LINE | st.just("http://cv.example/1")}), max_size=3
)
_DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
_MOMENT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda one: one.isoformat(timespec="seconds"))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | _LINE,
    lambda below: st.lists(below, max_size=2) | st.dictionaries(_LINE, below, max_size=2),
    max_leaves=4,
)

VALUES = st.fixed_dictionaries(
    {"id": _ID, "title": _LINE},
    optional={
        "text": _TEXT.map("\n\n".join),
        "published": _DAY | _MOMENT | _MOMENT.map(lambda one: f"{one}Z"),
        "outlet": _LINE,
        "url": st.sampled_from(("https://a.example/x?y=1&z=2", "http://b.example")),
        "language": st.sampled_from(("en", "es", "pt-br")),
        "kind": st.sampled_from(("article", "summary", "teaser")),
        "event_date": _DAY | _LINE.map(lambda line: f"about {line}"),
        "derived_from": _LINE,
        "note": _TEXT.map("\n".join),
        "corrections": st.lists(st.fixed_dictionaries({"text": _LINE}, optional={"date": _DAY}), max_size=2),
        "embargo": _MOMENT,
        "withdrawn": st.booleans() | st.fixed_dictionaries({"reason": _LINE}, optional={"date": _DAY}),
        **dict.fromkeys(("slugline", "byline", "section", "version", "copyright_holder", "copyright_notice"), _LINE),
        **dict.fromkeys(("usage_terms", "supersedes"), _LINE),
        "keywords": st.lists(_LINE, max_size=3),
        **dict.fromkeys(("subjects", "places", "people", "organisations"), _CODED),
        "urgency": st.integers(0, 9),
        "quote_limit": st.integers(0, 20),
        "revised": _MOMENT,
        "editor_note": st.just(f"{SECRET} for editors"),
        "beside": _JSON,
        "ednote": st.just([SECRET]),
    },
)
"""What a file may state."""
