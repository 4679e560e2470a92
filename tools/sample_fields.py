"""The technology field of a patent that says none, read off telling words of its title, key phrases and abstract.

Rough on purpose: a field is given only when its words clearly outweigh those of every other, and the record says that a
program gave it. Fields are the top level of the scheme ``field``.
"""

import re
from collections import Counter

CUES = {
    "IT": "终端|通信|基站|网络|无线|信号|图像|视频|语音|显示|像素|服务器|客户端|数据|信息|软件|应用程序|密码|密钥|加密|"
    "芯片|半导体|晶圆|集成电路|光刻|存储器|处理器|摄像|屏幕|天线|用户设备|电路板|虚拟|传感器|光纤|编码|路由|云|区块链|"
    "识别|发光二极管|OLED|液晶|量子点|触摸|光学镜头|神经网络|增强现实|定位|帧|报文|小区|上行|下行|调制|麦克风|耳机",
    "BIO": "药|肿瘤|癌|细胞|抗体|蛋白|基因|核酸|疫苗|病毒|患者|治疗|诊断|医疗|医用|手术|注射|细菌|菌株|发酵|酶|多肽|血|"
    "临床|隐形眼镜|牙|口腔|受试者|植入|导管|种子|栽培|培养基|食用菌|饲料|食品|晶型|受体|抑制剂",
    "AERO": "飞行器|无人机|飞机|航空|航天|卫星|机翼|旋翼|直升机|机身|起落架|火箭",
    "MAT": "合金|陶瓷|树脂|纤维|涂料|聚合物|橡胶|塑料|薄膜|复合材料|纳米|石墨烯|玻璃|钢|镁|铝|铜|钛|粉末|聚酯|聚氨酯|"
    "聚乙烯|聚丙烯|聚酰胺|聚酰亚胺|环氧|硅烷|涂层|胶黏剂|粘合剂|油墨|染料|颜料|面料|织物|纺丝|纱线|无纺布|分子筛|催化剂|"
    "磁性材料|铁氧体|晶体|组合物|共聚|纸浆|造纸|皮革|阻燃|混凝土|水泥|石膏|表面活性剂|沥青|助剂|整理剂|靶材|化合物",
    "ENER": "电池|光伏|太阳能|风电|风力|燃料电池|储能|储热|正极|负极|电解液|电解质|充电|核电|核|锅炉|余热|节能|热泵|"
    "热电|发电|氢能|制氢|地热|干热岩|生物质|蓄电|隔膜|蒸汽发生器|变流器|电力机车",
    "ENV": "废水|污水|污泥|烟气|废气|尾气|脱硫|脱硝|除尘|土壤|重金属|垃圾|堆肥|沼液|固废|废弃|回收|净化|净水|水处理|"
    "反渗透|过滤器|环境监测|雨水|河道|生态|采油|油藏|油田|钻井|压裂|采矿|矿体|采煤|井下|煤层气|完井|固井|驱油|稠油|"
    "页岩|勘探|测井|除磷|修复剂",
    "MFG": "洗衣机|衣物|空调|冰箱|热水器|干衣|吸油烟机|家电|家用电器|电机|齿轮|轴承|机床|机器人|机械手|模具|液压|阀|泵|"
    "压缩机|汽车|车辆|发动机|内燃机|变速|离合|制动|转向|轮胎|车轮|车身|刀具|切割|焊接|铸造|轧制|冲压|激光加工|增材制造|"
    "缝纫|织机|细纱|电梯|起重|叉车|输送|包装机|装配|夹具|减速|传动|螺栓|开关柜|变压器|断路器|高压|电缆|挖掘机|列车|轨道|"
    "密封件|换热|散热器|喷嘴|滚轮|门锁|铰链",
}
TITLE, PHRASE, ABSTRACT = 4.0, 2.0, 1.0
LEAST, MARGIN = 6.0, 1.5
_PATTERNS = {field: re.compile(words) for field, words in CUES.items()}


def field_of(title: str, phrases: list[str], abstract: str) -> str:
    """The code of the field, or "" when none stands out."""
    scores: Counter[str] = Counter()
    for text, weight in ((title, TITLE), (" ".join(phrases), PHRASE), (abstract, ABSTRACT)):
        for field, pattern in _PATTERNS.items():
            scores[field] += weight * len(set(pattern.findall(text)))
    (best, first), (_, second) = scores.most_common(2)
    return best if first >= LEAST and first >= MARGIN * second else ""
