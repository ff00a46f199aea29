"""`qa` with what was recorded of the encoder and a quick reader: it loads no model for what was encoded before."""

from __future__ import annotations

import pytest

from qa.cli.main import app
from tests.cli.conftest import use
from tests.fakes import packaged
from tests.recorded import RecordedEncoder, folder_of

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        use(RecordedEncoder(packaged(), folder_of("encoder")), patch)
        app()
