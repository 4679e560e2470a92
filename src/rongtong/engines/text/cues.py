"""The words by which a technical demand tells its need from its goals and from the history of the company.

Patterns are matched against folded text (simplified, half width). Each is a flat alternation over bounded pieces, so
that matching stays linear.
"""

from __future__ import annotations

import re
from typing import Literal

Section = Literal["need", "goal", "background", "constraint", "budget", "deadline", "form", "acceptance"]
Form = Literal[
    "joint_development",
    "commissioned_development",
    "transfer",
    "licence",
    "consulting",
    "service",
    "talent",
    "equity",
    "investment",
    "purchase",
]

_I = re.IGNORECASE

# The first that matches a heading wins: 需求内容及预期目标 is a need, 现有工作基础 comes before 工作.
HEADINGS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    (
        "background",
        re.compile(
            r"基础(?:$|及|和|与|条件|情况)|(?:企业|公司|单位)(?:概况|简介|介绍|情况|现状)|背景|^现状$|研究现状|"
            r"(?:研究)?进展$|前期工作|支撑(?:平台|条件)|意义$"
            r"|市场(?:前景|分析)|^background\b|^about (?:us|the company)|^company\b|^context$|^current (?:state|"
            r"situation)",
            _I,
        ),
    ),
    (
        "budget",
        re.compile(
            r"预算$|投资(?:规模|额|金额)?$|(?:研发|项目)?(?:经费|资金|投入)(?:来源|安排)?$|^budget\b|^funding$", _I
        ),
    ),
    (
        "acceptance",
        re.compile(r"验收(?:标准|方式|方法|要求|指标)?$|检验方法$|考核方(?:式|法)$|^acceptance\b|^verification\b", _I),
    ),
    (
        "deadline",
        re.compile(
            r"(?:完成|合作|项目|实施|研发)?(?:时间|期限|周期|进度)(?:要求|安排|计划)?$|^阶段目标$|^deadline$|"
            r"^timeline$|^schedule$",
            _I,
        ),
    ),
    (
        "form",
        re.compile(
            r"合作(?:方式|形式|模式|意向|方案)|(?:解决|需求)(?:方式|形式)$|^form of co-?operation|^cooperation$", _I
        ),
    ),
    (
        "constraint",
        re.compile(r"(?:限制|约束|工况|使用|环境|边界)条件|其[他它]要求|^constraints?$|^boundary conditions?$", _I),
    ),
    (
        "need",
        re.compile(
            r"需求|难题|难点|问题|(?:研究|项目|主要|研发|合作|技术)?内容|解决(?:的)?方向|关键技术|拟解决|需要解决|"
            r"^problems?\b|^needs?\b"
            r"|^challenges?\b|^demand\b|^description$|^what we need",
            _I,
        ),
    ),
    (
        "goal",
        re.compile(
            r"目标|指标|目的|预期(?:成果|效果)|要求$|技术参数|性能参数|参数要求|^goals?$|^objectives?$|^targets?$|"
            r"^requirements?$"
            r"|^expected (?:results?|outcomes?)|^specifications?$",
            _I,
        ),
    ),
)

