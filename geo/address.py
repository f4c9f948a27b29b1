"""How Chinese addresses are written: one spelling for what people type, and the house number
behind a road's name."""

import re
import unicodedata
from dataclasses import dataclass

# Traditional characters seen in addresses typed in Guangzhou, and their simplified forms.
_TRADITIONAL = (
    "號東廣區華衛馬園樓環農陽門橋榮麗龍嶺鐵鳳聖陸蓮蘭濱遠運達羅黃崗員當應蔭場廈層棟單業醫學會館廠發經線濟靜"
    "縣鄉鎮莊灣島澤溝漢漁圍國際慶壽寶賢義興處對裡後側點車飛雲龜鶴錢銀鐘閣廟觀塵壩頭書張劉陳楊趙長萬與爾"
    "禮賓豐聯見實驗體檔報總辦務專貿紅綠藍並連邊進過裏術價買賣倉糧麵飯餐廳廚亞歐韓築匯滙鄰巖嶽錦繡綿維網"
    "橫恆臺瑤澗較執絲郵電僑邨駟雙紙詩淨靈財鹽貝啟軍紀動團頂機鬧藥櫃臨級強歲堅畫終節紡織訊護"
)
_SIMPLIFIED = (
    "号东广区华卫马园楼环农阳门桥荣丽龙岭铁凤圣陆莲兰滨远运达罗黄岗员当应荫场厦层栋单业医学会馆厂发经线济静"
    "县乡镇庄湾岛泽沟汉渔围国际庆寿宝贤义兴处对里后侧点车飞云龟鹤钱银钟阁庙观尘坝头书张刘陈杨赵长万与尔"
    "礼宾丰联见实验体档报总办务专贸红绿蓝并连边进过里术价买卖仓粮面饭餐厅厨亚欧韩筑汇汇邻岩岳锦绣绵维网"
    "横恒台瑶涧较执丝邮电侨村驷双纸诗净灵财盐贝启军纪动团顶机闹药柜临级强岁坚画终节纺织讯护"
)
_SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_NUMERAL = re.compile(r"([零〇○一二两三四五六七八九十百千]+)(?=号)")
_DASH = re.compile(r"[‐‑‒–—―−~至]")
_SPACE = re.compile(r"\s+")
# 238号, 238号之一, 238之一, 238-1号, 238、240号, 238; not 2楼, 3栋, 15米, 2路车.
_NUMBER = re.compile(
    r"(?:门牌)?(?:第|No\.?)?(?P<no>\d{1,5})"
    r"(?P<more>(?:[-、,/.]\d{1,5})*)"
    r"(?:号)?(?:之(?P<sub>[一二三四五六七八九十\d]+)|-(?P<dash>\d{1,3}))?"
    r"(?!\d)(?P<unit>[一-龥]?)"
)
_NOT_HOUSES = set("楼栋幢座层米点时分年月日人名个路线元岁房室巷街只辆台度万多余几来块斤吨毫厘公")


@dataclass(frozen=True, slots=True)
class House:
    """A house number: 238号之一 is number 238, part 一."""

    number: int
    part: str = ""
    end: int = 0


def normalise(text):
    """One spelling: half width, simplified characters, Arabic house numbers, no spaces."""
    text = unicodedata.normalize("NFKC", str(text or "")).translate(_SIMPLER)
    text = _DASH.sub("-", _SPACE.sub("", text))
    return _NUMERAL.sub(lambda match: _arabic(match[1]), text)


def house(text, start):
    """The House that begins at `start` of a normalised text, or None."""
    match = _NUMBER.match(text, start)
    if match is None:
        return None
    said = text[match.start() : match.end() - len(match["unit"])]
    if "号" not in said and match["unit"] in _NOT_HOUSES:
        return None
    more = match["more"]
    part = match["sub"] or match["dash"] or (more.lstrip("-") if more.startswith("-") else "")
    number = int(match["no"])
    return House(number, part, match.end() - len(match["unit"])) if number else None


def _arabic(numeral):
    if not set(numeral) & set("十百千"):
        return "".join(str(_DIGITS[c]) for c in numeral)
    total, digit = 0, None
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total += (1 if digit is None else digit) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = None
    return str(total + (digit or 0))
