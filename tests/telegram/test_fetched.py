"""An answer to getUpdates is taken apart without losing an update that has an id."""

import json
from typing import Any

import pytest

from bot.telegram.fetched import Fetched, chat_of, salvage, sort_out


def ids(fetched: Fetched) -> list[int]:
    return [update.id for update in fetched.updates]


def test_each_update_keeps_its_own_json() -> None:
    """What is stored reads back as what came, unknown fields and odd characters included."""
    updates = [
        {"update_id": 5, "message": {"text": "é👍\ud800\0", "new_field": [1.5, None]}},
        {"update_id": 6},
    ]
    fetched = sort_out(updates)
    assert [json.loads(update.raw) for update in fetched.updates] == updates
    assert ids(fetched) == [5, 6]


PRIVATE = {"id": 1001, "type": "private"}


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"message": {"chat": PRIVATE, "from": {"id": 5}}}, 1001),
        ({"edited_message": {"from": {"id": 5}, "chat": {"id": -100}}}, -100),
        ({"callback_query": {"id": "9", "from": {"id": 1001}, "message": {"chat": {"id": 7}}}}, 1001),
        ({"my_chat_member": {"chat": PRIVATE, "from": {"id": 5}}}, 1001),
        ({"poll": {"id": "1"}}, None),
        ({"message": {"chat": {"id": True}, "from": {"id": 2**63}}}, None),
        ({"message": {"chat": {"id": 10**4000}, "from": None}}, None),
        ({"message": [], "update_id": 1}, None),
        ([], None),
        (None, None),
    ],
)
def test_whose_update_it_is(update: Any, chat: int | None) -> None:
    """The chat it belongs to, for a press who pressed; whatever can't be read is nobody's."""
    assert chat_of(update) == chat


def test_updates_are_given_with_their_chat() -> None:
    """From a whole answer as from one that was cut off."""
    update = {"update_id": 5, "message": {"chat": PRIVATE}}
    cut_off = json.dumps({"ok": True, "result": [update, update]})[:-5].encode()
    assert [one.chat for one in sort_out([update]).updates + salvage(cut_off).updates] == [1001, 1001]


def test_what_has_no_id_is_counted() -> None:
    """Anything in the list that can't be stored by its id is left out and counted, the rest stays."""
    odd: list[object] = [
        None,
        7,
        "x",
        [],
        {},
        {"update_id": "8"},
        {"update_id": True},
        {"update_id": -1},
        {"update_id": 2**63},
    ]
    fetched = sort_out([*odd, {"update_id": 9}])
    assert (ids(fetched), fetched.nameless) == ([9], len(odd))


def test_an_answer_that_is_no_list_holds_nothing() -> None:
    """A result of another shape neither fails nor stores anything."""
    answers: list[object] = [{}, True, None, "[]"]
    assert [sort_out(answer) for answer in answers] == [Fetched(updates=[])] * 4


def test_whole_updates_are_saved_from_a_broken_answer() -> None:
    """Of an answer that was cut off, the updates before the cut are kept byte for byte."""
    first = b'{"update_id":11,"message":{"text":"a } \\" ] {","n":[[1],{}]}}'
    second = b'{"message":{"text":"\\"update_id\\":99"}, "update_id" : 12}'
    fetched = salvage(b'{"ok":true,"result":[' + first + b", " + second + b',{"update_id":13,"mess')
    assert [(update.id, update.raw) for update in fetched.updates] == [(11, first), (12, second)]


def test_an_update_too_deep_to_read_is_saved() -> None:
    """Nesting that no JSON reader takes does not keep the updates around it from being stored."""
    deep = b'{"update_id":21,"message":' + b'{"a":[' * 3000 + b"]}" * 3000 + b"}"
    fetched = salvage(b'{"ok":true,"result":[' + deep + b',{"update_id":22},{"no":"id"}]}')
    assert (ids(fetched), fetched.nameless) == ([21, 22], 1)
    assert fetched.updates[0].raw == deep


def test_other_pages_hold_no_updates() -> None:
    """An error page, or an answer without a result list, saves nothing."""
    pages = [
        b"",
        b"<html>{502}</html>",
        b'{"ok":true,"result":{"update_id":1}}',
        b'{"result":[',
        b'"result":[]]{}',
    ]
    assert [salvage(page) for page in pages] == [Fetched(updates=[])] * 5
