"""What Ray costs beside the runs: 2,000 small cells on a cluster of two nodes on this machine, a core each, against
the same sweep by itself on two threads.

    python python/tests/overhead_on_ray.py [REPLICATIONS]

Processor time is that of this process and of all that it started, Ray's own among them: what else the machine does
isn't in it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

# Everything stays on the loopback interface.
os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0")

import ray
from ray.cluster_utils import Cluster

import smschain
import smschain.ray

SMALL = Path(__file__).resolve().parents[2] / "tests/cli/small.toml"
POINTS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4]
NODE = {"num_cpus": 1, "object_store_memory": 100 * 2**20, "node_ip_address": "127.0.0.1"}


def processor_s() -> float:
    """Of this process and its descendants, those that ended among them."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
        ticks[int(path.parent.name)] = sum(map(int, fields[11:15]))

    def ours(process: int) -> bool:
        return process == os.getpid() or (process in parents and ours(parents[process]))

    return sum(own for process, own in ticks.items() if ours(process)) / os.sysconf("SC_CLK_TCK")


def main(replications: int) -> None:
    cells = len(POINTS) * replications
    smschain.sweep(SMALL, scale=POINTS, replications=2)
    cluster = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    try:
        cluster.add_node(**NODE)
        ray.init(address=cluster.address, log_to_driver=False)
        for round in range(3):
            took = {}
            texts = set()
            for name, module in (("alone", smschain), ("on Ray", smschain.ray)):
                began, used = time.monotonic(), processor_s()
                options = {"threads": 2} if module is smschain else {}
                texts.add(module.sweep(SMALL, scale=POINTS, replications=replications, **options).to_json())
                took[name] = processor_s() - used
                wall = time.monotonic() - began
                print(f"{cells} cells {name}: {took[name]:.2f} s of processor time, {wall:.1f} s", flush=True)
            assert len(texts) == 1
            overhead = took["on Ray"] / took["alone"] - 1
            print(f"overhead: {overhead:.1%}{'' if round else ', workers being started'}", flush=True)
    finally:
        ray.shutdown()
        cluster.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
