"""Jobs shared out among processes: answers in order, the same however many there are, and none is begun for nothing."""

from __future__ import annotations

from contextlib import closing

import pytest

from enforce.desk.processors import part_size, processors

_GIVEN: list[int] = []


def take(number: int) -> None:
    """What each process is given first."""
    _GIVEN[:] = [number]


def times(job: int) -> int:
    return job * _GIVEN[0]


def each_of(jobs: range, workers: int):
    with processors(workers, len(jobs), take, 3) as each:
        yield from each(times, jobs)


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_answers_come_in_order_the_same_for_any_number_of_processes(workers):
    assert list(each_of(range(23), workers)) == list(range(0, 69, 3))


@pytest.mark.parametrize(("jobs", "workers"), [(0, 1), (1, 8), (16, 2), (1000, 2), (1001, 3)])
def test_every_job_is_in_a_part_and_no_process_has_more_than_its_parts(jobs, workers):
    assert part_size(jobs, workers) >= 1
    assert part_size(jobs, workers) * 5 * workers >= jobs


def test_who_leaves_early_waits_for_no_job_not_begun():
    with closing(each_of(range(10**6), 2)) as answers:
        assert next(answers) == 0
