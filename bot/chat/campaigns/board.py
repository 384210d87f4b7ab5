"""The one message in which an admin watches a campaign: a bar, what was sent, a funnel."""

from datetime import datetime

from bot.operations.campaigns.control import Status
from bot.operations.campaigns.words import FATES, NAMED, WHEN, far, is_over, standing
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.asking.campaign_queue import Account
from storage.people.workspace import Workspace
from templates.texts import Texts

_LENGTH = 12


def board_screen(texts: Texts, status: Status, space: Workspace, now: datetime) -> Screen:
    """Return a campaign's state, with what can be done about it."""
    campaign = status.campaign
    closes_at = None if status.wave is None else status.wave.closes_at
    over = is_over(campaign.state, campaign.plan.when.how, closes_at, now)
    stands = texts(standing(campaign.state, over=over))
    begun = texts.moment(campaign.created_at, space.tzinfo)
    lines = [texts(NAMED, name=f"<b>{literal(campaign.name)}</b>", moment=begun, state=stands)]
    if campaign.plan.when.how in WHEN:
        lines.append(texts(WHEN[campaign.plan.when.how]))
    if campaign.next_due_at is not None:
        moment = texts.moment(campaign.next_due_at, space.tzinfo)
        lines.append(texts("Next wave: {moment}", moment=moment))
    if status.wave is not None and status.wave.stage == "deciding":
        lines.append(texts("Preparing the invitations…"))
    lines += _progress(texts, status.account, space)
    if status.funnel is not None:
        came = {"progress": status.funnel.as_dict(), "waves": status.waves}
        lines.append(far(texts, {**came, "when": campaign.plan.when.how}))
    return Screen("\n".join(lines), _buttons(texts, status))


def _progress(texts: Texts, account: Account, space: Workspace) -> list[str]:
    if not account.total:
        return []
    done = account.total - account.waiting - account.held - account.preparing
    filled = _LENGTH * done // account.total
    bar = "▓" * filled + "░" * (_LENGTH - filled)
    lines = [f"{bar} {texts.percent(done / account.total)}"]
    lines.append(texts("sent: {n}", n=texts.number(account.sent)))
    for name, text in FATES.items():
        if count := getattr(account, name):
            lines.append(texts(text, n=texts.number(count)))
    if account.waiting and account.next_at is not None:
        moment = texts.moment(account.next_at, space.tzinfo)
        lines.append(texts("the next at {moment}", moment=moment))
    return lines


def _buttons(texts: Texts, status: Status) -> Rows:
    campaign, number = status.campaign, str(status.campaign.id)
    rows: list[tuple[Button, ...]] = []
    state = campaign.state
    if state == "running":
        rows.append((Button(texts("Pause"), MenuTap("pause", (number,)).pack()),))
    elif state == "paused":
        rows.append((Button(texts("Resume"), MenuTap("resume", (number,)).pack()),))
    if state != "cancelled":
        rows.append(
            (Button(texts("Cancel the campaign"), MenuTap("ask_cancel", (number,)).pack()),)
        )
    rows.append((Button(texts("Refresh"), MenuTap("board", (number,)).pack()),))
    if status.wave is not None and state != "cancelled":
        links = MenuTap("wave_links", (str(status.wave.id),)).pack()
        rows.append((Button(texts("Links for those not in Telegram"), links),))
    if status.wave is not None and campaign.event is None:
        rows.append((Button(texts("Before and after"), MenuTap("compare", (number,)).pack()),))
    rows.append((Button(texts("‹ Menu"), MenuTap("leave_board").pack()),))
    return tuple(rows)
