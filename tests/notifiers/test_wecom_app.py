"""WeCom's app: cards, changes in place, texts where cards are not shown."""

from datetime import timedelta

from redis import Redis

from notifiers.jobs import open_office
from notifiers.wecom_app import CODE_LIFE
from sandbox.callbacks import buttons_of
from sandbox.server import Sandbox
from store.deliveries import handle, remember_code
from store.outbox import IN_PLACE, INTERIM, to_group, to_role, to_staff
from store.transaction import Store
from tests.notifiers.conftest import Desk, progress, restock
from tests.support.clock import TestClock


def card_to_admin(desk: Desk, **options: object) -> None:
    desk.tell(to_staff(desk.firm.wugang), "restock", restock(3), key="restock:3", **options)


def test_a_card_with_buttons_arrives_with_signed_keys(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    (message,) = sandbox.messages("wecom/wugang")
    assert message.form == "template_card"
    assert buttons_of(message) == ["完成"]
    assert not message.overlong
    (delivery,) = desk.deliveries()
    assert delivery.state == "sent"
    assert set(delivery.reference) == {"msgid", "response_code", "code_at"}


def test_an_update_changes_the_card_in_place(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    desk.notice(to_staff(desk.firm.wugang), "已完成", key="done:3", updates="restock:3")
    (message,) = sandbox.messages("wecom/wugang")
    assert message.changes == 1
    assert message.content["main_title"]["title"] == "已完成"


def test_an_update_written_before_its_card_was_sent_follows_it(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk, deliver=False)
    desk.notice(to_staff(desk.firm.wugang), "已完成", key="done:3", updates="restock:3")
    (message,) = sandbox.messages("wecom/wugang")
    assert message.content["main_title"]["title"] == "已完成"


def test_a_code_works_once_so_the_next_change_is_a_new_card(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    desk.notice(to_staff(desk.firm.wugang), "第一次", key="first", updates="restock:3")
    desk.notice(to_staff(desk.firm.wugang), "第二次", key="second", updates="first")
    first, second = sandbox.messages("wecom/wugang")
    assert first.content["main_title"]["title"] == "第一次"
    assert "第二次" in second.content["content"]
    assert sandbox.calls["wecom message/update_template_card"] == 1


def test_the_code_of_a_press_allows_one_more_change(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    desk.notice(to_staff(desk.firm.wugang), "第一次", key="first", updates="restock:3")
    (message,) = sandbox.messages("wecom/wugang")
    with desk.store.transaction() as tx:
        remember_code(tx, message.content["task_id"], sandbox.wecom.new_code([message]))
    desk.notice(to_staff(desk.firm.wugang), "第二次", key="second", updates="first")
    assert [each.content["main_title"]["title"] for each in sandbox.messages("wecom/wugang")] == ["第二次"]


def test_the_card_of_another_installation_is_not_ours(desk: Desk) -> None:
    card_to_admin(desk)
    (before,) = desk.deliveries()
    with desk.store.transaction() as tx:
        for name in (f"d{before.id}", f"d{before.id}-000000", "d", "", "x" * 40, "d²-1"):
            remember_code(tx, name, "forged")
    assert desk.deliveries()[0].reference == before.reference


def test_after_72_hours_a_new_card_comes(desk: Desk, sandbox: Sandbox, clock: TestClock) -> None:
    card_to_admin(desk)
    clock.forward(CODE_LIFE)
    desk.notice(to_staff(desk.firm.wugang), "已完成", key="done:3", updates="restock:3")
    assert len(sandbox.messages("wecom/wugang")) == 2
    assert sandbox.calls["wecom message/update_template_card"] == 0


def test_a_code_that_the_platform_no_longer_knows_makes_a_new_card(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    sandbox.faults.add("update_template_card", "60140")
    desk.notice(to_staff(desk.firm.wugang), "已完成", key="done:3", updates="restock:3")
    old, new = sandbox.messages("wecom/wugang")
    assert old.changes == 0
    assert "已完成" in new.content["content"]


def test_where_cards_are_not_shown_a_text_with_numbered_answers_comes(desk: Desk, sandbox: Sandbox, redis: Redis, store: Store) -> None:
    plain = store.settings.model_copy(update={"wecom": store.settings.wecom.model_copy(update={"cards": False})})
    desk.office = open_office(store, redis, plain, "run")
    card_to_admin(desk)
    (message,) = sandbox.messages("wecom/wugang")
    assert message.form == "text"
    assert "完成：打“完成 " in message.content["content"]


def test_a_refused_card_is_sent_as_text(desk: Desk, sandbox: Sandbox) -> None:
    for code in (43012, 40008, 42038, 40035, 49999):
        sandbox.faults.add("message/send", str(code))
        desk.tell(to_staff(desk.firm.wugang), "restock", restock(code), key=f"restock:{code}")
    assert [message.form for message in sandbox.messages("wecom/wugang")] == ["text"] * 5
    assert desk.states() == [("wecom_app", "sent")] * 5


def test_a_change_that_is_refused_in_place_comes_as_a_new_message(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    sandbox.faults.add("update_template_card", "40035")
    desk.notice(to_staff(desk.firm.wugang), "已完成", key="done:3", updates="restock:3")
    assert "已完成" in sandbox.messages("wecom/wugang")[-1].content["content"]


def test_a_text_that_is_refused_is_not_sent_again(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("message/send", "40035")
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1")
    assert desk.states()[0] == ("wecom_app", "failed")
    assert sandbox.messages("wecom/wugang") == []


def test_a_card_that_a_groups_robot_refuses_is_posted_as_text(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("webhook/send", "42045")
    order = desk.order(desk.firm.ruigu)
    desk.tell(to_group("stock"), "progress", progress(order, url="https://gendan.example.com/t/abc"), key="1")
    (message,) = sandbox.messages("group/stock")
    assert message.form == "markdown"
    assert order.no in message.content["content"]
    assert sandbox.calls["wecom webhook/send"] == 2


def test_a_card_that_had_arrived_is_not_sent_again_as_text(desk: Desk, sandbox: Sandbox, clock: TestClock) -> None:
    sandbox.faults.add("message/send", "drop_after")
    card_to_admin(desk)
    assert desk.states() == [("wecom_app", "due")]
    clock.forward(timedelta(hours=5))  # WeCom no longer knows it for a repetition
    desk.due_again()
    desk.office.deliver()
    assert [message.form for message in sandbox.messages("wecom/wugang")] == ["template_card"]
    assert [(each.state, each.possibly_double) for each in desk.deliveries()] == [("sent", True)]


def test_a_role_is_everybody_who_has_it_else_the_admins(desk: Desk, sandbox: Sandbox) -> None:
    desk.notice(to_role(desk.firm.wugang.roles[0]), "给仓库", key="1")
    desk.notice(to_role("engineering"), "给技术部", key="2")
    assert len(sandbox.messages("wecom/wugang")) == 1
    assert len(sandbox.messages("wecom/admin")) == 1


def test_cards_of_two_deliveries_have_two_names(desk: Desk) -> None:
    card_to_admin(desk)
    with desk.store.transaction() as tx:
        assert handle(tx.session, 1) != handle(tx.session, 2)


def test_an_unknown_member_is_dropped_and_the_admin_told_once(desk: Desk, sandbox: Sandbox) -> None:
    del sandbox.directory.wecom["wugang"]
    for number in range(3):
        desk.notice(to_staff(desk.firm.wugang), "你好", key=f"hello:{number}")
    assert desk.states().count(("wecom_app", "dropped")) == 3
    (told,) = sandbox.messages("wecom/admin")
    assert "吴刚" in told.content["content"]
    assert "81013" in told.content["content"]


def test_what_only_changes_a_card_in_place_is_left_out_where_that_cannot_be(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    sandbox.faults.add("update_template_card", "60140")
    data = {"title": "已换成下面的新卡片", "text": "", "fields": [], IN_PLACE: True}
    desk.tell(to_staff(desk.firm.wugang), "notice", data, key="over", updates="restock:3")
    (message,) = sandbox.messages("wecom/wugang")
    assert message.changes == 0
    assert [delivery.state for delivery in desk.deliveries()] == ["sent", "skipped"]


def test_a_change_that_another_follows_leaves_the_one_place_to_the_outcome(desk: Desk, sandbox: Sandbox) -> None:
    card_to_admin(desk)
    data = {"title": "还在等别人", "text": "", "fields": [], INTERIM: True}
    desk.tell(to_staff(desk.firm.wugang), "notice", data, key="signed", updates="restock:3")
    desk.notice(to_staff(desk.firm.wugang), "审核通过", key="over", updates="restock:3")
    (message,) = sandbox.messages("wecom/wugang")
    assert message.content["main_title"]["title"] == "审核通过"
    assert [delivery.state for delivery in desk.deliveries()] == ["sent", "skipped", "sent"]
