"""Cards for tests: made from the card files' samples, and any card at all for Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from platforms.words import Card, CardButton, CardField, CardLink, Style, Tone
from templates.render import card_file, render_card

ORDER_NO = "SO260302-0007"


def key_for(action: str, argument: str) -> str:
    """A readable stand-in for a signed key."""
    return f"{action}({argument})"


def sample(name: str, **changes: Any) -> dict[str, Any]:
    """The sample data of a card with some of it changed."""
    data = card_file(name).sample
    assert changes.keys() <= data.keys()
    return data | changes


def sample_card(name: str, **changes: Any) -> Card:
    """A card rendered with its sample, some of it changed."""
    return render_card(name, sample(name, **changes), key_for)


def any_text(longest: int) -> st.SearchStrategy[str]:
    """Any text that a database can hold, with what would break markup mixed in."""
    nasty = st.sampled_from(["{{ 7*7 }}", "]]>", "<a href='x'>", "**", "](http://x)", "\n", "\n\n# ", "`", "😀", "锐固建材", ORDER_NO])
    return st.lists(st.one_of(nasty, st.text(max_size=longest)), max_size=6).map("".join)


any_field = st.builds(CardField, name=any_text(20), value=any_text(200), tone=st.sampled_from(Tone))
any_button = st.builds(CardButton, text=any_text(30), key=st.text("abcXYZ019_-", min_size=1, max_size=200), style=st.sampled_from(Style))
any_link = st.builds(CardLink, text=any_text(30), url=any_text(60).map(lambda tail: f"https://gendan.example.com/o/{tail}"))


@st.composite
def any_card(draw: st.DrawFn) -> Card:
    """Any card; its title names the order it speaks of, at any place."""
    return Card(
        name="progress",
        order_no=ORDER_NO,
        title=f"{draw(any_text(80))} {ORDER_NO} {draw(any_text(80))}",
        subtitle=draw(any_text(100)),
        status=draw(any_text(30)),
        tone=draw(st.sampled_from(Tone)),
        emphasis=draw(any_text(20)),
        emphasis_label=draw(any_text(30)),
        quote=draw(any_text(600)),
        fields=draw(st.lists(any_field, max_size=12)),
        lines=draw(st.lists(any_text(120), max_size=40)),
        note=draw(any_text(400)),
        buttons=draw(st.lists(any_button, max_size=9)),
        links=draw(st.lists(any_link, max_size=4)),
    )
