"""What `test_child` lets processes of their own do: they import it by name."""

import time


def double(numbers: dict[str, int]) -> dict[str, int]:
    return {name: 2 * number for name, number in numbers.items()}


def fails(reason: str) -> None:
    raise LookupError(reason)


def sleeps(seconds: float) -> None:
    time.sleep(seconds)
