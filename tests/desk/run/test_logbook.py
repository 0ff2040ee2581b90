"""What a run says while it works: nothing in a library call, lines on the command line, a file where asked for."""

from __future__ import annotations

from enforce.desk.run.logbook import LOG, steps_shown, steps_so_far


def lines():
    LOG.info("读入")
    LOG.debug("第 1 格")


def test_a_library_call_says_nothing(capsys):
    lines()
    assert capsys.readouterr() == ("", "")
    assert steps_so_far() == ""


def test_the_command_line_shows_the_steps_and_keeps_none(capsys):
    with steps_shown():
        lines()
        assert steps_so_far() == ""
    lines()
    assert capsys.readouterr() == ("", "读入\n")


def test_with_every_step_asked_for_they_are_kept_with_their_times(capsys):
    with steps_shown(every=True):
        lines()
        first, second = steps_so_far().splitlines()
    assert capsys.readouterr().err == "读入\n第 1 格\n"
    assert first.endswith(" 读入")
    assert second[:2] == "20"
    assert steps_so_far() == ""
