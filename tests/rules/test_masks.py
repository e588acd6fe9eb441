"""What is masked and what is left, as texts: ⟦P:13800001234⟧ is a number that a mask takes the place of.

All persons, numbers and addresses are invented. I: identity number, P: telephone, B: bank account, M: e-mail,
W: WeChat, Q: QQ, C: plate number of a car, H: address.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from indexer.findings import Code
from indexer.read.frames import BatchBuilder
from xincha.rules.redact import (
    BANK_MASK,
    HOME_MASK,
    ID_MASK,
    MAIL_MASK,
    PATTERN,
    PHONE_MASK,
    PLATE_MASK,
    QQ_MASK,
    WECHAT_MASK,
    Field,
    excerpt,
    redact,
)

MASKS = {"I": ID_MASK, "P": PHONE_MASK, "B": BANK_MASK, "M": MAIL_MASK, "W": WECHAT_MASK, "Q": QQ_MASK, "C": PLATE_MASK,
         "H": HOME_MASK}  # fmt: skip
MARKED = re.compile("⟦(.):(.*?)⟧")

# 350203 19800101 123 5 and 35020319800101 123 hold; so do 350203 19760229 001 7 and 350203 19901231 00X X
TO_MASK = """
张示例⟦I:350203198001011235⟧
ID⟦I:350203198001011235⟧
SFZ⟦I:350203198001011235⟧号
当事人A⟦I:350203198001011235⟧
No.⟦I:350203198001011235⟧
经营者张示例X⟦I:350203198001011235⟧，
⟦I:350203.19800101.1235⟧
⟦I:350203·19800101·1235⟧
⟦I:350203-19800101-1235⟧
⟦I:350203—19800101—1235⟧
⟦I:350203–1980–0101–1235⟧
⟦I:350203－19800101－1235⟧
⟦I:350203●19800101●1235⟧
⟦I:350203•19800101•1235⟧
⟦I:350203_19800101_1235⟧
⟦I:350203/19800101/1235⟧
⟦I:3502 0319 8001 0112 35⟧
⟦I:3 5 0 2 0 3 1 9 8 0 0 1 0 1 1 2 3 5⟧
⟦I:350203 - 19800101 - 1235⟧
（⟦I:３５０２０３１９８００１０１１２３５⟧）
身份证号⟦I:350203.19800101.1234⟧
身份证：⟦I:350203——19800101——1234⟧
身份证号码 ⟦I:350203●●●●●●●●1235⟧
身份证号码为⟦I:350203○○○○○○○○1235⟧
⟦I:350203●●●●●●●●1235⟧
⟦I:350203********1235⟧
⟦I:350203 **** **** 1235⟧
⟦I:3502**************⟧
⟦I:350203■■■■■■■■1235⟧
张示例⟦I:350203xxxxxxxx1235⟧
张示例⟦I:350203800101123⟧
（⟦I:350203800101123⟧）
ID⟦I:350203800101123⟧
⟦I:350203-800101-123⟧
⟦I:350203 800101 123⟧
公民⟦I:350203.800101.123⟧
身份证⟦I:350203800101123⟧
姓名张示例，⟦I:350203800101123⟧
编号：⟦I:350203198001011235⟧
编号⟦I:350203198001011235⟧
案号：⟦I:350203198001011235⟧
案号为⟦I:350203198001011235⟧
受理编号⟦I:350203198001011235⟧
档案号：⟦I:350203198001011235⟧
身份证编号：⟦I:350203198001011235⟧
证件编号⟦I:350203198001011235⟧
⟦P:138-000-01234⟧
⟦P:138 000 01234⟧
⟦P:138.000.01234⟧
⟦P:138.0000.1234⟧
⟦P:138·0000·1234⟧
⟦P:138－0000－1234⟧
⟦P:138—0000—1234⟧
⟦P:138 - 0000 - 1234⟧
⟦P:138-00001234⟧
⟦P:1380-000-1234⟧
⟦P:1380-0001-234⟧
⟦P:138-00001-234⟧
⟦P:1 3 8 0 0 0 0 1 2 3 4⟧
⟦P:013800001234⟧
⟦P:86-138-0000-1234⟧
⟦P:+86 138 0000 1234⟧
⟦P:0086-13800001234⟧
⟦P:(+86)13800001234⟧
张示例（⟦P:138-000-01234⟧）
⟦P:13800001234⟧-⟦P:13800001235⟧-⟦P:13800001236⟧
手机1：⟦P:138-0000-1234⟧
手机号⟦P:138.00001234⟧
电话⟦P:1380 000 1234⟧
⟦P:0592-2000123⟧
⟦P:0592—2000123⟧
⟦P:0592 2000123⟧
⟦P:(0592)2000123⟧
张示例⟦P:010-62000123⟧
⟦P:021-62000123-801⟧
固话⟦P:2000123⟧
座机：⟦P:0592-200-0123⟧
座机：⟦P:0592 2000 123⟧
致电⟦P:0592-2000123⟧
传真⟦P:0592-2000123转801⟧
Tel: ⟦P:0592-2000123⟧
Phone：⟦P:2000123⟧
联系电话⟦P:0592-2000123、2000124⟧
⟦M:zhangshili@example.com⟧
邮箱：⟦M:zhang.shili+1@mail.example.com.cn⟧
邮箱⟦M:123456@example.com⟧，
⟦M:zhang_shili＠example.com⟧
E-mail:⟦M:zhang-shili@example.org⟧。
张示例（⟦M:a@example.cn⟧）
微信：⟦W:zhangshili⟧
微信号：⟦W:zhang_shili-88⟧
微信号为⟦W:wxid_abc123def⟧
微信⟦W:zhang88888⟧
微信账号“⟦W:zhangshili⟧”
加微信(⟦W:zhangshili88⟧)
薇信：⟦W:zhangshili⟧
VX：⟦W:zhangshili⟧
vx⟦W:zhang88888⟧
V信⟦W:zhang88888⟧
WeChat: ⟦W:zhangshili⟧
wx:⟦W:zhangshili⟧
微信号⟦W:13800001234⟧
QQ：⟦Q:1234567⟧
QQ号⟦Q:12345⟧
QQ号码为⟦Q:123456789⟧
QQ⟦Q:1234567890⟧
qq:⟦Q:123456⟧
ＱＱ：⟦Q:１２３４５６７⟧
QQ群⟦Q:123456789⟧
⟦C:闽D12345⟧
车牌号⟦C:闽D·12345⟧
驾驶⟦C:闽D-A1234⟧小型汽车
号牌为⟦C:闽DA1234⟧的货车
⟦C:闽D 12345⟧、⟦C:京A·1234B⟧
新能源车⟦C:闽DD12345⟧
⟦C:粤B12345D⟧号车
⟦C:闽D1234挂⟧
⟦C:闽Ｄ１２３４５⟧
现居⟦H:福建省厦门市示例区示例路1号⟧
现居住地：⟦H:厦门市示例路1号501室⟧
现居地⟦H:厦门市示例路1号⟧
居所：⟦H:厦门市示例区示例里2号⟧
居所地为⟦H:示例县示例镇示例村3号⟧
经常居所地：⟦H:厦门市示例路1号⟧
租住于⟦H:厦门市示例区示例花园3栋301室⟧
租住在⟦H:示例街道示例社区4号⟧，
租住地址：⟦H:厦门市示例路1号⟧
暂居⟦H:厦门市示例路1号⟧
借住⟦H:示例小区3栋⟧
寄住⟦H:示例小区3栋⟧
住处：⟦H:厦门市示例路1号⟧
家庭住所⟦H:厦门市示例路1号⟧
联系地址：⟦H:厦门市示例区示例路1号501室⟧
送达地址：⟦H:厦门市示例区示例路1号⟧；
送达地址为⟦H:示例县示例镇示例村3号⟧
通讯地址⟦H:厦门市示例路1号⟧
通信地址：⟦H:厦门市示例路1号⟧
邮寄地址：⟦H:厦门市示例路1号⟧
收件地址：⟦H:厦门市示例路1号⟧
当事人厦门示例有限公司，法定代表人张示例，联系地址：⟦H:厦门市示例路1号⟧
"""
TO_LEAVE = """
厦市监罚〔2018〕13812345678号
厦市监罚(2018)13812345678号
厦市监罚[2018]第13812345678号
厦市监罚字〔2018〕第 13812345678 号
（2018）闽0203行初13号
文号：13812345678
决定书文号13812345678号
第13812345678号决定
批号15912345678
订单号 13812345678
案号：350203201905120001
案号350203201505120001
受理编号350203201905120001
条码350203198001011235
商品编码350203198001011235
91350203155103485D
35020310001234X
许可证编号：闽D12345
许可证证号：粤B10043
京B2-20180001
闽B2-20040099
京ICP备12345678号
闽ICP备2018000123号-1
闽G妆网备字2019000123
新A级景区
川味5678号餐厅
云A级旅游
国药准字Z20123456
GB 10592-2008
GB/T 20591-2006
DB35/T 1234-2018
Q/0592S0001S-2018
举报电话：0592-2000123
投诉热线0592-2000123
服务热线：0592-2000123
咨询电话为0592-2000123
热线400-800-1234
拨打12345、12315
12315@xm.gov.cn
邮箱：jubao@example.gov.cn
@示例
微信公众号：xiamenshop88
微信公众号“示例便民”
微信小程序
微信支付20180305123456
微信(WeChat)
微信群
通过微信APP销售
微信朋友圈发布广告
QQ音乐
QQ2018年
QQ群
1.38.0000.1234
138.00001234
139.50 2000.12
150.00、160.00
2018-03-05 12:00:00
20180305 20190305
2018.03.05-2019.03.05
1500元、2000元、3000元
13800000000元
IMEI 350203800101123
编号350203800101123
示例公司350203800101123
居所变更
居所不详
邻居所在位置
现居住信息
送达地址确认书
联系地址不详
联系地址：厦门市示例区市场监督管理局
我局送达地址：厦门市示例区人民政府
当事人厦门示例有限公司，联系地址：厦门市示例路1号
租住房屋信息
住所：厦门市示例区示例路1号
经营场所：厦门市示例区示例路1号
提供住宿服务
出租住房
罚款人民币13800000000.00元
3502031980010112
350203198001011234
6222021308001234567
"""
OF_FIELDS: list[tuple[Field, str]] = [
    ("name", "厦门13912345678通讯有限公司"),
    ("name", "示例13800138000手机店"),
    ("name", "厦门示例0592-2000123电话服务部"),
    ("name", "示例QQ123456网吧"),
    ("name", "微信88888888便利店"),
    ("name", "闽D12345汽车修理店"),
    ("name", "家住示例路1号便利店"),
    ("name", "示例58同城信息技术有限公司"),
    ("name", "张示例⟦P:13800001234⟧"),
    ("name", "张示例（身份证号⟦I:350203198001011235⟧）"),
    ("name", "张示例⟦I:350203198001011235⟧"),
    ("name", "示例便利店⟦I:350203198001011235⟧食品店"),
    ("number", "13812345678"),
    ("number", "厦市监罚13812345678号"),
    ("number", "厦运罚闽D12345号"),
    ("number", "138-0000-1234"),
    ("number", "0592-2000123"),
    ("number", "6222021308001234560"),
    ("number", "⟦I:350203198001011235⟧"),
    ("number", "厦市监罚⟦I:350203198001011235⟧号"),
    ("number", "身份证⟦I:350203198001011234⟧"),
    ("address", "厦门市示例区联系地址路1号"),
    ("address", "住厦门市示例区示例路1号"),
    ("address", "居所路1号"),
    ("address", "厦门市示例路1号⟦P:13800001234⟧"),
    ("address", "厦门市示例路1号，电话⟦P:0592-2000123⟧"),
    ("address", "厦门市示例路1号（⟦I:350203198001011235⟧）"),
]


def given_and_masked(marked: str) -> tuple[str, str]:
    """A text, and what becomes of it."""
    return MARKED.sub(r"\2", marked), MARKED.sub(lambda found: MASKS[found[1]], marked)


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("marked", lines(TO_MASK))
def test_what_is_personal_is_masked(marked: str) -> None:
    text, masked = given_and_masked(marked)
    assert redact(text) == masked


@pytest.mark.parametrize("text", lines(TO_LEAVE))
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(("field", "marked"), OF_FIELDS)
def test_what_a_column_holds_decides(field: Field, marked: str) -> None:
    text, masked = given_and_masked(marked)
    assert redact(text, field) == masked


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(lines(TO_MASK)) >= 120
    assert len(lines(TO_LEAVE)) >= 60


@pytest.mark.parametrize("marked", lines(TO_MASK))
def test_the_prefilter_of_columns_finds_it(marked: str) -> None:
    text, _ = given_and_masked(marked)
    assert pl.Series([text]).str.contains(PATTERN).item()


@pytest.mark.parametrize("number", ["350203198001011235", "13800001234", "0592-2000123", "zhangshili@example.com"])
@pytest.mark.parametrize("before", [*range(470, 501), 990, 9_990, 9_999])
def test_a_rejected_row_is_masked_before_it_is_cut(number: str, before: int) -> None:
    builder = BatchBuilder(["名称"], "示例.csv")
    builder.reject(Code.WRONG_FIELD_COUNT, 1, 1, "示" * before + number + "，示例" * 10_000)
    raw = builder.take(1).rejects["raw"].item()
    assert len(raw) <= 500
    assert not re.search("[0-9@]", raw)


def test_a_row_of_nothing_but_numbers_is_masked_to_its_end() -> None:
    numbers = "，".join(["350203198001011235"] * 5_000)
    for length in range(9_990, 10_010):
        assert not re.search("[0-9]", excerpt(numbers[:length], 500))


@pytest.mark.parametrize("column", ["公司", "示例店"])
def test_a_row_of_megabytes_is_cut(column: str) -> None:
    assert len(excerpt(f"{column}13800001234，" * 200_000, 500)) == 500


def test_names_addresses_and_scopes_of_the_registry_stay(registry: Path) -> None:
    """Every change would be a false one: the register publishes no personal data but names."""
    fields: dict[str, Field] = {"企业名称": "name", "注册地址": "address", "经营范围": "text", "法人代表": "text"}
    for file in ("xiamen", "fujian_rest", "national"):
        rows = pl.read_csv(registry / f"{file}.csv", infer_schema=False).select(*fields)
        for column, field in fields.items():
            texts = rows[column].filter(rows[column].str.contains(PATTERN)).to_list()
            assert [text for text in texts if redact(text, field) != text] == [], column
