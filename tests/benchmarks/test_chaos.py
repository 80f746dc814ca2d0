"""`kill -9` of a batch, its slots and its warm processes at random moments: nothing is lost, nothing is wrong."""

import pytest

from benchmarks.chaos import BATCH, SLOT, WARM, Damage, chaos, document
from benchmarks.small_class import WORKS


def _quietly(_):
    pass


def test_few_kills_do_no_harm():
    """A class that is graded under eight kills has the grades of an undisturbed run, and no process is left."""
    damage = chaos(8, seed=5, jobs=1, names=["right", "swapped", "raises", "slow"], share=0.4, say=_quietly)

    assert damage.harmless, damage
    assert damage.kills.total() >= 8


@pytest.mark.slow
def test_fifty_kills_do_no_harm():
    """The evidence of docs/chaos.md, once more and with other moments."""
    damage = chaos(50, seed=6, jobs=2, names=list(WORKS), say=_quietly)

    assert damage.harmless, damage
    assert set(damage.kills) == {BATCH, SLOT, WARM}


def test_document_has_the_numbers():
    """The table says what was counted."""
    damage = Damage(rounds=3, during_grading=9)
    damage.kills[BATCH] = 11

    text = document(damage, seed=1, jobs=2, works=4, minutes=2.4)

    assert "| SIGKILL sent to the batch | 11 |" in text
    assert "| times the class was graded to its end | 3 |" in text
