"""Lists of options that more than one kind of record offers."""

from rongtong.domain.foundation.words import Words

MODES = (
    ("transfer", Words("转让", "Transfer")),
    ("licence_exclusive", Words("独占许可", "Exclusive licence")),
    ("licence_sole", Words("排他许可", "Sole licence")),
    ("licence_ordinary", Words("普通许可", "Ordinary licence")),
    ("joint", Words("合作实施", "Joint implementation")),
    ("equity", Words("作价投资", "Contribution in kind")),
    ("own", Words("自行实施", "Own implementation")),
    ("use_before_pay", Words("先使用后付费", "Use before pay")),
    ("service", Words("技术开发与服务", "Development and services")),
)
"""How technology may pass to somebody else: the six ways of the conversion law (art. 16), licences told apart."""

STAGES = (
    ("idea", Words("设想", "Idea")),
    ("laboratory", Words("实验室", "Laboratory")),
    ("proof", Words("概念验证", "Proof of concept")),
    ("pilot", Words("中试", "Pilot test")),
    ("small_batch", Words("小批量试生产", "Small-batch production")),
    ("mass", Words("规模化应用", "In volume use")),
)

PRICE_WAYS = (
    ("agreement", Words("协议定价", "By agreement")),
    ("listing", Words("挂牌", "Listing")),
    ("auction", Words("拍卖", "Auction")),
)

LEVELS = (
    ("national", Words("国家级", "National")),
    ("provincial", Words("省级", "Provincial")),
    ("city", Words("市级", "Municipal")),
    ("zone", Words("园区级", "Zone")),
    ("own", Words("自建", "Own")),
)
