"""`otklik weights`: the versions of the criteria's weights, and the experts who compare."""

from datetime import datetime

from bot.cli.facts import Json
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform
from surveys.counts.weights import Adopted


def weights(json: Json = False) -> None:
    """Show the experts' comparisons and the versions of the weights, the latest first."""
    result = perform("list_weights", {})
    if json:
        as_json(result)
        return
    from templates.criteria import weights_said
    from templates.wording import MEASURES, named

    texts = reader()
    for one in result["experts"]:
        ratio = one["consistency_ratio"]
        said = texts("{told} of {all}", told=one["answered"], all=one["of"])
        if ratio is not None:
            said += ", " + texts("consistency ratio {ratio}", ratio=texts.number(ratio, 2))
        say(f"{one['name']}: {said}")
    if not result["versions"]:
        say(weights_said(texts, None, "UTC"))
    for one in result["versions"]:
        at = datetime.fromisoformat(one.pop("adopted_at"))
        say(weights_said(texts, Adopted(adopted_at=at, **one), result["zone"]))
        for key, weight in one["weights"].items():
            say(f"  {named(texts, MEASURES, key)}: {texts.percent(weight, digits=1)}")
