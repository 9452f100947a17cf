"""The desk's HTTP side, its demo, and the command lines around them; they are only read and assembled here.

`python bot.py --help` lists the commands. click reads them, since RQ brings it anyway.
"""

import asyncio
import errno
import io
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

import click
from aiohttp import web

from automations.rules import load_rules
from bot.app import build_app
from bot.rehearsal import rehearse
from connectors import kuaidi100
from connectors.files import commands
from language.answers import Answers
from language.tables import tables_of
from notifiers.checks import check_groups, check_platforms, check_quota
from orders import approval_rules, verifying
from pages.routes import add_routes
from store.checks import Finding, check_configuration, check_database, check_redis
from store.clock import SystemClock
from store.embedded import leave, redis_url
from store.processes import Child
from store.queues import connect
from store.settings import Settings
from store.transaction import Store
from templates.check import problems
from templates.render import card_names
from worker import Desk, open_desk, ready_database, ready_settings, run, work_children

_GRACE_SECONDS = 5.0
_WAITING_CALLERS = 512
_PAGE_SECONDS = 20.0


@click.group(help="跟单：住在公司聊天里的订单台。", context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The commands."""


@main.command(help="HTTP 服务：聊天回调、快递推送、网页。")
def serve() -> None:
    """Runs until SIGTERM or SIGINT."""
    settings = ready_settings()
    listening = _listen(settings)
    desk = open_desk(settings)
    run(desk, [_server(_app(desk), listening)])


@main.command(help="演示：服务、后台和模拟平台一次启动，带样例数据。")
def demo() -> None:
    """Runs until SIGTERM or SIGINT."""
    from sandbox import server
    from sandbox.firm import load_sample_firm
    from sandbox.settings import demo_settings

    base = ready_settings()
    listening = _listen(base)
    sandbox_port = _free_port(base)
    desk = open_desk(demo_settings(base, sandbox_port))
    load_sample_firm(desk.store)
    app = _app(desk)
    _lead_to_sandbox(app, desk.settings, sandbox_port)
    run(desk, [Child("sandbox", partial(server.serve, desk.settings)), _server(app, listening), *work_children(desk, 1)])


@main.command(help="检查配置、数据库、Redis、平台凭证、群、规则和卡片，每项一行；有一项不对就以 1 退出。")
def check() -> None:
    """Shows no secrets."""
    settings = ready_settings()
    sound = True
    try:
        for finding in _findings(settings):
            click.echo(str(finding))
            sound &= finding.ok is not False
    finally:
        leave(settings)
    raise SystemExit(0 if sound else 1)


@main.command("import", help="导入主数据（CSV 或 Excel）：要么全部，要么一行也不导入。")
@click.argument("kind")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不导入。")
def import_(kind: str, files: tuple[Path, ...], dry_run: bool) -> None:
    """Needs the database only."""
    _answer(commands.import_command(_store(), kind, files, dry_run))


@main.command(help="导出主数据到 CSV 或 Excel 文件。")
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(kind: str, file: Path) -> None:
    """Needs the database only."""
    _answer(commands.export_command(_store(), kind, file))


@main.command("read", help="读消息：从标准输入逐行读 JSON（id、text，可有 context），把读懂的写到标准输出。")
@click.option("--products", required=True, type=click.File(encoding="utf-8"), help="产品和词表（JSON）。")
@click.option("--customers", required=True, type=click.File(encoding="utf-8"), help="客户（JSON）。")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="基准日，相对日期由它算起；默认今天。")
def read_(products: IO[str], customers: IO[str], today: datetime | None) -> None:
    """Needs neither database nor Redis."""
    answers = Answers(tables_of(json.load(products), json.load(customers)))
    day = today.date() if today else datetime.now(UTC).astimezone().date()
    for line in filter(str.strip, io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")):
        click.echo(json.dumps(answers.of(json.loads(line), day), ensure_ascii=False))


@main.command(help="把数据库升级到这个版本。")
def migrate() -> None:
    """Needs the database only."""
    _answer(commands.migrate_command(ready_settings()))


@main.command(help="核对每个订单的事件、快照、沟通纪要、审批是否被改动过；给了文件就核对审批存证（PDF）。有问题就以 1 退出。")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(files: tuple[Path, ...]) -> None:
    """Needs the database only."""
    from orders import evidence  # takes half a second, which the other commands need not wait

    with _store().reading() as tx:
        if files:
            found = [(file, *evidence.verify_pdf(tx, file.read_bytes())) for file in files]
            _answer(("\n".join(f"{file}：{said}" for file, _, said in found), int(not all(good for _, good, _ in found))))
        broken = [str(one) for one in verifying.verify(tx)]
    _answer(("\n".join(broken), 1) if broken else ("全部记录完好，没有改动过", 0))


def _answer(answer: commands.Answer) -> None:
    text, code = answer
    click.echo(text)
    raise SystemExit(code)


def _store() -> Store:
    settings = ready_settings()
    ready_database(settings)
    return Store(settings, SystemClock())


def _app(desk: Desk) -> web.Application:
    try:
        app = build_app(desk.store)
    except ValueError as error:
        raise click.ClickException(f"平台配置有误：{error}") from error
    rehearse(desk.store)
    add_routes(app, desk.store, desk.redis)
    kuaidi100.add_routes(app, desk.store)
    return app


def _server(app: web.Application, listening: socket.socket) -> Child:
    start = partial(web.run_app, app, sock=listening, print=None, access_log=None, shutdown_timeout=_GRACE_SECONDS)
    return Child("serve", start)


def _listen(settings: Settings) -> socket.socket:
    """Takes the port before anything else starts; callers wait in its queue meanwhile."""
    host, port = settings.http_host, settings.http_port
    try:
        return socket.create_server((host, port), backlog=_WAITING_CALLERS)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"端口 {port} 已被占用：可能已有一个在运行。请先停掉它，或换一个端口，例如 GENDAN_HTTP_PORT={port + 10}"
        else:
            why = f"不能在 {host}:{port} 上监听（{error.strerror}），请检查 GENDAN_HTTP_HOST 和 GENDAN_HTTP_PORT"
        raise click.ClickException(why) from error


def _free_port(settings: Settings) -> int:
    """The port after the desk's own, or any other that is free."""
    for port in (settings.http_port + 1, 0):
        try:
            with socket.create_server((settings.http_host, port)) as found:
                return int(found.getsockname()[1])
        except OSError:
            continue
    raise click.ClickException("没有空闲的端口给模拟平台用")


def _lead_to_sandbox(app: web.Application, settings: Settings, port: int) -> None:
    """`/sandbox` leads to the page, which the stand-ins serve; its address is printed once it answers."""

    async def lead(request: web.Request) -> web.Response:
        raise web.HTTPFound(str(request.url.with_port(port)))

    async def say(_app: web.Application) -> None:
        async with asyncio.timeout(_PAGE_SECONDS):
            while not await _answers(settings.http_host, port):
                await asyncio.sleep(0.05)
        click.echo(f"演示已就绪，请用浏览器打开：http://{settings.http_host}:{settings.http_port}/sandbox（按 Ctrl-C 停止）")

    app.router.add_get("/sandbox", lead)
    app.on_startup.append(say)


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def _findings(settings: Settings) -> Iterator[Finding]:
    yield from check_configuration(settings)
    with suppress(click.ClickException):
        ready_database(settings)
    database = check_database(settings)
    yield database
    redis = check_redis(settings)
    yield redis
    yield from check_groups(settings)
    yield from _texts()
    if database.ok:
        store = Store(settings, SystemClock())
        yield from _approvals(store)
        yield _seal(store)
        store.close()
    if database.ok and redis.ok:
        store = Store(settings, SystemClock())
        with connect(redis_url(settings)) as connection:
            yield from check_platforms(store, connection)
        yield from check_quota(store)
        store.close()


def _approvals(store: Store) -> Iterator[Finding]:
    """The approval matrix, which the company may have written itself."""
    name = "审批矩阵"
    yield from (Finding(name, False, problem) for problem in approval_rules.problems(store.settings))
    with store.reading() as tx:
        unknown = approval_rules.unknown_people(tx)
    yield from (Finding(name, False, f"在职员工里没有“{person}”，该他签的会找管理员") for person in unknown)
    if not unknown and not approval_rules.problems(store.settings):
        yield Finding(name, True, str(store.settings.trade.approvals or "出厂的一份"))


def _seal(store: Store) -> Finding:
    """What signs the records of approvals."""
    from orders import sealing  # takes half a second, which the other commands need not wait

    try:
        with store.transaction() as tx:
            sealing.seal_of(tx)
    except sealing.SealUnusable as error:
        return Finding("存证证书", False, str(error))
    return Finding("存证证书", True, str(store.settings.trade.certificate or "本系统自己的"))


def _texts() -> Iterator[Finding]:
    """The rules and the cards, which people may have edited."""
    rules, wrong = load_rules()
    yield from (Finding("规则", False, str(problem)) for problem in wrong)
    if not wrong:
        yield Finding("规则", True, "、".join(rule.title for rule in rules))
    broken = problems()
    yield from (Finding("卡片", False, problem) for problem in broken)
    if not broken:
        yield Finding("卡片", True, f"{len(card_names())} 张，各平台都放得下")


if __name__ == "__main__":
    main()
