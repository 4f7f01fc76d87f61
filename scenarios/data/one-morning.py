#!/usr/bin/env python3
"""Writes one-morning.csv: a made-up delivery log of one morning, 07:00 to 12:00.

Nothing in it was measured and nobody in it exists. Needs Python 3 alone and writes the same
bytes every time:

    python3 one-morning.py > one-morning.csv

Three senders share the morning:
  12345     a bank's login codes: half-hourly rates that rise from 07:00, peak at 09:00 and ebb;
            now and then someone asks for code after code within minutes
  PARCELS   a courier's notices: most leave with the vans between 08:00 and 09:30
  CLINIC    reminders, one batch of 900 at 09:30, evenly over three minutes
"""

import math
import sys

MASK = (1 << 64) - 1


class Chance:
    """SplitMix64: 64-bit words from a counter, the same on every machine."""

    def __init__(self, seed):
        self.state = seed

    def word(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self):
        return ((self.word() >> 11) + 0.5) / (1 << 53)

    def among(self, n):
        return (self.word() * n) >> 64

    def gap(self, rate):
        return -math.log(self.uniform()) / rate


def arrivals(chance, per_half_hour):
    """Poisson arrivals, the rate constant within each half-hour."""
    times = []
    for index, expected in enumerate(per_half_hour):
        start, end, rate = 1800.0 * index, 1800.0 * (index + 1), expected / 1800.0
        time = start + chance.gap(rate)
        while time < end:
            times.append(time)
            time += chance.gap(rate)
    return times


def carrier(person):
    """A person stays with one carrier: 5 of 10, 3 of 10, 2 of 10."""
    digit = person * 7 % 10
    return "northwind" if digit < 5 else "acme" if digit < 8 else "globex"


def main():
    chance = Chance(20)
    rows = []

    def row(time, sender, person, chars, ucs2, spam, deadline):
        rows.append((round(time, 3), sender, carrier(person), chars, ucs2, spam, deadline, person))

    for time in arrivals(chance, [60, 110, 170, 230, 260, 220, 180, 160, 140, 130]):
        # Some customers log in more often: a power of a uniform leans towards them.
        person = 1 + int(1200 * chance.uniform() ** 1.5)
        ucs2 = chance.uniform() < 0.02
        tries = 8 if chance.uniform() < 0.008 else 1
        for _ in range(tries):
            row(time, "12345", person, 62 + chance.among(13), ucs2, 0.02, 60)
            time += 15.0 + 30.0 * chance.uniform()

    for time in arrivals(chance, [20, 90, 320, 280, 210, 90, 60, 50, 40, 40]):
        person = 1 + chance.among(4000)
        # Notices carry a link, and some carriers dislike links.
        spam = round(0.15 + 0.5 * chance.uniform() ** 2, 3)
        chars = 110 + chance.among(75)
        row(time, "PARCELS", person, chars, chance.uniform() < 0.01, spam, 900)

    for index in range(900):
        person = 1 + chance.among(4000)
        name_needs_ucs2 = chance.uniform() < 0.08
        row(9000.0 + index * 0.2, "CLINIC", person, 96 + chance.among(30), name_needs_ucs2, 0.05, 600)

    rows.sort()
    out = sys.stdout
    out.write("time_s,sender,carrier,chars,ucs2,spam_score,deadline_s,recipient\n")
    for time, sender, at, chars, ucs2, spam, deadline, person in rows:
        flag = "true" if ucs2 else "false"
        out.write(f"{time:.3f},{sender},{at},{chars},{flag},{spam},{deadline},person-{person:04}\n")


main()
