"""Progress, stopping, and other threads."""

import os
import signal
import threading
import time

import pytest

import reident
from reident import _progress


@pytest.fixture(scope="module")
def large():
    """Tables on which a run takes several seconds."""
    return _tables(30_000)


def _tables(rows):
    import random

    draw = random.Random(1)
    make = lambda: {  # noqa: E731
        **{f"n{at}": [draw.random() for _ in range(rows)] for at in range(6)},
        **{f"c{at}": [str(draw.randint(0, 40)) for _ in range(rows)] for at in range(6)},
    }
    from reident import _core

    return [_core.table_of_lists(list(make().items()), name) for name in ("original", "anonymized", "control")]


def test_progress(demo):
    steps = []
    reident.evaluate(*demo[:3], only=["linkability"], progress=steps.append, warnings=False)
    assert steps and steps[-1].done == steps[-1].total and steps[-1].attacker == steps[-1].attackers
    assert {step.name for step in steps} == {"linkability"}


def test_a_bar_begins_anew_with_each_step():
    class Bar:
        total = 0

        def __init__(self):
            self.steps = []

        def reset(self, total):
            self.steps.append([total, 0])

        def update(self, done):
            self.steps[-1][1] += done

        def set_description(self, text):
            self.text = text

    bar = Bar()
    with _progress.told(bar) as tell:
        for attacker, done, total in ((1, 4, 9), (1, 9, 9), (1, 3, 9), (1, 9, 9), (1, 2, 2), (2, 5, 5)):
            tell("linkability", attacker, 2, done, total)
    assert bar.steps == [[9, 9], [9, 9], [2, 2], [5, 5]]
    assert bar.text == "[2/2] linkability"


def test_a_callback_that_raises_ends_the_run(large):
    class Enough(Exception):
        pass

    def stop(step):
        raise Enough

    started = time.monotonic()
    with pytest.raises(Enough):
        reident.evaluate(*large, progress=stop, warnings=False)
    assert time.monotonic() - started < 20


def test_a_token_stops_a_run(large):
    token = reident.CancelToken()
    threading.Timer(0.5, token.cancel).start()
    with pytest.raises(reident.Cancelled):
        reident.evaluate(*large, cancel=token, warnings=False)
    assert token.cancelled


def test_ctrl_c_within_a_fifth_of_a_second(large):
    sent = []

    def send():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(1.0, send).start()
    with pytest.raises(KeyboardInterrupt):
        reident.evaluate(*large, warnings=False)
    assert time.monotonic() - sent[0] < 0.3  # a fifth of a second, and what a busy machine takes to tell it
    time.sleep(0.3)


def test_other_threads_go_on(large):
    counted = [0]
    stop = threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    time.sleep(0.3)
    alone, counted[0] = counted[0], 0
    token = reident.CancelToken()
    threading.Timer(0.3, token.cancel).start()
    with pytest.raises(reident.Cancelled):
        reident.evaluate(*large, cancel=token, warnings=False)
    stop.set()
    thread.join()
    assert counted[0] > alone / 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_evaluates_after_a_run(demo):
    reident.evaluate(*demo[:3], only=["linkability"], warnings=False)
    child = os.fork()
    if child == 0:
        try:
            reident.evaluate(*demo[:3], only=["linkability"], warnings=False)
            os._exit(0)
        except BaseException:
            os._exit(1)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the child hangs")
