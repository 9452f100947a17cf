"""Whatever is typed, at whatever moment, is answered with a card or a worded refusal."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.conftest import Chat

PHRASES = [
    "下单 锐固 M12×80镀锌 500支", "下单 老王 螺栓", "下单", "查单", "查单 锐固", "查单 0001", "库存 镀锌", "库存", "在途 PO1",
    "入库 M12×80 5支", "发货", "发货 1 主仓 顺丰", "出库 1", "签收 1", "完成", "完成 99999999999", "待办", "算了", "帮助",
    "1", "2", "9", "确认", "锐固", "500支", "箱", "加一行", "去掉第1行", "第2行", "改成", "改成 M8×30", "加一行 不知道 3支",
    "3月20日", "2月30日", "99:0", "-1", "０", "²", "单价0", "单价99999999", "备注", "备注：" + "长" * 3000, "送到" + "远" * 500,
    "客户：谁", "\u202e\x00", "有效期 明天", "在途 PO2 M12×80镀锌 5支 3月9日 9支", "1e12支", "M12×80 1支",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PHRASES) | st.text(max_size=30), min_size=1, max_size=8),
    st.sampled_from(["zhaomin", "wugang", "zhoufang", "admin"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_conversation_is_answered(chat: Chat, texts: list[str], who: str) -> None:
    for text in texts:
        heard = chat.say(getattr(chat.firm, who), text)
        assert heard.shown.title
        for button in list(heard.buttons.values())[:1]:
            assert chat.press(getattr(chat.firm, who), button).shown.title
