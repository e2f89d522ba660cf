"""How often Python looks for what nothing refers to any more."""

from __future__ import annotations

import gc

_NEW = 50_000  # objects between two looks; 700 unless told: a batch of answers makes as many in passing


def look_less_often() -> None:
    """Leave what is there at the start out of it, and look through what comes after less often.

    Texts, question sets and modules stay for as long as the process; going through them again and again took
    a seventh of the time of an answer (docs/decisions, 23). `stagebot run` looks for nothing until then:
    what a start leaves behind is too little to measure, and looking for it took a tenth of the time to the
    first poll (docs/decisions, 24).
    """
    gc.freeze()
    gc.set_threshold(_NEW, 10, 10)
    gc.enable()
