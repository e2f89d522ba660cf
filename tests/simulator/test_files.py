"""Files: uploads as multipart, file_ids, downloads."""

import pytest
from aiohttp import FormData

from bot.simulator.files import LARGEST_DOWNLOAD
from bot.simulator.world import Phone
from tests.simulator.conftest import TOKEN, Api


def upload(content: bytes, **fields: str) -> FormData:
    """Make a multipart form with a document."""
    form = FormData({"chat_id": "1001", **fields})
    form.add_field("document", content, filename="blad.pdf", content_type="application/pdf")
    return form


async def test_a_document_is_uploaded_and_downloaded(api: Api, phone: Phone) -> None:
    """The bytes that go in come out, and the phone shows name and size."""
    status, answer = await api.form("sendDocument", upload(b"%PDF-1.7", caption="Je blad"))
    document = answer["result"]["document"]
    assert (status, document["file_name"], document["mime_type"]) == (200, "blad.pdf", "application/pdf")
    assert phone.messages[-1]["document"] == {"file_name": "blad.pdf", "size": 8}
    assert phone.messages[-1]["text"] == "Je blad"
    file = await api.result("getFile", file_id=document["file_id"])
    assert (sorted(file), file["file_size"]) == (["file_id", "file_path", "file_size", "file_unique_id"], 8)
    address = f"{api.simulator.url}/file/bot{TOKEN}/{file['file_path']}"
    async with api.session.get(address) as response:
        assert (response.status, await response.read()) == (200, b"%PDF-1.7")


@pytest.mark.usefixtures("phone")
async def test_a_file_can_be_attached_under_another_name(api: Api) -> None:
    """attach://name points to a part of the form; a part that is missing is refused."""
    form = FormData({"chat_id": "1001", "document": "attach://part"})
    form.add_field("part", b"x", filename="x.txt")
    status, answer = await api.form("sendDocument", form)
    assert (status, answer["result"]["document"]["file_name"]) == (200, "x.txt")
    alone = FormData({"chat_id": "1001", "document": "attach://part"}, default_to_multipart=True)
    status, answer = await api.form("sendDocument", alone)
    assert (status, answer["description"]) == (400, "Bad Request: there is no document in the request")


@pytest.mark.usefixtures("phone")
async def test_a_document_can_be_sent_again_by_its_id(api: Api) -> None:
    """A file_id stands for the file."""
    _, answer = await api.form("sendDocument", upload(b"x"))
    file_id = answer["result"]["document"]["file_id"]
    again = await api.result("sendDocument", chat_id=1001, document=file_id)
    assert again["document"] == answer["result"]["document"]


async def test_a_document_that_is_not_there_is_refused(api: Api, phone: Phone) -> None:
    """No document, an empty one, an unknown id and too long a caption."""
    refusal = await api.refusal("sendDocument", chat_id=1001)
    assert refusal == (400, "Bad Request: there is no document in the request")
    status, answer = await api.form("sendDocument", upload(b""))
    assert (status, answer["description"]) == (400, "Bad Request: file must be non-empty")
    refusal = await api.refusal("sendDocument", chat_id=1001, document="BQAC")
    assert refusal == (400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    status, answer = await api.form("sendDocument", upload(b"x", caption="x" * 1025))
    assert (status, answer["description"]) == (400, "Bad Request: message caption is too long")
    assert len(phone.messages) == 1


async def test_a_persons_file_of_20_mb_can_be_fetched_and_no_larger(api: Api, phone: Phone) -> None:
    """getFile refuses what Telegram does not hand to bots."""
    phone.document("groot.bin", bytes(LARGEST_DOWNLOAD))
    phone.document("groter.bin", bytes(LARGEST_DOWNLOAD + 1))
    fits, too_big = [u["message"]["document"]["file_id"] for u in (await api.updates())[1:]]
    assert (await api.result("getFile", file_id=fits))["file_size"] == LARGEST_DOWNLOAD
    assert await api.refusal("getFile", file_id=too_big) == (400, "Bad Request: file is too big")


@pytest.mark.usefixtures("phone")
async def test_a_download_needs_the_token_and_the_path(api: Api) -> None:
    """Another token gets 401, another path 404."""
    async with api.session.get(f"{api.simulator.url}/file/bot1:other/documents/file_0") as response:
        assert response.status == 401
    async with api.session.get(f"{api.simulator.url}/file/bot{TOKEN}/documents/file_0") as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")


@pytest.mark.usefixtures("phone")
async def test_a_form_that_is_cut_off_is_refused(api: Api) -> None:
    """A multipart body without its parts is a bad request, not a crash."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with api.session.post(f"{api.root}/sendDocument", data=b"--y", headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: can't parse multipart/form-data"
