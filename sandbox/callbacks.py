"""What people can press, and what comes of calling the product back."""

from dataclasses import dataclass

from sandbox.dingtalk import layout
from sandbox.ledger import ChatMessage


@dataclass(frozen=True)
class Answer:
    """The product's answer to a callback; status 0: none came in time."""

    status: int
    body: str
    tries: int
    milliseconds: float

    def told(self, what: str) -> str:
        """One line of what happened; only what went wrong is spelled out."""
        tried = f"，第 {self.tries} 次" if self.tries > 1 else ""
        return f"{what}{tried}" if self.status == 200 else f"{what} → {f'HTTP {self.status}' if self.status else '没有应答'}{tried}"


def buttons_of(message: ChatMessage) -> list[str]:
    """The texts of the buttons of a card that call back, in their order; none once they are greyed."""
    if message.form == "template_card" and "replace_text" not in message.content:
        return [button["text"] for button in message.content.get("button_list", []) if not button.get("type")]
    if message.form == "interactive_card":
        return [button.text for button in layout.buttons(message.content)]
    return []
