"""`bot.py` as people start it: what it answers, its exit codes, and that it ends in good order."""

import json
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from sandbox.server import in_thread
from store.settings import Settings
from tests.programs.conftest import STARTED_SECONDS, Start
from tests.support.clock import TestClock
from tests.support.waiting import wait_until


def _finish(start: Start, *command: str, **environment: str) -> tuple[int, str]:
    """Exit code and everything that a short command says."""
    program = start("bot.py", *command, **environment)
    code = program.process.wait(STARTED_SECONDS)
    return code, program.log.read_text(encoding="utf-8")


def _get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except URLError as error:
        return getattr(error, "code", 0), ""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class TestCheck:
    def test_the_embedded_defaults_are_sound(self, start: Start) -> None:
        code, said = _finish(start, "check")
        assert code == 0, said
        for what in ("配置", "数据库", "Redis", "规则", "卡片"):
            assert f"✓ {what}：" in said
        assert "✗" not in said

    def test_everything_that_is_wrong_is_named_without_its_secret(self, start: Start) -> None:
        code, said = _finish(
            start,
            "check",
            GENDAN_WECOM__CORP_ID="ww1",
            GENDAN_WECOM__SECRET="geheim",
            GENDAN_KUAIDI100__KEY="geheim",
            GENDAN_REDIS_URL="redis://:geheim@127.0.0.1:1",
            GENDAN_DATABASE_URL="postgresql+psycopg://u:geheim@127.0.0.1:1/none",
        )
        assert code == 1
        for named in ("GENDAN_WECOM__AGENT_ID、GENDAN_WECOM__TOKEN", "GENDAN_KUAIDI100__SALT", "✗ Redis", "✗ 数据库"):
            assert named in said
        assert "geheim" not in said
        assert "Traceback" not in said

    def test_a_home_that_cannot_be_is_named(self, start: Start) -> None:
        code, said = _finish(start, "check", GENDAN_HOME="/proc/nowhere")
        assert code == 1
        assert "GENDAN_HOME" in said
        assert "Traceback" not in said

    @pytest.mark.parametrize("command", ["check", "serve"])
    def test_a_broken_configuration_file_is_named(self, start: Start, tmp_path: Path, command: str) -> None:
        file = tmp_path / "gendan.toml"
        file.write_text("x = [")
        code, said = _finish(start, command, GENDAN_CONFIG=str(file))
        assert code == 1
        assert str(file) in said
        assert "Traceback" not in said

    def test_a_variable_that_sets_nothing_is_named(self, start: Start) -> None:
        code, said = _finish(start, "check", GENDAN_WECOM__CORPID="ww1", GENDAN_GROUPS__STOCK__PLATFORM="wecom")
        assert code == 1, "the group has no address"
        assert "没有用它：GENDAN_WECOM__CORPID（是不是 GENDAN_WECOM__CORP_ID？）" in said
        assert "GENDAN_GROUPS" not in said.replace("GENDAN_GROUPS__STOCK__WEBHOOK", "")

    def test_what_this_version_does_not_serve_is_named(self, start: Start) -> None:
        code, said = _finish(start, "check", GENDAN_DINGTALK__MODE="stream", GENDAN_WECOM__ROBOT_TOKEN="geheim")
        assert code == 1
        assert "GENDAN_DINGTALK__MODE=stream 这个版本还不支持" in said
        assert "GENDAN_WECOM__ROBOT_TOKEN 没有用到" in said

    @pytest.mark.parametrize(("public_url", "said_so"), [("", True), ("https://gendan.example.com", False)])
    def test_pushes_that_can_come_nowhere_are_named(self, start: Start, public_url: str, said_so: bool) -> None:
        pushed = {"GENDAN_KUAIDI100__KEY": "geheim", "GENDAN_KUAIDI100__SALT": "geheim", "GENDAN_PUBLIC_URL": public_url}
        code, said = _finish(start, "check", **pushed)
        assert code == 0, said
        assert ("快递100 的推送会发到 http://127.0.0.1" in said) == said_so
        assert "geheim" not in said

    @pytest.fixture
    def stand_in(self, settings: Settings) -> Iterator[Settings]:
        with in_thread(settings, TestClock()) as running:
            yield running.sandbox.settings

    @pytest.mark.parametrize(("right", "code"), [(True, 0), (False, 1)])
    def test_credentials_are_tried(self, start: Start, stand_in: Settings, right: bool, code: int) -> None:
        wecom = stand_in.wecom
        secret = wecom.secret.get_secret_value() if right else "falsches-geheimnis"
        found, said = _finish(
            start,
            "check",
            GENDAN_WECOM__CORP_ID=wecom.corp_id,
            GENDAN_WECOM__AGENT_ID=str(wecom.agent_id),
            GENDAN_WECOM__SECRET=secret,
            GENDAN_WECOM__TOKEN=wecom.token.get_secret_value(),
            GENDAN_WECOM__AES_KEY=wecom.aes_key.get_secret_value(),
            GENDAN_WECOM__API_BASE=wecom.api_base,
        )
        assert found == code, said
        assert ("✓ 企业微信" in said) == right
        assert "没有设 GENDAN_PUBLIC_URL" in said
        assert secret not in said


def test_serve_answers_survives_its_child_and_ends_in_good_order(start: Start, port: int, home: Path) -> None:
    program = start("bot.py", "serve", GENDAN_HTTP_PORT=str(port))
    wait_until(lambda: _get(port, "/healthz")[0] == 200, STARTED_SECONDS)
    status, _ = _get(port, "/readyz")
    assert status == 503, "no worker runs"
    (child,) = program.children
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: _get(port, "/healthz")[0] == 200 and program.children - {child}, 15)
    children = program.children
    assert program.stop() == 0
    assert not program.children & children
    assert not program.says("Traceback")
    assert not (home / "redis.sock").exists(), "the embedded Redis ends with its last user"


def test_a_port_in_use_is_named_with_the_remedy(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = taken.getsockname()[1]
        code, said = _finish(start, "serve", GENDAN_HTTP_PORT=str(busy))
    assert code == 1
    assert f"端口 {busy} 已被占用" in said
    assert "GENDAN_HTTP_PORT=" in said


def test_master_data_goes_in_and_out(start: Start, home: Path) -> None:
    file = home / "staff.csv"
    file.write_text("name,roles\n赵敏,sales\n", encoding="utf-8")
    assert _finish(start, "import", "staff", str(file))[0] == 0
    out = home / "out.csv"
    assert _finish(start, "export", "staff", str(out))[0] == 0
    assert "赵敏" in out.read_text(encoding="utf-8-sig")
    file.write_text("name,roles\n,sales\n", encoding="utf-8")
    assert _finish(start, "import", "staff", str(file))[0] == 1


def test_the_demo_shows_its_page_is_ready_and_leaves_nothing_behind(start: Start, port: int, home: Path) -> None:
    program = start("bot.py", "demo", GENDAN_HTTP_PORT=str(port))
    address = f"http://127.0.0.1:{port}/sandbox"
    wait_until(lambda: program.says(address), STARTED_SECONDS)
    status, page = _get(port, "/sandbox")
    assert status == 200
    assert "<html" in page
    wait_until(lambda: _get(port, "/readyz")[0] == 200, 20)
    assert json.loads(_get(port, "/readyz")[1])["status"] == "ok"
    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(20) == 0
    assert not program.says("Traceback")
    assert not (home / "redis.sock").exists()
