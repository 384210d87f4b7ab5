"""A company with every kind of question, an anonymous survey, a case, and words of one's choice."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from storage.answering import heaps, past
from storage.answering.past import PastAnswer
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.cases import cases
from storage.database import Transaction
from storage.people import people, workspace
from storage.people.workspace import Workspace
from storage.tables.surveys import decisions, invitations, remarks
from surveys.counts.anonymity import Part
from surveys.messages import Language
from surveys.survey import answers as codec
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey

ASKED = datetime(2026, 8, 31, 20, 30, tzinfo=UTC)
"""Half an hour before midnight in Moscow."""
ENDS = 'low_label: {ru: нет, en: "no"}\n    high_label: {ru: да, en: "yes"}'
FULL = f"""
key: full
title: {{ru: Обо всём, en: Everything}}
audience: customers
kind: relationship
period_days: 30
minutes: 1
questions:
  - key: nps
    kind: nps
    measures: nps
    text: {{ru: Порекомендуете ли Вы нас, en: Would you recommend us}}
    {ENDS}
  - key: effort
    kind: scale
    reverse: true
    text: {{ru: Было трудно, en: It was hard}}
    {ENDS}
  - key: waited
    kind: number
    max: 10
    step: 0.5
    unit: {{ru: дней, en: days}}
    text: {{ru: Сколько ждали, en: How long did you wait}}
  - key: again
    kind: yes_no
    text: {{ru: Придёте снова, en: Will you come again}}
  - key: channel
    kind: choice
    text: {{ru: Где купили, en: Where did you buy}}
    options:
      - {{key: shop, text: {{ru: В магазине, en: In a shop}}}}
      - {{key: web, text: {{ru: На сайте, en: Online}}}}
  - key: liked
    kind: choices
    text: {{ru: Что понравилось, en: What did you like}}
    options:
      - {{key: price, text: {{ru: Цена, en: Price}}}}
      - {{key: taste, text: {{ru: Вкус, en: Taste}}}}
  - key: why
    kind: text
    optional: true
    text: {{ru: 'Почему «{{company}}»', en: 'Why {{company}}'}}
thanks:
  default: {{ru: Спасибо, en: Thank you}}
"""
SECRET = f"""
key: secret
title: {{ru: Тайный, en: Secret}}
audience: customers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
questions:
  - key: nps
    kind: nps
    measures: nps
    text: {{ru: Порекомендуете ли Вы нас, en: Would you recommend us}}
    {ENDS}
  - key: fair
    kind: scale
    optional: true
    text: {{ru: Честно ли, en: Is it fair}}
    {ENDS}
  - key: words
    kind: text
    optional: true
    text: {{ru: Почему, en: Why}}
thanks:
  default: {{ru: Спасибо, en: Thank you}}
"""
GIVEN: Sequence[Any] = (9, 2, "1.5", True, "web", ["price", "taste"])


async def found(tx: Transaction, words: Sequence[str], language: Language = "ru") -> None:
    """Found a company in which everything that can be typed is one of these words, in turn."""
    await workspace.save(tx, Workspace(company=words[0], language=language, zone="Europe/Moscow"))
    survey = parse_survey(FULL)
    definition = await definitions.save(tx, survey, ASKED)
    campaign = await campaigns.create(tx, CampaignDraft(definition, words[0], 14), None, ASKED)
    wave = await campaigns.start_wave(tx, campaign.id, "1", ASKED, ASKED)
    manager = await people.add(tx, ASKED, name=words[0], external_id="M1", is_manager=True)
    given = {}
    for number, word in enumerate(words):
        known = {"цвет": word, word[:60]: "да"}
        person = await people.add(
            tx,
            ASKED,
            name=word[:500],
            external_id=f"C{number}",
            segment=word[:100],
            manager_id=manager.id,
            attributes=json.dumps(known, ensure_ascii=False),
            is_customer=True,
        )
        given[person.id] = _given(survey, word, ASKED + timedelta(minutes=number))
    await past.record(tx, wave, definition, "invitation", given)
    await _say(tx, words)


def _given(survey: Survey, word: str, at: datetime) -> list[PastAnswer]:
    read = (
        codec.from_json(q, json.dumps(v) if not isinstance(v, str) or q.kind == "choice" else v)
        for q, v in zip(survey.questions, GIVEN, strict=False)
    )
    told = [*read, word]
    return [
        PastAnswer(question.key, codec.to_json(value), codec.score(question, value), at)
        for question, value in zip(survey.questions, told, strict=True)
    ]


async def _say(tx: Transaction, words: Sequence[str]) -> None:
    """Add a voice and words beyond the answers, a case with a note, and somebody not asked."""
    rows = await tx.all(select(invitations).order_by(invitations.c.id))
    for row, word in zip(rows, words, strict=True):
        about = {"person_id": row["person_id"], "invitation_id": row["id"], "message": row["id"]}
        for kind in ("voice", "words"):
            said = {"kind": kind, "text": word, "forwarded": False, "said_at": ASKED}
            await tx.run(insert(remarks).values(**about, **said))
        new = cases.New(row["id"], row["person_id"], None, None, "nps", 3, ASKED)
        case = await cases.open_one(tx, new, ASKED)
        assert case is not None
        await cases.record(tx, case, "note", None, ASKED, word)
    refused = {"wave_id": rows[0]["wave_id"], "decided_at": ASKED, "reason": "opted_out"}
    someone = await people.add(tx, ASKED, name=words[0][:500], is_customer=True)
    await tx.run(insert(decisions).values(**refused, person_id=someone.id))


async def whisper(tx: Transaction, *sheets: Part) -> None:
    """Let anonymous sheets be finished."""
    definition = await definitions.save(tx, parse_survey(SECRET), ASKED)
    for sheet in sheets:
        await heaps.add(tx, definition, sheet)


def sheet(group: str | None, /, **scores: int) -> Part:
    """Return a finished anonymous sheet."""
    return Part(
        "2026-08", group, {key: (str(score), float(score)) for key, score in scores.items()}
    )
