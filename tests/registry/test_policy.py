"""The kind “policy”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestPolicy(KindTests):
    key = "policy"
    title = "中试服务补助办法（示例）"
    example = {
        "summary": "区内企业使用备案中试平台的，按实际支付费用的一定比例补助。",
        "type": "管理办法",
        "tools": "资金支持",
        "who": "区内科技型企业",
        "conditions": "与备案平台签订合同并已付款。",
        "benefit": "按实付金额的比例补助，单个企业每年有上限。",
        "amount": "50万元",
        "clauses": "第三条 补助对象；第五条 补助标准",
        "documents": "合同；发票",
        "number": "示例〔2026〕1号",
        "authority": "云岭高新区管委会（示例）",
        "department": "科技局",
        "checked": "未与原文核对",
        "window_closes": "2026-12-31",
        "effective_on": "2026-01-01",
        "region": "330100",
    }
