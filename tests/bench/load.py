"""The load: people who write in turn, each over one kept connection, from a process of its own.

Requests are made before and written as they are, by streams rather than an HTTP client: so the load costs a tenth of what
is measured, and never is the bottleneck.
"""

import asyncio
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """What is sent; `at`: not before so many seconds after the start. What is late counts from then."""

    kind: str
    content: bytes
    at: float = 0


@dataclass(frozen=True)
class Answered:
    """A request that was answered: how many seconds after it was to be sent, and with what."""

    kind: str
    seconds: float
    status: int
    body: bytes


@dataclass(frozen=True)
class Load:
    """All that was answered, by person, and how long it took altogether."""

    answers: list[list[Answered]]
    seconds: float

    @property
    def all(self) -> list[Answered]:
        return [answer for line in self.answers for answer in line]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.all) / self.seconds


def send(port: int, lines: Sequence[Sequence[Request]], seconds: float = 3600) -> Load:
    """Sends each person's requests one after the other, all people at once; starts none after `seconds`."""
    command = [sys.executable, "-c", "from tests.bench.load import work; work()"]
    worked = subprocess.run(command, input=pickle.dumps((port, lines, seconds)), stdout=subprocess.PIPE, check=True)
    load: Load = pickle.loads(worked.stdout)
    bad = [answer for answer in load.all if answer.status != 200]
    assert not bad, bad[0]
    return load


def work() -> None:
    """What the process of the load does."""
    sys.stdout.buffer.write(pickle.dumps(asyncio.run(_all(*pickle.load(sys.stdin.buffer)))))


async def _all(port: int, lines: Sequence[Sequence[Request]], seconds: float) -> Load:
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in lines]
    start = time.perf_counter()
    talks = (_talk(*connection, line, start, seconds) for connection, line in zip(connections, lines))
    answers = await asyncio.gather(*talks)
    load = Load(list(answers), time.perf_counter() - start)
    for _, writer in connections:
        writer.close()
    return load


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Sequence[Request], start: float, seconds: float
) -> list[Answered]:
    answers = []
    for request in line:
        if request.at:
            await asyncio.sleep(start + request.at - time.perf_counter())
        sent = time.perf_counter()
        if sent - start > seconds:
            break
        writer.write(request.content)
        status, body = await _read(reader)
        due = start + request.at if request.at else sent
        answers.append(Answered(request.kind, time.perf_counter() - due, status, body))
    return answers


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    length = next(int(line[15:]) for line in head if line.lower().startswith(b"content-length:"))
    return int(head[0].split()[1]), await reader.readexactly(length)
