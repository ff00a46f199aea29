"""The package as a program uses it that is not ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qa
from qa.archive.ingesting import ingest_paths
from qa.settings import Settings

BODY = "The new pier cost 31 million crowns, the harbour office said. Ferries begin to use it on Monday."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    (folder / "pier.md").write_text(
        f"---\ntitle: New pier opens\noutlet: Harbour Post\npublished: 2010-05-04\n---\n{BODY}\n"
    )
    ingest_paths(
        [str(folder / "pier.md")],
        settings=Settings(home=folder / "data"),
        progress=lambda count: None,
    )
    return folder / "data"


@pytest.mark.usefixtures("encoder")
def test_an_archive_answers_a_plain_string_with_citations(home: Path) -> None:
    with qa.open_archive(home) as archive:
        answer = archive.ask("How much did the new pier cost?")
        assert isinstance(answer, qa.Answer)
        assert answer.citations[0].text == BODY.partition(" Ferries")[0]
        assert answer.citations[0].source.credit == "Harbour Post, 4 May 2010"
        assert isinstance(archive.ask(qa.Question("Who won the cup in Australia?")), qa.Refusal)


@pytest.mark.usefixtures("encoder")
@pytest.mark.parametrize("page", ["README.md", "docs/programs.md"])
def test_the_lines_of_the_documentation_run(
    page: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(__file__).parents[1] / page).read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(home.parent)
    exec(code.replace("How many people were arrested in Spain?", "How much did the new pier cost?"), {})
    assert f"{BODY.partition(' Ferries')[0]} - Harbour Post, 4 May 2010" in capsys.readouterr().out


@pytest.mark.usefixtures("encoder")
def test_it_is_a_retriever_and_a_chain_of_langchain(home: Path) -> None:
    with qa.open_archive(home) as archive:
        documents = archive.as_retriever(limit=3).invoke("pier")
        assert [document.metadata["title"] for document in documents] == ["New pier opens"]
        assert documents[0].page_content == BODY
        replies = archive.as_chain().batch(["How much did the new pier cost?", qa.Question("When do ferries use it?")])
        assert all(isinstance(reply, qa.Answer) for reply in replies)


def test_the_package_names_what_is_public_and_loads_nothing_heavy() -> None:
    assert set(qa.__all__) == {name for name in qa.__all__ if hasattr(qa, name)}
    with pytest.raises(AttributeError):
        _ = qa.nothing
    code = "import sys, qa; qa.__version__; print(sorted({'torch', 'langchain_core', 'chromadb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
