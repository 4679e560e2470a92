"""Lines that came along with a text and are no part of it: advertising, contact tails, bare addresses."""

from __future__ import annotations

import re
from typing import Literal

from rongtong.engines.text.normal import normalise

Spam = Literal["address_only", "advertisement", "contact_tail", "page_furniture", "repetition"]

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,32}")
_ADVERTISEMENT = re.compile(
    r"代(?:写|发|开|办)(?:论文|发票|证|公司注册)|代理记账|刷单|兼职日结|博彩|棋牌|彩票"
    r"|贷款(?:秒批|快速|无抵押)|办证|包过|包发表|加群|进群|点击(?:领取|下载|进入|查看)"
    r"|限时(?:优惠|抢购)|免费(?:领取|试用|下载)|扫码(?:关注|领取|咨询|添加)|关注(?:微信)?公众号|源码下载"
    r"|诚招(?:代理|加盟)|加盟热线|淘宝店|seo优化"
    r"|click here|free download|buy now|limited offer|casino"
)
_CONTACT = re.compile(
    r"(?:加|联系)?(?:微信|v信|薇信|扣扣|企鹅|(?<![a-z])(?:vx|qq)(?![a-z]))(?:号|群)?[:号是\s]{0,3}[a-z]?[a-z0-9_-]{5,20}"
    r"|(?:电话|热线|手机|咨询|联系方式|联系人|tel|phone|客服)[^。;]{0,12}"
    r"(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})"
    r"|^\W*(?:1[3-9]\d{9}|400-?\d{3}-?\d{4})\W*$"
)
_FURNITURE = re.compile(
    r"(?:上一篇|下一篇|返回(?:顶部|首页|列表)|责任编辑"
    r"|版权(?:所有|声明)|转载请注明|本文(?:来源|转自|由)|来源:"
    r"|打印本页|关闭窗口|分享到|相关(?:阅读|推荐|文章)|更多(?:精彩|内容|信息)"
    r"|阅读(?:次数|量|原文)|copyright"
    r"|all rights reserved)"
)
_REPEATED = re.compile(r"(.{1,6}?)\1{9,}")


def is_spam_line(line: str) -> Spam | None:
    """Return why a line is no part of a technical text, or None when it may be one.

    Works on simplified and traditional writing. It judges one line: the caller shows it to a person and drops nothing.
    """
    normal = normalise(line[:2000])
    if not normal:
        return None
    if not re.search(r"\w", _ADDRESS.sub("", normal)):
        return "address_only" if _ADDRESS.search(normal) else None
    if _FURNITURE.match(normal):
        return "page_furniture"
    if _ADVERTISEMENT.search(normal):
        return "advertisement"
    if _CONTACT.search(normal):
        return "contact_tail"
    repeated = _REPEATED.search(normal)
    return "repetition" if repeated and len(repeated.group()) > len(normal) / 2 else None
