"""The chain of chain.toml as a SimPy model: one process per message.

Written as a SimPy user would write it: the workers are a `simpy.Resource`,
every delay is a `timeout`, and all chance comes from one `random.Random`.
The token bucket reserves its tokens in arithmetic instead of ticking a
`simpy.Container`, which is exact and spares SimPy 800 events a second.
"""

import argparse
import math
import random
import time
from dataclasses import dataclass

import simpy

REQUESTS_PER_S = 1000.0
API_MEAN_S = 0.050
WORKERS = 256
MAX_ATTEMPTS = 4
BACKOFF_BASE_S = 1.0
BACKOFF_FACTOR = 2.0
TRANSIENT = 0.03
THROTTLE_PER_S = 800.0
THROTTLE_BURST = 100.0
FILTERED = 0.04
RECEIPT_MEAN_S = 2.0
RECEIPT_LOSS = 0.05
DEADLINE_S = 60.0

Z95 = 1.6448536269514722  # the 95th percentile of the standard normal


class LogNormal:
    """A log-normal duration, given by its median and 95th percentile."""

    def __init__(self, median_s, p95_s):
        self.mu = math.log(median_s)
        self.sigma = math.log(p95_s / median_s) / Z95

    def sample(self, rng):
        return rng.lognormvariate(self.mu, self.sigma)


class TokenBucket:
    """A throttle that queues: who finds no token waits for the next, FIFO."""

    def __init__(self, env, rate_per_s, burst):
        self.env = env
        self.rate_per_s = rate_per_s
        self.burst = burst
        self.level = burst
        self.refilled_at = env.now

    def reserve(self):
        """Take one token and return how long to wait for it."""
        now = self.env.now
        refill = (now - self.refilled_at) * self.rate_per_s
        self.level = min(self.burst, self.level + refill) - 1.0
        self.refilled_at = now
        return max(0.0, -self.level / self.rate_per_s)


@dataclass
class Tally:
    requested: int = 0
    exhausted: int = 0
    filtered: int = 0
    delivered: int = 0
    on_time: int = 0
    observed: int = 0
    delivery_s_sum: float = 0.0


class Chain:
    def __init__(self, env, seed):
        self.env = env
        self.rng = random.Random(seed)
        self.workers = simpy.Resource(env, capacity=WORKERS)
        self.alpha = LogNormal(0.090, 0.450)
        self.beta = LogNormal(0.200, 0.600)
        self.northwind = TokenBucket(env, THROTTLE_PER_S, THROTTLE_BURST)
        self.acme = TokenBucket(env, THROTTLE_PER_S, THROTTLE_BURST)
        self.delivery = LogNormal(3.0, 9.0)
        self.tally = Tally()

    def traffic(self, messages):
        """Poisson requests, each the start of a message's process."""
        for _ in range(messages):
            yield self.env.timeout(self.rng.expovariate(REQUESTS_PER_S))
            self.env.process(self.message())

    def message(self):
        """A message from its request to its receipt."""
        env, rng, tally = self.env, self.rng, self.tally
        requested_at = env.now
        tally.requested += 1
        provider = self.alpha if rng.random() < 0.7 else self.beta
        throttle = self.northwind if rng.random() < 0.6 else self.acme

        yield env.timeout(rng.expovariate(1.0 / API_MEAN_S))

        for attempt in range(1, MAX_ATTEMPTS + 1):
            with self.workers.request() as worker:
                yield worker
                yield env.timeout(provider.sample(rng))
            if rng.random() >= TRANSIENT:
                break
            if attempt < MAX_ATTEMPTS:
                # The worker is free again while the retry waits.
                backoff_s = BACKOFF_BASE_S * BACKOFF_FACTOR ** (attempt - 1)
                yield env.timeout(rng.uniform(0.0, backoff_s))
        else:
            tally.exhausted += 1
            return

        wait_s = throttle.reserve()
        if wait_s > 0.0:
            yield env.timeout(wait_s)
        if rng.random() < FILTERED:
            tally.filtered += 1
            return

        yield env.timeout(self.delivery.sample(rng))
        latency_s = env.now - requested_at
        tally.delivered += 1
        tally.on_time += latency_s <= DEADLINE_S
        tally.delivery_s_sum += latency_s

        if rng.random() < RECEIPT_LOSS:
            return
        yield env.timeout(rng.expovariate(1.0 / RECEIPT_MEAN_S))
        tally.observed += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.messages < 1:
        parser.error("--messages must be at least 1")

    started = time.perf_counter()
    env = simpy.Environment()
    chain = Chain(env, args.seed)
    env.process(chain.traffic(args.messages))
    env.run()
    wall_s = time.perf_counter() - started

    tally = chain.tally
    ended = tally.exhausted + tally.filtered + tally.delivered
    assert tally.requested == ended == args.messages
    mean_s = tally.delivery_s_sum / max(1, tally.delivered)
    print(f"messages {tally.requested}")
    print(f"delivered {tally.delivered}")
    print(f"on_time {tally.on_time}")
    print(f"observed_delivered {tally.observed}")
    print(f"delivery_mean_s {mean_s:.6f}")
    print(f"messages_per_s {tally.requested / wall_s:.0f}")


if __name__ == "__main__":
    main()