COMPANY = re.compile(
    r"(?:公司|集团|企业|我厂|本厂|单位|中心|我所|本院)[^。；;]{0,12}(?:成立于|始建于|创立于|创建于|位于|坐落|"
    r"注册资[本金]|占地|现有(?:职工|员工|资产)|拥有|是一家|属于|获得|荣获|先后|被评为|被认定|通过了|"
    r"具有[^。；;]{0,8}(?:资质|历史|经验)|隶属)"
    r"|注册资[本金]|占地面积|建筑面积|固定资产|员工\d|职工\d|高级工程师|教授级高工|博士\d|硕士\d|本科及以上|"
    r"技术人员\d|高新技术企业|专精特新|小巨人"
    r"|工程(?:技术)?(?:研究)?中心|院士工作站|博士后|企业技术中心|重点实验室|认证体系|质量体系认证|ISO ?9001|"
    r"授权(?:发明)?专利|获得?[^。；;]{0,8}专利|专利\d+项"
    r"|销售收入|年产值|营业收入|利税|利润总额|科技进步[一二三]?等?奖|荣誉|合作关系|经济基础|研发团队|技术团队|"
    r"团队稳定|人员执行力|产学研基地"
    r"|\b(?:founded in|established in|our company (?:has|is|was)|employees|headquarter|turnover|certified)\b",
    _I,
)
TRADE = re.compile(
    r"^(?:随着|近年来?|近几年|目前[,，]?(?:国内|我国|市场|世界)|我国(?!.{0,20}(?:没有|缺乏|尚未))|国家|"
    r"据.{0,6}统计|据.{0,8}预测|在.{0,12}(?:政策|背景)下|为了?(?:响应|贯彻|落实)|全球|世界)"
    r"|日益|越来越|迅速发展|快速发展|发展迅速|市场前景|市场需求量|产业政策|国家政策|经济效益|社会效益|人们(?:的|"
    r"对)|十[二三四五]五|广泛应用|被广泛"
    r"|^(?:in recent years|with the (?:development|growth)|the market|worldwide)\b",
    _I,
)
WISH = re.compile(
    r"希望|需要|需求|急需|亟需|亟待|寻求|寻找|求购|征集|拟(?:开发|研发|研制|采用|引进|解决)|想(?:要|购买|通过)|"
    r"待解决|需解决|欲解决|解决(?:以下|上述|方案|该|此)|攻克|攻关"
    r"|研发(?!中心|团队|人员|投入|经费|能力|平台|机构|费用|基础)|开发(?!区|了|出了)|研制|如何|怎么|怎样|实现|替代|"
    r"改进|设计(?:一种|出)"
    r"|\b(?:we need|need(?:s|ed)?|looking for|look for|seek(?:s|ing)?|want(?:s|ed)?|require[sd]?|how to|develop|"
    r"wish)\b",
    _I,
)
TROUBLE = re.compile(
    r"存在|问题|难题|难点|缺点|缺陷|不足|不理想|难以|无法|不能|容易|不易|效果差|成本(?:较|过|太)?高|能耗(?:较|"
    r"过)?高|效率(?:较|过|太)?低|寿命(?:较|过)?短|污染严重|瓶颈|隐患|故障|失效|开裂|泄漏|困难|不均"
    r"|\b(?:problem|difficult|cannot|fails?|failure|too (?:high|low|slow)|insufficient|unstable|limitation)\b",
    _I,
)
AIM = re.compile(
    r"达到|目标|指标|不低于|不高于|不超过|≥|≤|以上|以下|以内|满足|提高|降低|减少|延长|缩短|\b(?:at least|at most|"
    r"target|below|above|reduce|increase|improve)\b",
    _I,
)
CONSTRAINT = re.compile(
    r"不得|不可(?:以|含|使用|采用|出现)|不含|不能(?:含|使用|采用|影响|出现|产生)|严禁|禁止|避免|不影响|不改变|"
    r"不增加|前提下|必须|应符合|"
    r"须符合|符合[^。；;]{0,16}(?:标准|要求|规定)|满足[^。；;]{0,16}(?:标准|规定)|兼容|无毒|无害|无污染|不产生|"
    r"不使用|不破坏|环保要求|排放标准|防爆|本安|食品级|工况(?:条件)?下"
    r"|\b(?:must not|must|without|free of|no more than|comply|compliant|compatible|not contain|shall not|avoid)\b",
    _I,
)
ACCEPTANCE = re.compile(
    r"验收|第三方(?:检测|检验|测试)|检测报告|检验报告|试运行|连续(?:稳定)?运行|现场(?:试验|测试|考核)|型式试验|"
    r"鉴定|查新|达标运行|样机[^。；;]{0,10}(?:测试|试验|验证)|按[^。；;]{0,16}(?:标准|方法)(?:检测|测试|试验)"
    r"|\b(?:acceptance test|third-party test|test report|verified by|trial run|field test)\b",
    _I,
)
BUDGET = re.compile(r"预算|拟?(?:投入|投资|出资)|经费|资金|费用|\b(?:budget|funding|invest)\b", _I)
SPENT = re.compile(
    r"已(?:经)?(?:累计)?(?:投入|投资)|前期|销售|产值|收入|利润|利税|注册|效益|损失|固定资产|每年|年度|市场|价格|"
    r"单价|节约|already (?:spent|invested)|turnover|sales",
    _I,
)
DEADLINE = re.compile(
    r"(?:(?:20\d\d年)(?:\d{1,2}月)?(?:\d{1,2}日)?|年)?(?:底|末)?(?:之?前)(?:完成|实现|交付|达到)|"
    r"20\d\d年(?:\d{1,2}月)?(?:底|末|前|之前|完成)|完成(?:时间|期限)|工期|研发周期|合同期|个?月内|"
    r"[\d一二三四五]年内(?=完成|实现|达到|培育|建成|交付|形成|[,，。；;\s]|$)|期限"
    r"|\b(?:by (?:the end of )?20\d\d|within \d+ (?:months?|years?|weeks?)|deadline)\b",
    _I,
)

FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    (
        "equity",
        re.compile(
            r"技术入股|作价入股|股权合作|入股|\bequity\b",
            _I,
        ),
    ),
    (
        "investment",
        re.compile(
            r"融资|机构投资|引入投资|(?:需要|寻求|此方面的)[^。；;]{0,8}投资|\binvestors?\b",
            _I,
        ),
    ),
    (
        "licence",
        re.compile(
            r"(?:专利|技术|实施|使用)许可|许可使用|授权使用|\blicen[cs](?:e|ing)\b",
            _I,
        ),
    ),
    (
        "transfer",
        re.compile(
            r"技术转让|成果转让|专利(?:转让|购买)|购买(?:专利|技术|成果)|技术引进|引进[^。；;，,]{0,12}(?:技术|工艺|"
            r"软件)|买断|出售技术|\btechnology transfer\b|\bacquire the technology\b",
            _I,
        ),
    ),
    (
        "commissioned_development",
        re.compile(
            r"委托(?:研发|开发|研究|设计)|定制开发|技术开发|\b(?:contract|commissioned) (?:research|development)\b",
            _I,
        ),
    ),
    (
        "joint_development",
        re.compile(
            r"合作(?:研发|开发|研究|攻关|解决|制造|伙伴|单位|试验)|联合(?:研发|开发|研究|攻关)|共同(?:研发|开发|"
            r"研究|攻关)|技术合作|校企合作|产学研合作|寻求(?:单位|技术)?合作|国际合作|科研合作|"
            r"\b(?:joint(?:ly)? (?:research|develop\w*)|co-?operat\w+|collaborat\w+|partners?)\b",
            _I,
        ),
    ),
    (
        "consulting",
        re.compile(
            r"技术咨询|技术指导|(?:专家|具体|技术)[^。；;，,]{0,6}(?:指导|指教|咨询)|\bconsult(?:ing|ancy)\b|"
            r"\badvice\b",
            _I,
        ),
    ),
    (
        "service",
        re.compile(
            r"技术服务|技术支持|检测服务|测试服务|\btechnical (?:service|support)\b",
            _I,
        ),
    ),
    (
        "talent",
        re.compile(
            r"(?:引进|需要|需求|招聘|寻求|急需)[^。；;，,]{0,16}(?:人才|专家|人员|团队)|人才引进|\b(?:recruit|hire)\b",
            _I,
        ),
    ),
    (
        "purchase",
        re.compile(
            r"求购|采购|购买(?:设备|装备|产品|材料|高端)|供应商|\b(?:purchase|supplier)\b",
            _I,
        ),
    ),
)

# How things are now, and what turns a sentence from there to what is wanted: 目前灰温在120℃以上，希望降到60℃以下.
TODAY = re.compile(r"目前|现在|现有|现用|现行|当前|至今|currently|at present|today", re.I)
WANTED = re.compile(
    r"希望|要求|需要|拟|计划|目标|应当?|达到|实现|提[高升][到至]|[降减][低少]?[到至]|寻求"
    r"|want|need|target|should|must|to be",
    re.I,
)
