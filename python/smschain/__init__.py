"""A deterministic, seeded simulator of the SMS delivery chain.

A command of the command line is a function here: it takes a scenario as a path, as TOML text or as a
dict, and gives a result whose figures go by the names they have in the result file::

    import smschain

    report = smschain.run("scenarios/baseline.toml", seed=11, set={"provider.alpha.window": 100})
    report.divergence.api_vs_on_time
    report["latency.delivery.p95_s"]

``to_json()`` is byte for byte what ``--format json`` prints. Tables go to pandas, polars, DuckDB and
others by the Arrow PyCapsule interface. In a notebook a result shows its answer and its charts.
"""

from ._commands import capacity, check, compare, fit, hunt, replay, run, sweep, trace
from ._errors import Error, Fault, FileError, InputError, Mistake, NothingFound, ScenarioWarning
from ._progress import Progress
from ._results import (
    Capacity,
    Chart,
    Check,
    Comparison,
    Fit,
    Hunt,
    Replay,
    Report,
    Result,
    Section,
    Story,
    Sweep,
)
from ._smschain import Table, __version__

__all__ = [
    "Capacity",
    "Chart",
    "Check",
    "Comparison",
    "Error",
    "Fault",
    "FileError",
    "Fit",
    "Hunt",
    "InputError",
    "Mistake",
    "NothingFound",
    "Progress",
    "Replay",
    "Report",
    "Result",
    "ScenarioWarning",
    "Section",
    "Story",
    "Sweep",
    "Table",
    "__version__",
    "capacity",
    "check",
    "compare",
    "fit",
    "hunt",
    "replay",
    "run",
    "sweep",
    "trace",
]
