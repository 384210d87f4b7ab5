"""What stands in the sections of the index and of money."""

from collections.abc import Mapping
from statistics import fmean

from scipy import stats

from tests.bot.reports.recomputed.everything import FACTS
from tests.bot.reports.recomputed.formulas import Part, combined, held, wilson
from tests.bot.reports.recomputed.rows import BEFORE, INDICES, NOW, Company, Paths


def _scores(company: Company, month: str, spent: float) -> dict[str, Part]:
    """What enters the index, each with a seventh of the weight."""
    facts = {
        "departed_customers": 100 * (1 - FACTS["customers_lost"] / FACTS["customers_start"]),
        "cost_per_loyal_customer": 100 * spent / (spent + _cost(company, month)),
        "sales_process": fmean([50.0, 100 * FACTS["deals_won"] / FACTS["deals"]]),
    }
    parts = {key: Part(1 / 7, company.index(key, month), company.points(key)) for key in INDICES}
    return parts | {key: Part(1 / 7, score) for key, score in facts.items()}


def _cost(company: Company, month: str) -> float:
    scores = list(company.nps(month).values())
    return _spent() / (FACTS["customers_start"] * sum(one >= 9 for one in scores) / len(scores))


def _spent() -> int:
    keys = ("marketing", "retention", "loyalty_programme", "crm_running")
    return sum(FACTS[key] for key in keys)


def index(company: Company) -> Paths:
    baseline = _cost(company, BEFORE)
    now, before = (_scores(company, month, baseline) for month in (NOW, BEFORE))
    pairs = [("loyalty_index", "service_quality"), ("automation", "customer_accounting")]
    raw, center, error, df = combined(now, pairs, 1)
    reach = float(stats.t.ppf(0.975, df)) * error
    low, high = held(center - reach, center + reach, (0, 100), raw)
    path = "/effectiveness/index"
    numbers = {"index": raw, "equal_weights": raw, "low": low, "high": high, "level": 0.95}
    for name, number in numbers.items():
        yield f"{path}/{name}", number
    plain = {key: _plain(part) for key, part in now.items()}
    for key, score in plain.items():
        yield f"{path}/weights/{key}", 1 / 7
        yield f"{path}/without/{key}", (sum(plain.values()) - score) / 6
    waves = {f"after {key}": part for key, part in now.items()}
    waves |= {f"before {key}": part._replace(weight=-part.weight) for key, part in before.items()}
    shared = [(f"{when} {a}", f"{when} {b}") for a, b in pairs for when in ("before", "after")]
    shared += [(f"before {key}", f"after {key}") for key in INDICES]
    raw, center, error, df = combined(waves, shared, 0.5)
    reach = float(stats.t.ppf(0.975, df)) * error
    low, high = held(center - reach, center + reach, (-100, 100), raw)
    for name, number in {"value": raw, "low": low, "high": high}.items():
        yield f"/effectiveness/change/{name}", number
    yield from _others(company, plain)


def _plain(part: Part) -> float:
    return part.scores if isinstance(part.scores, float) else fmean(part.scores.values())


def _others(company: Company, scores: Mapping[str, float]) -> Paths:
    """The criteria that facts give."""
    shown = list(company.nps(NOW).values())
    active, path = FACTS["customers_start"], "/scorecard/others"
    _, (least, most) = wilson(sum(score >= 9 for score in shown), len(shown))
    found: dict[str, dict[str, float]] = {
        "departed_customers": {"value": FACTS["customers_lost"], "n": active},
        "cost_per_loyal_customer": {
            "value": _cost(company, NOW),
            "low": _spent() / (active * most / 100),
            "high": _spent() / (active * least / 100),
            "n": 0,
        },
        "sales_process": {"value": scores["sales_process"], "n": 0},
    }
    for place, row in enumerate(company.document["scorecard"]["others"]):
        for name, number in found[row["key"]].items():
            yield f"{path}/{place}/{name}", number
        yield f"{path}/{place}/score", scores[row["key"]]


def money(company: Company) -> Paths:
    told = {key: float(number) for key, number in FACTS.items()}
    costs = told["fixed_costs"] + told["variable_costs"]
    before, now = told["revenue"] - costs, told["revenue"] + 90_000 - costs
    crm = told["crm_investment"] + told["crm_running"]
    start, lost = told["customers_start"], told["customers_lost"]
    margin = (told["revenue"] + 90_000 - told["variable_costs"]) / start
    kept, acquisition = 1 - lost / start, told["marketing"] / told["customers_new"]
    found = {
        "profit": now,
        "profit_before": before,
        "profit_effect": now - before,
        "roi": (now - before - crm) / crm,
        "retention_cost": told["retention"] / (start - lost),
        "lifetime_value": margin * kept / (1 + 0.01 - kept) - acquisition,
        "acquisition_cost": acquisition,
        "deal_days": told["deal_days"],
        "win_rate": 100 * told["deals_won"] / told["deals"],
    }
    for place, row in enumerate(company.document["money"]["figures"]):
        yield f"/money/figures/{place}/value", found[row["key"]]
    for place, share in enumerate((1, 0.5, 0.25)):
        months = 2 * told["crm_investment"] / (share * (now - before) - told["crm_running"])
        yield f"/money/payback/{place}/share", share
        yield f"/money/payback/{place}/months", months
    shown = list(company.nps(NOW).values())
    share, (least, most) = wilson(sum(score >= 9 for score in shown), len(shown))
    loyal = {"value": share, "low": least, "high": most, "n": len(shown)}
    for name, number in loyal.items():
        yield f"/money/loyal/share/{name}", number
