"""An order that holds only if something comes true: a price that must first be agreed to, goods that must be there, somebody's word."""

import re

from language.slate import Slate

_BUYS = r"(?:要|拿|下|订|定|买|来|安排)"
_NO_DAY = r"(?<![\s,;|天日号早晚午前后内底初时候在刻这现都也直])"
"""Before 就: 下周三就要 and 现在就下 say when, and not if."""
_IF = re.compile(
    r"如果|要是|假如|假使|倘若|若(?:是|能|可)|(?:便宜|优惠|降)[^,;\n]{0,6}就|(?:能|可以|行|[有没缺]货|有现货|不够|赶得上|来得及)的?话|的话(?:就|再|给我)|(?:能|可以)[^,;\n]{1,10}(?:就|再)(?:要|下|订|定|拿|来|买|做)"
    r"|以[^,;\n]{1,10}为准|等[^,;\n]{1,10}(?:确认|通知|定了?)(?:后|了|再|为准)|(?:待|还没|没有?)最?后?(?:确认|确定)|暂定|再(?:确认|定)"
    r"|可能(?:会)?(?:要(?!加)|订|下|需)|估计(?:会|得|还)?要|预计[^,;\n]{0,6}(?:要|需|订)|打算|(?:计划|准备|考虑)(?:采购|订|买|下|要)"
    r"|等[^,;\n]{1,8}(?:批|点头|拍板|同意|签字)|行不行|卖不卖|能 ?[0-9]\.[0-9]|以内就|不超过 ?[0-9]\."
    r"|(?<![没还])有就(?:先)?[发来要给拿下订买做配]|没有?就(?:不|算|别)|除非|没问题(?:的话|就)|(?:有|够)(?:现|存)?货[^,;\n]{0,4}[就便再则才]|(?:有|够)(?:现|存)?货[^,;\n]{0,2}先"
    rf"|(?:价格?|低|包邮|免邮|[免包](?:运|邮)费|包送|含税|合适|合算|划算|谈[拢妥好成]|点头|同意|答应)了?"
    rf"[^,;\n0-9 ]{{0,6}}?{_NO_DAY}就{_BUYS}"
    rf"|(?:[降让]|[0-9一二三四五六七八九]折|少(?:一?点|些|算|收|[0-9一二两三四五六七八九])|抹(?:掉|个|了)?零)[^,;\n]{{0,8}}?{_NO_DAY}就{_BUYS}"
    rf"|{_NO_DAY}(?:我们?|咱们?)就(?:{_BUYS}|换)|只要(?![0-9])[^;\n]{{2,24}}?{_NO_DAY}就{_BUYS}|(?:价|便宜|优惠|合适|划算|商量)[^,;\n]{{0,6}}的话"
)
_BARGAIN = re.compile(
    r"(?:便宜|优惠|让|降|少(?:算|收)?)(?:我|个)?[0-9.一二两三四五六七八九]{1,6}(?:个点|[块元毛分角]钱?)|[价降]到[0-9.一二两三四五六七八九]{1,6}[块元毛]?"
    r"|打[0-9一二三四五六七八九]{1,2}折"
)
"""By how much or to what a price must go down."""


def take_condition(slate: Slate) -> bool:
    """True for a wish with an if; 如果 and 的话 are no words of a product, so only sums are wiped: they are no quantities."""
    conditional = bool(_IF.search(slate.plain))
    if conditional:
        slate.wipe_all([found.span() for found in _BARGAIN.finditer(slate.plain)])
    return conditional
