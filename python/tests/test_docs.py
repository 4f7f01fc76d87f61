"""The examples run as they stand: the README's, the tutorial's, the notebook's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

DOCUMENTS = ["README.md", "docs/python.md"]


def copy(root: Path, folder: Path) -> Path:
    """A folder with the scenarios, where examples may leave files."""
    shutil.copytree(root / "scenarios", folder / "scenarios")
    return folder


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_examples_of_a_document_run(document: str, root: Path, tmp_path: Path) -> None:
    examples = re.findall(r"^```python\n(.*?)^```", (root / document).read_text(), re.MULTILINE | re.DOTALL)
    assert examples
    program = tmp_path / "example.py"
    program.write_text("\n".join(examples))
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(program)], cwd=copy(root, tmp_path), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    # What an example prints is in its comments, `# 0.047`, or in the block below it.
    said = re.findall(r"^print\(.*\)  # (.*)$", "\n".join(examples), re.MULTILINE)
    for line in said:
        assert line in ran.stdout.splitlines(), (line, ran.stdout)


def test_the_notebook_runs(root: Path, tmp_path: Path) -> None:
    (path,) = (root / "python/notebooks").glob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(copy(root, tmp_path))}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [output.data["text/html"] for output in outputs if "data" in output and "text/html" in output.data]
    assert any("smschain-result" in html and "<svg" in html for html in shown)
    assert not any(output.output_type == "error" for output in outputs)


def test_the_notebook_is_kept_without_outputs(root: Path) -> None:
    (path,) = (root / "python/notebooks").glob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
