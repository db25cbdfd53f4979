"""Names of people and companies, all invented, in their Chinese and English forms."""

import numpy as np


def _pairs(words):
    """'王 Wang 李 Li' -> [('王', 'Wang'), ('李', 'Li')]"""
    words = words.split()
    return list(zip(words[::2], words[1::2], strict=True))


_SURNAMES = _pairs("""
    王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 黄 Huang 赵 Zhao 吴 Wu 周 Zhou 徐 Xu 孙 Sun 马 Ma 朱 Zhu
    胡 Hu 郭 Guo 何 He 高 Gao 林 Lin 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song 唐 Tang 许 Xu 邓 Deng 冯 Feng
    韩 Han 曹 Cao 曾 Zeng 彭 Peng 萧 Xiao 蔡 Cai 潘 Pan 田 Tian 董 Dong 袁 Yuan 于 Yu 余 Yu
""")
_GIVEN = _pairs("""
    芳 Fang 伟 Wei 敏 Min 静 Jing 磊 Lei 洋 Yang 勇 Yong 艳 Yan 杰 Jie 娟 Juan 涛 Tao 明 Ming 超 Chao 霞 Xia
    平 Ping 刚 Gang 丹 Dan 鹏 Peng 慧 Hui 琳 Lin 建国 Jianguo 晓明 Xiaoming 文静 Wenjing 志强 Zhiqiang
    雨桐 Yutong 子涵 Zihan 思远 Siyuan 嘉怡 Jiayi 浩然 Haoran 梦琪 Mengqi 俊杰 Junjie 欣怡 Xinyi 天宇 Tianyu
    佳宁 Jianing 一鸣 Yiming 若曦 Ruoxi 海峰 Haifeng 美玲 Meiling 立新 Lixin 春燕 Chunyan 国栋 Guodong
    婉清 Wanqing 泽宇 Zeyu 诗涵 Shihan 振华 Zhenhua 玉兰 Yulan 景行 Jingxing 素心 Suxin 远航 Yuanhang
    知夏 Zhixia
""")
_FIRST = _pairs("""
    泽 Ze 珩 Heng 澜 Lan 霁 Ji 锦 Jin 翊 Yi 昱 Yu 璟 Jing 沐 Mu 嵘 Rong 峤 Qiao 瀚 Han 榕 Rong 栎 Li 砚 Yan
    筠 Yun 麓 Lu 沣 Feng 汀 Ting 岱 Dai 煜 Yu 屹 Yi 钧 Jun 钰 Yu 祺 Qi 翎 Ling 骁 Xiao 洵 Xun 湛 Zhan 澄 Cheng
    弘 Hong 韶 Shao 穗 Sui 茂 Mao 凌 Ling 朔 Shuo 逸 Yi 邺 Ye 荣 Rong 谦 Qian
""")
_SECOND = _pairs("""
    川 chuan 岚 lan 禾 he 衡 heng 岳 yue 宁 ning 朗 lang 舟 zhou 谷 gu 原 yuan 洲 zhou 桥 qiao 野 ye 桐 tong
    柏 bai 松 song 枫 feng 台 tai 屿 yu 港 gang 石 shi 泉 quan 渡 du 垣 yuan 陵 ling 歌 ge 帆 fan 图 tu 策 ce
    景 jing 域 yu 程 cheng 朴 pu 简 jian 和 he 略 lue 序 xu 韵 yun 迈 mai 途 tu
""")
_TRADES = {  # industry -> what its companies call themselves
    "制造 Manufacturing": _pairs("制造 Manufacturing 精工 Precision 机电 Electromech"),
    "能源 Energy": _pairs("能源 Energy 电力 Power 新能 Renewables"),
    "金融 Finance": _pairs("金融 Finance 信托 Trust 保险 Insurance"),
    "医疗 Healthcare": _pairs("医疗 Medical 药业 Pharma 康养 Care"),
    "交通 Transport": _pairs("物流 Logistics 航运 Shipping 轨道 Rail"),
    "零售 Retail": _pairs("零售 Retail 百货 Stores 食品 Foods"),
    "教育 Education": _pairs("教育 Education 学院 Academy 出版 Press"),
    "通信 Telecom": _pairs("通信 Telecom 网络 Networks 传媒 Media"),
}
_NO_TRADE = _pairs("控股 Holdings 集团 Group 实业 Industries")
INDUSTRIES = tuple(_TRADES)
TITLES = (  # by seniority, 1 to 5
    "工程师 Engineer",
    "主管 Supervisor",
    "经理 Manager",
    "总监 Director",
    "总经理 General manager",
)


def people(rng, n):
    """n names such as '王芳 Wang Fang': all different as long as the lists allow it."""
    possible = len(_SURNAMES) * len(_GIVEN)
    chosen = rng.permutation(possible)[:n] if n <= possible else rng.integers(0, possible, n)
    return [_person(_SURNAMES[i // len(_GIVEN)], _GIVEN[i % len(_GIVEN)]) for i in chosen.tolist()]


def _person(surname, given):
    return f"{surname[0]}{given[0]} {surname[1]} {given[1]}"


def email(name, number):
    latin = ".".join(name.split(" ")[1:]).lower()
    return f"{latin}{number}@example.com"


def companies(rng, industries):
    """One different name per industry code given, such as '泽川制造 Zechuan Manufacturing'.

    A company without an industry (-1) is a holding.
    """
    stems = len(_FIRST) * len(_SECOND)
    order = rng.permutation(stems)
    trades = [*_TRADES.values(), _NO_TRADE]
    names = []
    for number, industry in enumerate(np.asarray(industries).tolist()):
        stem = order[number % stems]
        first, second = _FIRST[stem // len(_SECOND)], _SECOND[stem % len(_SECOND)]
        words = trades[industry]
        word = words[number // stems % len(words)]  # a stem that comes round again gets the next word
        names.append(f"{first[0]}{second[0]}{word[0]} {first[1]}{second[1]} {word[1]}")
    return told_apart(names)


def told_apart(names):
    """A number behind every name that has been there before."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found
