"""How DingTalk refuses: by HTTP status and a code in words on the new gateway, by HTTP 200 and numbers on the old one."""

from aiohttp import web


class DingTalkError(Exception):
    """The new gateway refuses with this code."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def refuse(status: int, code: str, message: str) -> web.Response:
    """The new gateway's error."""
    return web.json_response({"code": code, "message": message, "requestid": "sandbox"}, status=status)


def refuse_oapi(sub_code: str, message: str) -> web.Response:
    """The old gateway's error of authentication or flow control: wrapped in 88."""
    return web.json_response(
        {
            "errcode": 88,
            "sub_code": sub_code,
            "sub_msg": message,
            "errmsg": f"ding talk error[subcode={sub_code},submsg={message}]",
            "request_id": "sandbox",
        }
    )
