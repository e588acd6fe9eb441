"""Results of spot checks 抽查检查 (双随机): one check may have several results, joined by `；` or as rows; fills
`spot_checks`.

A row needs a party (name or code) and a date, result, plan or task of the check. The key of a row is party, date,
plan or task, and authority: rows of one key are one check, and their items and results are joined.
"""

from __future__ import annotations

from indexer.sources.declare import PARTY_COLUMNS, Source, column
from indexer.tables import SPOT_CHECKS

SPOT_CHECK = Source(
    kind="spot_check",
    title="抽查检查结果",
    table=SPOT_CHECKS,
    columns={
        **PARTY_COLUMNS,
        "plan_no": column("抽查计划编号", "计划编号", "检查计划编号", "随机抽查计划编号", "plan_no"),
        "plan_name": column(
            "抽查计划名称", "计划名称", "检查计划名称", "抽查计划", "检查计划", "随机抽查计划名称", "plan_name",
        ),
        "task_no": column("抽查任务编号", "任务编号", "检查任务编号", "task_no"),
        "task_name": column("抽查任务名称", "任务名称", "检查任务名称", "抽查任务", "检查任务", "task_name"),
        "check_type": column(
            "类型(1=抽查2=检查)", "insType", "抽查检查类型", "抽查类型", "检查类型", "检查方式", "抽查/检查", "类别",
            "check_type",
        ),
        "items": column(
            "抽查事项", "检查事项", "抽查事项名称", "检查事项名称", "抽查内容", "检查内容", "抽查项目", "检查项目",
            "检查子项", "items",
        ),
        "results": column(
            "抽查检查结果", "insRes_CN", "结果", "检查结果", "抽查结果", "检查结论", "抽查结论", "检查情况",
            "抽查检查结论", "双随机检查结果", "insRes", "公示结果", "检查结果名称", "results", "result",
        ),
        "checked_on": column(
            "抽查检查日期", "insDate", "日期", "检查日期", "抽查日期", "检查时间", "抽查时间", "检查完成日期",
            "检查完成时间", "实施日期", "checked_on",
        ),
        "authority": column(
            "检查实施机关", "insAuth_CN", "抽查机关", "检查机关", "实施机关", "检查单位", "抽查检查机关", "抽查单位",
            "检查机关名称", "组织部门", "抽查部门", "检查部门", "执法机关", "insAuth",
        ),
    },
    required=(
        ("party_name", "party_uscc", "party_reg_no", "party_code"),
        ("results", "checked_on", "plan_name", "plan_no", "task_name", "task_no"),
    ),
    marks=("results", "checked_on", "authority", "plan_name", "plan_no", "task_name", "task_no", "items", "check_type"),
    ignored=("pripid", "主体身份代码", "序号", "编号", "id", "法定代表人", "负责人", "检查人员", "执法人员"),
    union_columns=("items", "results", "result_codes"),
)  # fmt: skip
