"""Administrative penalties 行政处罚: the 30 fields of 双公示 (Chinese names, pinyin codes), those of the national
publicity system and of its exchange format, and common wordings; fills `penalties`.

A row needs a party (name or code) and something that says what was decided: a document number, content, facts,
violation or a date of decision. Amounts are in 万元 by the fields' definition, unless the header says （元） or the
value has a unit. The type and number of identity documents (fields 10 to 13) are personal and never read.
"""

from __future__ import annotations

from indexer.sources.declare import PARTY_COLUMNS, Column, Source, column
from indexer.tables import PENALTIES


def _more(name: str, *aliases: str) -> Column:
    return Column((*aliases, *PARTY_COLUMNS[name].aliases))


PENALTY = Source(
    kind="penalty",
    title="行政处罚",
    table=PENALTIES,
    columns={
        **PARTY_COLUMNS,
        "party_name": _more("party_name", "行政相对人名称", "CF_XDR_MC"),
        "party_kind": column("行政相对人类别", "CF_XDR_LB", "相对人类别", "当事人类别", "行政相对人类型"),
        "party_uscc": _more(
            "party_uscc", "行政相对人代码_1(统一社会信用代码)", "CF_XDR_SHXYM", "行政相对人代码_1", "行政相对人代码",
        ),
        "party_reg_no": _more("party_reg_no", "行政相对人代码_2(工商注册号)", "CF_XDR_GSZC", "CF_XDR_GSDJ"),
        "party_org_code": column("行政相对人代码_3(组织机构代码)", "CF_XDR_ZZJG", "CF_XDR_ZDM", "组织机构代码"),
        "party_tax_no": column("行政相对人代码_4(税务登记号)", "CF_XDR_SWDJ", "税务登记号", "税务登记证号"),
        "party_institution_no": column("行政相对人代码_5(事业单位证书号)", "CF_XDR_SYDW", "事业单位证书号"),
        "party_society_no": column("行政相对人代码_6(社会组织登记证号)", "CF_XDR_SHZZ", "社会组织登记证号"),
        "legal_rep": column(
            "法定代表人", "CF_FRDB", "CF_FR", "法定代表人姓名", "法定代表人(负责人)", "法定代表人(负责人)姓名",
            "法定代表人/负责人", "负责人", "负责人姓名", "法人代表", "法人", "经营者", "主要负责人",
        ),
        "doc_no": column(
            "行政处罚决定书文号", "CF_WSH", "penDecNo", "决定书文号", "处罚决定书文号", "处罚文书号",
            "行政处罚文书号", "处罚决定文书号", "行政处罚决定书号", "处罚决定书号", "处罚文号", "文书号", "文号",
            "决定文书号", "行政处罚决定文书号", "处罚书文号", "案号", "doc_no",
        ),
        "violation": column(
            "违法行为类型", "CF_WFXW", "illegActType", "违法类型", "违法行为", "违法行为种类", "主要违法行为", "案由",
            "处罚案由",
        ),
        "facts": column(
            "违法事实", "CF_SY", "处罚事由", "主要违法事实", "违法事实和证据", "处罚事实", "行政处罚事由",
            "违法违规事实",
        ),
        "basis": column(
            "处罚依据", "CF_YJ", "行政处罚依据", "法律依据", "处罚法律依据", "行政处罚的依据", "处罚依据条款",
        ),
        "penalty_types": column(
            "处罚类别", "CF_CFLB", "penType_CN", "处罚种类", "行政处罚种类", "处罚类别1", "CF_CFLB1", "处罚类型",
            "行政处罚类别", "行政处罚类型", "penType",
        ),
        "penalty_types_2": column("处罚类别2", "CF_CFLB2", "处罚种类2"),
        "content": column(
            "处罚内容", "CF_NR", "penContent", "行政处罚内容", "处罚结果", "CF_JG", "CF_CFJG_NR", "处罚决定",
            "行政处罚结果", "处罚决定内容",
        ),
        "fine": column(
            "罚款金额(万元)", "CF_NR_FK", "penAm", "罚款金额", "罚款", "罚款数额", "处罚金额", "罚没金额", "罚款额",
        ),
        "confiscated": column(
            "没收违法所得、没收非法财物的金额(万元)", "CF_NR_WFFF", "forfAm", "没收金额",
            "没收违法所得、没收非法财物的金额", "没收违法所得金额", "没收违法所得没收非法财物的金额", "没收违法所得",
            "没收违法所得或没收非法财物的金额",
        ),
        "licence": column("暂扣或吊销证照名称及编号", "CF_NR_ZKDX", "暂扣或吊销证照名称", "吊销证照名称及编号"),
        "decided_on": column(
            "处罚决定日期", "CF_JDRQ", "penDecIssDate", "作出行政处罚决定日期", "行政处罚决定日期", "决定日期",
            "处罚日期", "作出处罚决定日期", "处罚时间", "处罚决定时间", "作出行政处罚的日期", "decided_on",
        ),
        "effective_until_on": column("处罚有效期", "CF_YXQ", "处罚有效期至", "有效期"),
        "published_on": column("公示日期", "publicDate", "公示时间", "公开日期", "公布日期", "发布日期", "发布时间"),
        "public_until_on": column(
            "公示截止期", "CF_GSJZQ", "CF_JZQ", "公示截止日期", "公示截至日期", "公示到期日期", "公示期限至",
            "处罚截止期", "公示期限",
        ),
        "authority": column(
            "处罚机关", "CF_CFJG", "penAuth_CN", "决定机关名称", "作出行政处罚决定机关名称", "作出处罚决定的机关",
            "处罚单位", "处罚机构", "作出行政处罚决定机关", "作出处罚决定机关", "行政处罚机关", "行政处罚决定机关",
            "决定机关", "执法机关", "处罚实施机关", "作出行政处罚的机关名称", "penAuth",
        ),
        "authority_uscc": column("处罚机关统一社会信用代码", "CF_CFJGDM", "处罚机关代码"),
        "data_source": column("数据来源单位", "CF_SJLY", "CF_SJLYDW", "数据来源"),
        "data_source_uscc": column("数据来源单位统一社会信用代码", "CF_SJLYDM", "CF_SJLYDWDM"),
        "remark": column("备注", "BZ", "CF_BZ", "说明"),
        "state": column("当前状态", "CF_ZT", "ZT", "处罚状态", "公示状态", "数据状态", "状态", "记录状态"),
        "withdrawn": column("是否撤销", "是否撤回", "撤销标志", "撤销情况"),
        "withdrawn_on": column("撤销日期", "撤回日期", "撤销时间"),
        "repaired": column(
            "是否修复", "是否已修复", "信用修复", "信用修复状态", "修复状态", "是否信用修复", "信用修复情况",
        ),
        "repaired_on": column("修复日期", "信用修复日期", "修复时间", "信用修复时间", "修复完成日期"),
    },
    required=(
        ("party_name", "party_uscc", "party_reg_no", "party_code"),
        ("doc_no", "content", "facts", "violation", "decided_on"),
    ),
    marks=(
        "doc_no", "violation", "facts", "basis", "content", "penalty_types", "fine", "confiscated", "licence",
        "decided_on", "public_until_on", "effective_until_on", "party_kind",
    ),
    ignored=(
        "pripid", "主体身份代码", "序号", "编号", "id", "数据更新时间", "数据更新时间戳", "SJC", "地方编码", "DFBM",
    ),
)  # fmt: skip
