"""The fingerprint of the analysis: a hash of what it makes of a fixed sample of texts.

Every function whose values are indexed is applied to texts of all kinds that were seen to matter: names of all forms,
traditional and rare signs, Latin, digits, brackets, addresses, scopes, numbers of decisions, codes. The tables of words
and divisions, and the libraries that bring dictionaries (by their versions), are part of it, since no sample holds all
of their entries. So an index is *not ready* when another analysis made it, and a comment or a new name of a function
changes nothing. The sample is a fixed one: another would make every index of before one of another analysis.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from xincha.text import divisions, doc_no, fold, industries, name_fields, name_words, names, tokens, uscc

_LIBRARIES = ("OpenCC", "rjieba", "jieba", "pypinyin")

_NAMES = (
    "厦门示例澜汀餐饮有限公司", "廈門示例瀾汀實業集團有限公司", "厦门市思明区示例澜汀餐饮店（个体工商户）",
    "示例（福建）科技股份有限公司厦门第一分公司", "福建省三明市大田县示例种植专业合作社", "中国示例（集团）总公司",
    "北京朝阳示例ABC-123信息技术有限责任公司", "上海示例＆Ｃｏ．贸易行（有限合伙）", "示例长乐重庆银行曾厝垵支行",
    "内蒙古自治区呼和浩特市示例律师事务所", "新疆伊犁哈萨克自治州示例和信养殖场", "日本示例机械株式会社福州代表处",
    "西安示例女装长沙曾记乐器行", "湖里区示例𠮷野家㐂茶坊", "示例·甲乙丙[丁]“戊”工作室", "0592示例网吧", "示例行",
    "&nbsp;示例 信查　数据&amp;服务  有限公司", "⻔窗示例店", "乾元示例堂", "单于示例解氏朴记查干食品厂", "",
    "示例一二三四〇五六七八九十百货超市", "示例绿源（厦门）新能源汽车销售服务有限公司特房广场店",
    "示例2.5度C#□**（股份）有限公司",
)  # fmt: skip
_TEXTS = (
    "软件开发；房地产开发经营；食品销售（含网络销售）；批发、零售：五金交电。", "厦门市思明区示例路1-2号3F之4单元",
    "（依法须经批准的项目，经相关部门批准后方可开展经营活动）许可项目：5G物联网、A.B-C d_e设备", "24小時便利店",
    "發布虛假宣傳廣告，違反《中华人民共和国反不正当竞争法》第八条第一款，罚款人民币贰万元整 | 没收違法所得１２.５元",
    "通过登记的住所或者经营场所无法联系", "未发现问题", "双随机、一公开 Ｑ１", "", "𠮷",
)  # fmt: skip
_DOC_NOS = ("厦市监罚〔2018〕012 号", "(德阳)应急罚[2019]第15号之2", "厦思市监列字（2020）第0007号", "示例-7")
_REGIONS = ("350203", "350204", "350205", "35", "1101", "659001", "710000", "999999")
_INDUSTRIES = ("F", "51", "5111", "I6510", "a01", "T", "99")
_USCCS = ("91350203YYY000038A", "")


@cache
def fingerprint() -> str:
    """Twelve hex digits, the same in every process; an index that was made with another analysis is not searched."""
    content = json.dumps([_sample(), _tables(), list(map(_version, _LIBRARIES))], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _sample() -> object:
    """What is indexed of the sample."""
    return [
        [name_fields.name_fields(name) for name in _NAMES],
        name_fields.name_fields(_NAMES[0], _NAMES[1:4]),
        list(map(names.name_key, _NAMES)),
        [
            [prepare(fold.fold(text)) for text in (*_NAMES, *_TEXTS)]
            for prepare in (tokens.letters, tokens.chars, tokens.bigrams, tokens.words)
        ],
        list(map(doc_no.doc_no_key, _DOC_NOS)),
        list(map(divisions.ancestors, _REGIONS)),
        list(map(industries.industry_ancestors, _INDUSTRIES)),
        list(map(uscc.org_code, _USCCS)),
    ]


def _tables() -> object:
    """The entries of the tables that the analysis goes by."""
    words = {name: sorted(table) for name, table in vars(name_words).items() if isinstance(table, frozenset)}
    divisions = [
        [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        for path in sorted(files("xincha.text").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".txt")
    ]
    return [words, divisions]


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} -"
