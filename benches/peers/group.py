"""Groups a list of messages of `smschain run --messages` with DuckDB, by what `smschain fit` gathers it by.

    pip install duckdb
    python benches/peers/group.py LOG.csv [THREADS]

Counts, means, medians and p95 by provider, carrier, sender, state, attempts and hour. Prints the seconds of processor
time and of the clock that the query took, without Python's start, and the peak of memory.
"""

import resource
import sys
import time

import duckdb

QUERY = """
SELECT provider, carrier, sender, observed, attempts, floor(requested_s / 3600) AS hour,
       count(*), sum(segments),
       avg(handed_off_s - requested_s), quantile_cont(handed_off_s - requested_s, [0.5, 0.95]),
       avg(delivered_s - handed_off_s), quantile_cont(delivered_s - handed_off_s, [0.5, 0.95]),
       avg(delivered_s - requested_s), quantile_cont(delivered_s - requested_s, [0.5, 0.95])
FROM read_csv($log) GROUP BY ALL
"""


def main() -> None:
    log, threads = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2
    database = duckdb.connect()
    database.execute(f"SET threads TO {threads}")
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    groups = len(database.execute(QUERY, {"log": log}).fetchall())
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss / 1024
    print(f"{groups} groups, {spent:.2f} s of processor time, {took:.2f} s, {peak:.0f} MB at its peak")


if __name__ == "__main__":
    main()
