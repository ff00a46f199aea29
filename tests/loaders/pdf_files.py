"""PDF files as small as they can be, written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Placed = tuple[float, float, float, str]  # x, y, size, text


def pdf(*pages: Sequence[Placed], information: Mapping[str, str] | None = None, catalogue: str = "") -> bytes:
    """A file of these pages; each text is placed in points from the lower left."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = "".join(f"BT /F1 {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, size, text in page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}endstream")
    objects.append(f"<< {' '.join(f'/{key} ({_escaped(text)})' for key, text in (information or {}).items())} >>")
    return _file([one.encode("cp1252") for one in objects])


def column(*texts: str, top: float = 700, size: float = 10, x: float = 72, gap: float = 12) -> list[Placed]:
    """Lines below each other; an empty one leaves space."""
    return [(x, top - gap * place, size, text) for place, text in enumerate(texts) if text]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return data + head + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)
