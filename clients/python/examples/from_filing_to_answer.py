"""A portal files an appeal, the staff answer it: the whole way in the sandbox, with three keys from the environment.

HUB_URL, HUB_PORTAL_KEY (acts as a resident), HUB_INSPECTOR_KEY, HUB_EXECUTOR_KEY
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

from halyq_uni import Refused, answer, connect, every, new_key
from halyq_uni.generated.api.appeals import file_appeal, list_appeals, read_appeal, read_story
from halyq_uni.generated.api.cases import claim_case, discard_draft, read_case, route_case, send_reply
from halyq_uni.generated.api.events import list_changes
from halyq_uni.generated.models import (
    AnswerLanguageEnum,
    ApplicantRequest,
    FilingRequest,
    OutcomeEnum,
    RouteRequest,
    SendRequest,
)

URL = os.environ["HUB_URL"]
TEXT = "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ, құбыр жарылған."
REPLY = SendRequest(
    text="Бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді.",
    outcome=OutcomeEnum.SATISFIED,
    measures="Құбыр ауыстырылды",
    done_by="Су арнасы",
    language=AnswerLanguageEnum.KK,
    ground="Өтініш иесімен телефон арқылы келісілді",
)


def main() -> None:
    portal = connect(URL, os.environ["HUB_PORTAL_KEY"])
    inspector = connect(URL, os.environ["HUB_INSPECTOR_KEY"])
    executor = connect(URL, os.environ["HUB_EXECUTOR_KEY"])
    key = new_key()
    body = FilingRequest(text=TEXT, applicant=ApplicantRequest(phone="+7 701 000 00 00"))
    filed = answer(file_appeal.sync_detailed(client=portal, idempotency_key=key, body=body))
    again = answer(file_appeal.sync_detailed(client=portal, idempotency_key=key, body=body))
    number = filed.number
    version = read_case.sync_detailed(number, client=inspector).headers["ETag"]
    route = RouteRequest(department="water-supply", reason="Құбыр желісі осы бөлімде")
    answer(route_case.sync_detailed(number, client=inspector, if_match=version, idempotency_key=new_key(), body=route))
    answer(claim_case.sync_detailed(number, client=executor, idempotency_key=new_key()))
    answer(discard_draft.sync_detailed(number, client=executor, draft_version=0))  # what somebody had begun to write
    answer(send_reply.sync_detailed(number, client=executor, if_match="*", idempotency_key=new_key(), body=REPLY))
    told = {
        "number": number,
        "same": again.number == number,
        "listed": [
            row.number for row in every(lambda at: answer(list_appeals.sync_detailed(client=portal, cursor=at)))
        ],
        "status": answer(read_appeal.sync_detailed(number, client=portal)).status,
        "reply": answer(read_story.sync_detailed(number, client=portal)).replies[0].text,
        "changes": [row.type_.value for row in answer(list_changes.sync_detailed(client=portal)).results],
        "refused": refused(lambda: answer(read_appeal.sync_detailed("TRK-26-9999999-9", client=portal))),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


def refused(step: Callable[[], object]) -> str:
    try:
        step()
    except Refused as error:
        return error.code
    return ""


if __name__ == "__main__":
    main()
