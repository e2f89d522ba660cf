import asyncio
from bot.telegram.pacing import Pace
from tests.telegram.conftest import *
from tests.telegram.test_sender import *
async def test_thirty(client, simulator, world, outbox):
    simulator.limits = limits = Limits(overall=30)
    simulator.faults = Faults([Fault(kind=FaultKind.DELAY, method="sendMessage", probability=1, seconds=0.03)])
    for chat in people(world, 300): outbox.put(parcel(chat))
    loop = asyncio.get_running_loop(); begin = loop.time()
    async with sending(client, outbox, Pace(rate=30)):
        async with asyncio.timeout(40):
            while len(outbox.sent) < 300: await asyncio.sleep(0.01)
    took = loop.time() - begin
    print("THIRTY", took, took/(299/30), limits.refused, limits.peak)
    assert limits.refused == 0
