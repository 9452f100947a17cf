"""What an admin reads when something could not be delivered."""

from notifiers.audience import DINGTALK_GROUP, DINGTALK_ROBOT, DINGTALK_TODO, NOWHERE, WECHAT_TEMPLATE, WECOM_APP, WECOM_WEBHOOK
from platforms.errors import Action

CHANNELS = {
    WECOM_APP: "企业微信应用消息",
    WECOM_WEBHOOK: "企业微信群机器人",
    DINGTALK_ROBOT: "钉钉机器人",
    DINGTALK_GROUP: "钉钉群机器人",
    DINGTALK_TODO: "钉钉待办",
    WECHAT_TEMPLATE: "公众号模板消息",
    NOWHERE: "没有可用渠道",
}
REASONS = {
    Action.DROP: "对方收不到：账号不存在、未关注，或不在应用可见范围内。请核对员工或客户资料里的账号。",
    Action.REFUSED: "平台拒收了这条消息的内容。请把错误码告诉维护人员。",
    Action.CONFIGURATION: "平台配置有问题。请按错误码检查凭证、可信 IP、权限或机器人地址，改好后会自动补发。",
    Action.QUOTA: "本月调用额度已用完。",
    Action.UNKNOWN: "多次没有得到平台的答复，已停止重发，对方可能收到过。",
    Action.RETRY: "一直连不上平台，已停止重发。",
    Action.WAIT: "平台一直说发得太快，已停止重发。",
}
NO_CHANNEL = "这个对象没有可用的渠道：员工没有绑定账号，或群名没有配置机器人。请补上后再试。"
