"""The kind “finance_product”, held to what every kind promises."""

from tests.registry.kinds import KindTests


class TestFinanceProduct(KindTests):
    key = "finance_product"
    title = "研发贷（示例）"
    example = {
        "type": "研发贷",
        "summary": "支持科技型中小企业研发投入的信用贷款，凭研发费用和订单核定额度。",
        "clients": "科技型中小企业；高新技术企业",
        "conditions": "成立满一年；上年有研发费用。",
        "limit": "500万元",
        "term_months": 36,
        "rate_from": 2.9,
        "rate_to": 4.5,
        "securities": "信用",
        "documents": "营业执照；研发费用明细",
        "process": "线上申请，五个工作日答复。",
        "holder": "云岭示例银行",
        "contact": "客户经理 0571-00000007",
        "region": "330000",
    }
