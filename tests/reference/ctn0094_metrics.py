#!/usr/bin/env python3
"""Day metrics of the CTN-0094 tables, computed a second time and on purpose naively.

Nothing here shares code or method with the library: each metric is a loop over a Python list of
days, one value a day: True (use), False (no use) or None (not known). The tables hold no amounts, so
only metrics of use and no use are computed.

    ctn0094_metrics.py DATA_DIR rows OUT.csv        one row a person, substance, setting and metric
    ctn0094_metrics.py DATA_DIR aggregates OUT.csv  totals of large groups, with a fingerprint of the data

Standard library only.
"""
import csv
import gzip
import os
import sys
from statistics import median

SETTINGS = {
    # name: (table, window, what an absent day means, missing rule, gap)
    "tlfb_24_weeks": ("tlfb", "randomised", False, "exclude", 7),
    "tlfb_span_gap14": ("tlfb", "span", False, "exclude", 14),
    "all_drugs_24_weeks": ("all_drugs", "randomised", False, "exclude", 7),
    "all_drugs_unknown_exclude": ("all_drugs", "randomised", None, "exclude", 7),
    "all_drugs_unknown_worst": ("all_drugs", "randomised", None, "worst", 7),
    "all_drugs_unknown_best": ("all_drugs", "randomised", None, "best", 7),
    "all_drugs_unknown_locf": ("all_drugs", "randomised", None, "locf", 7),
}
WINDOW_DAYS = 168
FEWEST_PEOPLE = 300  # of an aggregate that is written down


def open_text(folder, name):
    plain = os.path.join(folder, name + ".csv")
    if os.path.exists(plain):
        return open(plain, newline="", encoding="utf-8")
    return gzip.open(plain + ".gz", "rt", newline="", encoding="utf-8")


def read_use(folder, name):
    """person -> substance -> set of days, persons and substances as text."""
    use = {}
    with open_text(folder, name) as f:
        for row in csv.DictReader(f):
            use.setdefault(row["who"], {}).setdefault(row["what"], set()).add(int(row["when"]))
    return use


def read_randomised(folder):
    start = {}
    with open_text(folder, "randomization") as f:
        for row in csv.DictReader(f):
            if row["which"] == "1" and row["when"] not in ("", "NA"):
                start[row["who"]] = int(row["when"])
    return start


def fill(days, rule):
    """The days as the missing rule sees them."""
    if rule == "exclude":
        return list(days)
    if rule == "worst":
        return [True if d is None else d for d in days]
    if rule == "best":
        return [False if d is None else d for d in days]
    out, last = [], None
    for d in days:
        if d is not None:
            last = d
        out.append(last if d is None else d)
    return out


def slope(y):
    s = [(y[j] - y[i]) / (j - i) for i in range(len(y)) for j in range(i + 1, len(y))]
    return median(s) if s else None


def episodes_of(days, gap):
    out, clean = [], 0
    for i, d in enumerate(days):
        if d is None:
            continue
        if not d:
            clean += 1
            continue
        if out and clean < gap:
            out[-1][1] = i
        else:
            out.append([i, i])
        clean = 0
    return out


def no_use(days):
    known = [d for d in days if d is not None]
    if not known:
        return None
    return 0 if any(known) else 1


def metrics(days, rule, gap):
    m = {}
    m["observed_percent"] = 100 * sum(d is not None for d in days) / len(days)
    seen = fill(days, rule)
    known = [d for d in seen if d is not None]
    if known:
        m["use_days"] = sum(known)
        m["abstinent_days"] = len(known) - sum(known)
        m["pda"] = 100 * (len(known) - sum(known)) / len(known)
        runs, run = [0], 0
        for d in seen:
            run = run + 1 if d is False else 0
            runs.append(run)
        m["longest_abstinent_run"] = max(runs)
        if seen[-1] is not None:
            m["current_abstinent_run"] = run
        ep = episodes_of(seen, gap)
        length = [b - a + 1 for a, b in ep]
        between = [ep[i][0] - ep[i - 1][1] - 1 for i in range(1, len(ep))]
        m["episodes"] = len(ep)
        m["longest_episode_days"] = max(length, default=0)
        m["episode_burden"] = sum(length) / len(days)
        if length:
            m["mean_episode_days"] = sum(length) / len(length)
        if between:
            m["mean_interval_days"] = sum(between) / len(between)
        if len(length) >= 3:
            m["duration_trend"] = slope(length)
            m["interval_trend"] = slope(between)
    clean = 0
    for i, d in enumerate(seen):
        if d is False:
            clean += 1
        elif d is True:
            m.setdefault("first_use", i)
            if clean >= 1:
                m.setdefault("days_to_lapse", i)
            clean = 0
    for name, part, fits in (
        ("continuous_abstinence", seen, True),
        ("prolonged_abstinence", seen[14:], len(seen) > 14),
        ("point_prevalence_7", seen[-7:], len(seen) >= 7),
        ("point_prevalence_30", seen[-30:], len(seen) >= 30),
    ):
        value = no_use(part) if fits else None
        if value is not None:
            m[name] = value
    return m


def all_rows(folder):
    tables = {t: read_use(folder, t) for t in {s[0] for s in SETTINGS.values()}}
    randomised = read_randomised(folder)
    for setting, (table, window, absent, rule, gap) in SETTINGS.items():
        for person, by_substance in tables[table].items():
            if window == "randomised":
                if person not in randomised:
                    continue
                first, last = randomised[person], randomised[person] + WINDOW_DAYS - 1
            else:
                every = set().union(*by_substance.values())
                first, last = min(every), max(every)
            for substance, use in by_substance.items():
                days = [True if d in use else absent for d in range(first, last + 1)]
                for metric, value in metrics(days, rule, gap).items():
                    yield setting, person, substance, metric, value


def fingerprint(folder):
    """FNV-1a, 64 bits, of the uncompressed tables, in the order of their names."""
    h = 14695981039346656037
    for name in ("all_drugs", "randomization", "tlfb"):
        with open_text(folder, name) as f:
            for byte in f.read().encode():
                h = ((h ^ byte) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return f"{h:016x}"


def main():
    folder, what, target = sys.argv[1:4]
    with open(target, "w", newline="", encoding="utf-8") as f:
        if what == "rows":
            f.write("setting,person,substance,metric,value\n")
            for setting, person, substance, metric, value in all_rows(folder):
                f.write(f"{setting},{person},{substance},{metric},{float(value)!r}\n")
            return
        totals = {}
        for setting, _, substance, metric, value in all_rows(folder):
            t = totals.setdefault((setting, substance, metric), [0, 0.0])
            t[0] += 1
            t[1] += value
        f.write(f"# fingerprint of the tables {fingerprint(folder)}\n")
        f.write("setting,substance,metric,n,sum\n")
        for (setting, substance, metric), (n, total) in sorted(totals.items()):
            if n < FEWEST_PEOPLE:
                continue
            f.write(f"{setting},{substance},{metric},{n},{total!r}\n")


if __name__ == "__main__":
    main()
