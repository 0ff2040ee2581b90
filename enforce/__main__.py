"""The command line (命令行): `enforce run params/putuo-2024.yaml`.

Nothing heavy is imported until a command runs, so that help and refusals come at once.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import click

from enforce.desk.commands.click_chinese import HELP, Group, Required, Whole
from enforce.desk.run.logbook import steps_shown


@click.group(cls=Group, context_settings=HELP, no_args_is_help=True)
@click.version_option(package_name="enforce", message="执法计划工作簿 %(version)s", help="显示版本")
def cli() -> None:
    """执法计划工作簿：由年度计划文件生成检查计划、月度安排和年终总结。"""


#: So many new objects before the next look for what can be given back: a table is hundreds of thousands.
_OBJECTS = 200_000
_FILE = click.Path(path_type=Path)
_MONTH = Whole(1, 12)
_WHICH_MONTH = "月度安排做哪个月；不写则为批准后的下一个月，没有检查记录时为第一个有家次的月"
_KINDS = (
    "是哪种表：register、roster、tasks、records、limits、 penalties、elsewhere、clues、recusals 或 plan；不写则自己辨认"
)
_MAPPING = click.option("--mapping", metavar="名称", default="", help="表头用哪个列名对照：params/exchange/名称.csv")
_QUARANTINE = click.option("--quarantine", metavar="文件.xlsx", type=_FILE, help="有问题的行放到这个文件，其余照读")


_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="逐格印出进度，并在报告里留下运行日志")


def _tell_report(report: Path) -> None:
    """Say what a director asks, what the report does not hold, and which page to open first."""
    from enforce.papers.report.manifest import read_manifest

    content = read_manifest(report)
    lines = [*content.get("answers", ()), *content.get("notes", ())]
    pages = (name for name in ("index.html", *_pages(content)) if (report / name).exists())
    lines += [f"打开：{os.path.relpath(report / name)}" for name in list(pages)[:1]]
    click.echo("\n".join(lines))


def _pages(content: dict) -> list[str]:
    """The pages that a run wrote, by name: those of the year before those of a month."""
    return sorted(entry["file"] for entry in content["outputs"] if entry["file"].endswith(".html"))


def _tell_aside(quarantine: Path | None) -> None:
    """Say where the rows are that a report does not count."""
    if quarantine and quarantine.exists():
        click.echo(f"有问题的行放在 {os.path.relpath(quarantine)}，没有计入；改正后请再运行。")


@cli.command(short_help="新建一份计划的文件")
@click.argument("bureau", metavar="单位全称")
@click.option("--year", cls=Required, required=True, metavar="年度", help="计划年度，如 2026（必写）")
@click.option("--teams", metavar="科队,科队", default="", help="参加执法的科队，用逗号或顿号隔开；可以写 科队=人数")
@click.option("--name", metavar="简称", default="", help="计划简称；不写则用地名的拼音和年度")
@click.option("--district", metavar="行政区", default="", help="从省级写起，如 湖南省岳阳市云溪区")
@click.option("--yaml", is_flag=True, help="写成 YAML 计划文件和一个放表的工作簿；不写则是一个工作簿")
def new(bureau: str, **options: Any) -> None:
    """新建一份计划：写出一个填写用的工作簿（或 YAML 和表），已有的文件一律不覆盖。"""
    from enforce.desk.commands.begin import write_new_plan

    year = _whole_number(options.pop("year"), "--year")
    for key, text in (("district", "行政区（从省级写起，如 湖南省岳阳市云溪区）"), ("teams", "科队（几个用逗号隔开）")):
        if not options[key] and sys.stdin.isatty():
            options[key] = click.prompt(text, default="", show_default=False)
    options["teams"] = [team for part in re.split("[,，、;；]", options["teams"]) if (team := part.strip())]
    click.echo("\n".join(write_new_plan(bureau, year, **options)))


@cli.command("next-year", short_help="由今年的计划写出下一年的计划")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option(
    "--before", metavar="计划文件", type=_FILE, multiple=True, help="前一年、前两年的计划：核算细目取三年平均"
)
@click.option("--measured", is_flag=True, help="每次天数用实测的（向标准靠拢）；不写则用标准，两者都在“上年结转”里")
@click.option("--name", metavar="简称", default="", help="计划简称；不写则把今年简称里的年度加一")
def next_year(plan: Path, **options: Any) -> None:
    """写出下一年的计划：事项、人员、科队人日、企业台账接着今年的，附件 4 是今年的总结；已有的文件一律不覆盖。"""
    from enforce.desk.commands.following import write_next_year

    click.echo("\n".join(write_next_year(plan, **options)))


@cli.command(short_help="把计划文件从 YAML 转成工作簿，或反过来")
@click.argument("plan", metavar="方案.yaml", type=_FILE)
@click.option(
    "--out", metavar="文件", type=_FILE, help="写到哪里；不写则为 params/简称.yaml 或 data/简称/年度计划.xlsx"
)
def params(plan: Path, out: Path | None) -> None:
    """把 YAML 写成工作簿，或把工作簿里的选择写成 YAML；再读回来是同一份计划，表仍在原处。"""
    from enforce.desk.commands.begin import write_other_form

    click.echo("\n".join(write_other_form(plan, out)))


@cli.command(short_help="生成一份报告")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--month", metavar="1-12", type=_MONTH, help=_WHICH_MONTH)
@click.option("--out", metavar="DIR", type=_FILE, help="报告放在哪里；不写则为 reports/计划简称")
@click.option("--as-of", metavar="日期", default="", help="年终总结算到哪一天，如 2024-06-30；不写则为年底")
@click.option("--require-official", is_flag=True, help="放假安排尚未发布时停止，不用预估")
@click.option("--scenario", metavar="名称", default="", help="按已保存的情景算，报告放在 reports/计划简称-情景名")
@_QUARANTINE
@_VERBOSE
def run(plan: Path, out: Path | None, quarantine: Path | None, verbose: bool, **options: object) -> None:
    """由计划文件生成一份报告：三本笔记本、网页、表格和清单。

    先核对全部输入，有问题时一次列全，不写任何文件；中途出错或停止时，上一份报告原样保留。
    """
    from enforce.desk.run import batch
    from enforce.papers.report.folder import listing

    with steps_shown(every=verbose):
        report = batch.run(plan, out=out, quarantine=quarantine, **options)
    click.echo(f"报告已生成：{os.path.relpath(report)}（{len(listing(report))} 个文件）")
    _tell_report(report)
    _tell_aside(quarantine)


@cli.command(short_help="把批准的计划定版")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.argument("version", metavar="[版本.json]", required=False, type=_FILE)
@click.option("--accept-overload", is_flag=True, help="有超负荷或排不下的，确认仍要定版")
@click.option("--withdraw", "reason", metavar="原因", help="撤回最新的一版（还没有以后的记录、没有备案），写明原因")
def approve(plan: Path, version: Path | None, accept_overload: bool, reason: str | None) -> None:
    """把批准的计划定版：批准当日的计划算作第 1 版，存进数据文件夹的 versions/，以后不再覆盖。

    写明 replan 写出的新版本，则把它定为下一版；它须接着最新的一版。重排以最新定版的为准。
    """
    from enforce.desk.commands import approve

    if reason is None:
        lines = approve.approve(plan, version, accept_overload=accept_overload)
    elif version or accept_overload:
        raise click.UsageError("--withdraw 撤回最新的一版，不与别的选项同用")
    else:
        lines = approve.withdraw_version(plan, reason)
    click.echo("\n".join(lines))


@cli.command(short_help="从某一天起重排剩下的家次")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--as-of", required=True, cls=Required, metavar="日期", help="到这一天为止的完成情况不再变动（必写）")
@click.option("--from", "base", metavar="版本.json", type=_FILE, help="与哪一版比较；不写则为最新定版的")
@click.option("--out", metavar="DIR", type=_FILE, help="写到哪里；不写则为 reports/计划简称")
@_QUARANTINE
@_VERBOSE
def replan(plan: Path, as_of: str, base: Path | None, quarantine: Path | None, verbose: bool, **options: Any) -> None:
    """从某一天起重排剩下的家次：已完成的不动，已公示的尽量不动；写出调整单和计划的新版本。"""
    from enforce.desk.run import batch

    with steps_shown(every=verbose):
        report = batch.run(plan, notebooks=batch.REPLAN, as_of=as_of, base=base, quarantine=quarantine, **options)
    click.echo(f"调整单已写入：{os.path.relpath(report / f'调整单-{as_of}.xlsx')}")
    _tell_report(report)
    versions = sorted(report.glob("plan-v*.json"), key=lambda file: int(file.stem.removeprefix("plan-v")))
    for newest in versions[-1:]:
        click.echo(f"下一步：批准以后定版，enforce approve {plan} {os.path.relpath(newest)}")
    _tell_aside(quarantine)


@cli.command("schedule", short_help="把各家次排到日期和人员，写出一个月的材料")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--month", metavar="1-12", type=_MONTH, help="下发哪个月；不写则与 run 相同")
@click.option("--as-of", metavar="日期", default="", help="从这一天以后重排（如月中有人请病假）；下发这天所在的月份")
@click.option("--trial", is_flag=True, help="只试排：写出材料，不存安排、不算下发")
@click.option("--each", is_flag=True, help="每份现场检查方案另存一个 Word 文件")
@click.option("--out", metavar="DIR", type=_FILE, help="写到哪里；不写则为 reports/计划简称/日程-年-月")
def schedule_month(plan: Path, **options: Any) -> None:
    """把没有做的各家次排到工作日和两名执法人员，写出一个月的安排、方案、日历和回填表，都是局内材料。

    安排存进数据文件夹的 arrangements/，以后重排时日期、人员、安排编号尽量不变，变了的列出要告诉谁。
    """
    from enforce.desk.commands import schedule as scheduling

    with steps_shown():
        lines = scheduling.arrange_month(plan, **options)
    click.echo("\n".join(lines))


@cli.command(short_help="问某个月为什么是这么多家次")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--task", metavar="事项编号", default="", help="哪个事项，如 P01；不写则列出全部事项")
@click.option("--month", metavar="1-12", type=_MONTH, help="哪个月；不写则十二个月都答")
@click.option("--one-more", is_flag=True, help="改问：这个月再加 1 家次，要让出什么")
@click.option("--as-of", metavar="日期", default="", help="问从这一天起重排以后的计划；不写则问批准的计划")
@click.option("--from", "base", metavar="版本.json", default="", help="重排与哪一版比较；不写则为批准的计划")
def why(plan: Path, **asked: Any) -> None:
    """问某个月为什么是这么多家次：每个回答都是另排一次、逐步比较得出的，不是估计。

    写明事项和月份，答一格；都不写，列出每个事项各月的理由。加 --one-more，答各月再加 1 家次要让出什么。
    """
    from enforce.desk.commands.explain import answer

    if asked["one_more"] and asked["task"]:
        raise click.UsageError("--one-more 问的是全部事项，不写 --task")
    if asked["base"] and not asked["as_of"]:
        raise click.UsageError("写了 --from 就要写 --as-of")
    click.echo("\n".join(answer(plan, **asked)))


@cli.command(short_help="写出成套公文，或核对写好的公文")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--only", metavar="名称", multiple=True, help="只出这一份，如 请示、附件2、季度计划；可写几次")
@click.option("--out", metavar="DIR", type=_FILE, help="写到哪里；不写则为 reports/计划简称/公文")
@click.option("--pdf", is_flag=True, help="另存 PDF 供校对（要装有 LibreOffice）")
@click.option("--month", "arranged", metavar="1-12", type=_MONTH, help="月度计划和月公示做哪个月；不写则与 run 相同")
@click.option("--as-of", metavar="日期", default="", help="另出这一天的调整单")
@click.option("--verify", "folder", metavar="DIR", type=_FILE, help="不写文件，核对这个文件夹里的公文和工作簿")
@click.pass_context
def documents(ctx: click.Context, plan: Path, folder: Path | None, **options: Any) -> None:
    """写出一份计划的成套公文（Word），每个数都从计划文件算出；或把写好、改过的公文同计划逐数核对。

    核对时按现在的计划文件重新计算：一致退出码为 0；有数字不一致，列出文件、句子、印的数和应有的数，退出码为 1。
    """
    from enforce.desk.commands import documents

    if folder is None:
        with steps_shown():
            lines = documents.write_papers(plan, **options)
        click.echo("\n".join(lines))
        return
    if any(options.values()):
        raise click.UsageError("--verify 只核对，不与别的选项同用")
    lines, good = documents.verify(plan, folder)
    click.echo("\n".join(lines))
    ctx.exit(0 if good else 1)


@cli.command("explore", short_help="打开情景推演网页")
@click.argument("plan", metavar="[计划文件]", required=False, type=_FILE)
@click.option("--scenario", metavar="名称", default="", help="先载入哪个已保存的情景")
@click.option("--officers", metavar="科队=人数", multiple=True, help="先改人员增减，如 执法大队=-1；可写几次")
@click.option("--reserve", metavar="比例", default="", help="先改留有余地，如 0.05")
@click.option("--visits", metavar="事项=家次", multiple=True, help="先改一个事项的家次，如 P06=12；可写几次")
@click.option("--port", metavar="端口", type=Whole(1, 65535), help="网页用哪个端口；不写则自己找空着的")
@click.option("--no-browser", is_flag=True, help="只印出地址，不打开浏览器")
def explore_plan(plan: Path | None, scenario: str, port: int | None, no_browser: bool, **asked: Any) -> None:
    """打开情景推演网页：改一个数，马上看到全年的变化；页面上可以换另一份计划。

    只有本机、带着印出的口令才能打开；关掉网页，占用的内存自动收回。
    """
    from enforce.inputs.parameters.plan import read_plan

    if plan is not None:
        read_plan(plan)
    options = [f"--{kind} {text}" for kind in ("officers", "visits") for text in asked[kind]]
    options += [f"--reserve {asked['reserve']}"] if asked["reserve"] else []
    if options:
        from enforce.desk.sweep import one_point
        from enforce.desk.year import open_year

        if scenario or plan is None:
            raise click.UsageError("--officers、--reserve、--visits 要写计划文件，不与 --scenario 同用")
        scenario = " ".join(options)
        one_point(open_year(plan), scenario)
    from enforce.desk.explorer.door import serve

    serve(plan, scenario, port, browser=not no_browser)


@cli.command("city", short_help="一次算许多份计划，汇总成一页")
@click.argument("plans", metavar="计划文件...", nargs=-1, required=True, type=_FILE)
@click.option("--name", metavar="名称", default="全市", help="汇总叫什么，写入 reports/名称；不写则为全市")
@click.option("--jobs", metavar="几份", type=Whole(1, 256), help="同时算几份；不写则与本机处理器同数")
@click.option("--dask", metavar="地址", default="", help="在这个已经启动的 Dask 集群上算，如 tcp://10.0.0.5:8786")
@click.option("--out", metavar="DIR", type=_FILE, help="各份报告和汇总放在哪个文件夹下面；不写则为 reports")
@click.pass_context
def city_plans(ctx: click.Context, plans: tuple[Path, ...], **options: Any) -> None:
    """一次算许多份计划：每份的报告与单独 run 的相同，另写一页汇总和一本表格；不排名次。

    一份出错，写明原因，不影响别的；中途停了再执行同一条命令，只算还没有算的和改过的。有没算成的，退出码为 1。
    """
    from enforce.desk.run.city import run_city

    if options["jobs"] and options["dask"]:
        raise click.UsageError("--jobs 是本机同时算几份，不与 --dask 同用")
    with steps_shown():
        target, districts = run_city(plans, **options)
    failed = [one for one in districts if one.fault]
    lines = [f"{one.name} 没有算成：{one.fault}" for one in failed]
    click.echo("\n".join([*lines, f"{len(districts)} 份计划，{len(districts) - len(failed)} 份算成"]))
    click.echo(f"打开：{os.path.relpath(target / 'index.html')}")
    ctx.exit(1 if failed else 0)


@cli.command("pack", short_help="把一份计划打成报送包")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--out", metavar="文件.zip", type=_FILE, help="写到哪里；不写则为 reports/计划简称-报送.zip")
def pack_plan(plan: Path, out: Path | None) -> None:
    """把一份计划打成一个报送包（zip）：公文、表、数字、各个文件的摘要和版本；同一份计划打出的，逐个字节相同。

    包里只有 params/rules/filing.csv 列出的公文和列，没有人员、投诉、等级和备注。
    """
    from enforce.desk.commands.filing import write_pack

    with steps_shown():
        lines = write_pack(plan, out)
    click.echo("\n".join(lines))


@cli.command("receive", short_help="收各单位的报送包，核对、审核、汇总")
@click.argument("folder", metavar="文件夹", type=_FILE)
@click.option("--name", metavar="名称", default="报送汇总", help="汇总叫什么，写入 reports/名称；不写则为报送汇总")
@click.option(
    "--expected", metavar="名单", multiple=True, type=_FILE, help="谁该交：名单（csv、xlsx）或计划文件；可写几次"
)
@click.option("--due", metavar="日期", default="", help="截止日期，名单里另写的从名单")
@click.option("--year", metavar="年度", type=Whole(2004, 2099), default=None, help="哪一年的计划；不写则同多数")
@click.option("--out", metavar="DIR", type=_FILE, help="汇总放在哪个文件夹下面；不写则为 reports")
@click.pass_context
def receive_packs(ctx: click.Context, folder: Path, year: int | None, **options: Any) -> None:
    """核对一个文件夹里的报送包：摘要、由包里的表重算的数字、公文审核；列出没有交的、迟交的，汇总成一页。

    坏的包点名退回，不影响别的。全部收到、没有问题的退出码为 0，否则为 1。
    """
    from enforce.desk.run.intake import intake_sentence, receive_folder

    with steps_shown():
        target, table = receive_folder(folder, year=year or 0, **options)
    doubtful = table[(table["message"] != "") | (table["filing_state"] != "received")]
    lines = [f"{row.file or row.bureau} {row.filing_state.label}：{row.message}" for row in doubtful.itertuples()]
    click.echo("\n".join([*(line.removesuffix("：") for line in lines), intake_sentence(table)]))
    click.echo(f"打开：{os.path.relpath(target / 'index.html')}")
    ctx.exit(1 if lines else 0)


@cli.command("sweep", short_help="一次推演许多情景")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--officers", metavar="科队=从..到", multiple=True, help="人员增减几档，如 执法大队=-2..2；可写几次")
@click.option("--reserve", metavar="比例,比例", default="", help="留有余地几档，如 0.05,0.10,0.15")
@click.option("--visits", metavar="事项=从..到", multiple=True, help="一个事项的家次几档，如 P06=8..16；可写几次")
@click.option("--save", metavar="点,点", default="", help="不推演，把这些点存为情景；点的号见上次推演的表")
@click.option("--out", metavar="DIR", type=_FILE, help="写到哪里；不写则为 reports/计划简称-情景网格")
@_VERBOSE
def sweep_plan(plan: Path, save: str, out: Path | None, verbose: bool, **asked: Any) -> None:
    """一次推演许多情景：人、余地、家次各变几档，每个点都重新排一次，列出最高负荷和差的人日，找出排得下的边界。

    写出笔记本、网页和表格；要细看的点用 --save 存为情景，再用 explore --scenario 打开。
    """
    from enforce.desk.run import batch
    from enforce.desk.sweep import save_points, sweep

    asked = {name: value if isinstance(value, str) else ";".join(value) for name, value in asked.items()}
    with steps_shown(every=verbose):
        year = batch.solved_year(plan.resolve())
        grid = sweep(year, **asked)
        if save:
            numbers = [_whole_number(text.strip(), "--save") or 0 for text in re.split("[,，、]", save)]
            files = save_points(grid, numbers)
            lines = [f"已存为情景 {file.stem}；打开：enforce explore {plan} --scenario {file.stem}" for file in files]
            click.echo("\n".join(lines))
            return
        out = out or batch.report_place(plan.resolve(), batch.GRID)
        fitting = int(grid.points["fits"].sum())
        report = batch.run(plan, notebooks=batch.SWEEP, out=out, year=year, asked=asked, timeout=batch.LONG)
    click.echo(f"情景网格已写入：{os.path.relpath(report)}（{len(grid.scenarios)} 个点，{fitting} 个排得下）")
    _tell_report(report)


@cli.command(short_help="比较计划的两个版本")
@click.argument("older", metavar="旧版本.json", type=_FILE)
@click.argument("newer", metavar="新版本.json", type=_FILE)
def compare(older: Path, newer: Path) -> None:
    """比较计划的两个版本：哪个事项、哪个月、由几家次改为几家次。旧版本须是新版本的来历。"""
    from enforce.desk.commands.compare import compare as compare_versions

    click.echo(compare_versions(older, newer))


@cli.command(short_help="就地重跑提交的笔记本")
def accept() -> None:
    """数字变动确认无误后，就地重跑提交的笔记本，列出结果有变的格。"""
    from enforce.desk.run.accept import accept as rerun

    with steps_shown():
        lines = rerun()
    click.echo("\n".join(lines or ["笔记本已重跑，结果没有变化。"]))


@cli.command(short_help="检查一个或几个输入文件")
@click.argument("files", metavar="文件...", nargs=-1, required=True, type=_FILE)
@click.option("--kind", metavar="种类", help=_KINDS)
@click.option("--sheet", metavar="工作表", help="读哪一张工作表；不写则自己找")
@click.option("--plan", metavar="计划文件", type=_FILE, help="拿哪个计划文件和它的表来核对")
@click.option("--as-of", metavar="年-月-日", default="", help="这一天以后的日期算作将来，不接受")
@_MAPPING
@_QUARANTINE
@click.option("--json", "as_json", is_flag=True, help="结果写成 JSON，供程序读")
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool, **options: object) -> None:
    """检查输入文件：是什么表、怎样读的、改写了什么、跳过了什么、有什么要改正。

    企业台账、执法人员名册、检查事项表、检查记录、计划文件都可以；全部可用时退出码为 0，有问题为 1。
    """
    from enforce.desk.commands.check import check as check_files
    from enforce.inputs.tables.forms import FORMS

    if options["kind"] not in (None, "plan", *FORMS):
        raise click.UsageError(f"没有 {options['kind']} 这种表，应为 {'、'.join([*FORMS, 'plan'])} 之一")
    if options["mapping"] and not options["plan"]:
        raise click.UsageError("写了 --mapping 就要写 --plan")
    result = check_files(files, **options)
    click.echo(result.as_json() if as_json else str(result))
    ctx.exit(0 if result.good else 1)


@cli.command(short_help="审核任何一份计划的文本")
@click.argument("files", metavar="文件...", nargs=-1, type=_FILE)
@click.option("--plan", metavar="方案.yaml", type=_FILE, help="同时与哪个方案的规则、依据和家次核对")
@click.option("--json", "as_json", is_flag=True, help="结果写成 JSON，供程序读")
@click.option("--out", metavar="审核.xlsx", type=_FILE, help="结果另写成工作簿；Word 文件另存一份带批注的")
@click.pass_context
def audit(ctx: click.Context, files: tuple[Path, ...], plan: Path | None, as_json: bool, out: Path | None) -> None:
    """审核计划文本：合计、乘积、占比、前后是否一致，单位、依据、附件等有没有问题；几份文件算作一份计划，一起核对。

    可以读 docx、txt、md、xlsx、csv、html、有文字的 PDF；写 - 则读标准输入里粘贴的文字。没有须改正的退出码为 0，
    有为 1；有文件读不出或命令写错为 2，读得出的照样审核。
    """
    from enforce.desk.commands import audit as auditing
    from enforce.words.problems import InputError

    if not files or (out and out.suffix.lower() != ".xlsx") or (out and out in files):
        raise click.UsageError("写明要审核的文件（- 为标准输入）；--out 写作另一个 .xlsx 文件")
    try:
        pasted = sys.stdin.buffer.read() if Path("-") in files else None
        result = auditing.audit_files(files, plan=plan, pasted=pasted)
    except InputError as error:
        click.echo(str(error), err=True)
        ctx.exit(2)
    click.echo(result.as_json() if as_json else str(result))
    written = auditing.write_audit(result, out) if out else []
    for line in (*result.notes, *(f"已写出 {os.path.relpath(path)}" for path in written)):
        click.echo(line, err=True)
    ctx.exit(result.status)


_PLAN = click.option(
    "--plan", cls=Required, required=True, metavar="计划文件", type=_FILE, help="哪个计划的台账（必写）"
)


@cli.command(short_help="把做过的检查登记进台账")
@click.argument("file", metavar="记录文件", type=_FILE)
@_PLAN
@click.option("--sheet", metavar="工作表", help="读哪一张工作表；不写则自己找")
@click.option("--restore", is_flag=True, help="已撤回的记录、更正以前的旧内容，也按文件恢复")
@click.option("--month", metavar="1-12", type=_MONTH, help="交回的月度安排回填表是几月的；写了就核对，不是这个月的不收")
def record(file: Path, plan: Path, **options: Any) -> None:
    """把做过的检查登记进台账：先核对整个文件，有问题一次列全、一条不记；没有问题就全部记下。

    同一份或有重叠的导出再次登记，不会重复；内容有变的算更正，原记录保留。交回的月度安排回填表也用它登记：
    做了的记入台账，没有做、改期、换人的原因记在安排旁边。
    """
    from enforce.desk.commands import record

    click.echo("\n".join(record.record(plan, file, **options)))


@cli.command(short_help="撤回台账里的记录")
@click.argument("record_ids", metavar="检查编号...", nargs=-1, required=True)
@_PLAN
@click.option("--reason", cls=Required, required=True, metavar="原因", help="为什么撤回（必写，不写人名）")
def withdraw(record_ids: tuple[str, ...], plan: Path, reason: str) -> None:
    """撤回台账里的记录：原记录保留，不再计数。"""
    from enforce.desk.commands import record

    click.echo("\n".join(record.withdraw_records(plan, record_ids, reason)))


@cli.command(short_help="核对台账是否完好")
@_PLAN
@click.option("--head", metavar="链头", default="", help="报告上印的链头，核对它是否还在链上")
def verify_ledger(plan: Path, head: str) -> None:
    """逐笔核对台账：内容、顺序、结构有没有被改动；写明链头时，还能查出删掉的尾部和整条改写。"""
    from enforce.desk.commands import record

    click.echo("\n".join(record.verify_ledger(plan, head)))


@cli.command(short_help="把台账导出为表格")
@_PLAN
@click.option("--out", cls=Required, required=True, metavar="文件.xlsx", type=_FILE, help="写到哪里（必写）")
def export_ledger(plan: Path, out: Path) -> None:
    """把台账里有效的记录导出为表格；导出的表格再登记，不会增加一条。"""
    from enforce.desk.commands import record

    click.echo("\n".join(record.export_ledger(plan, out)))


@cli.command("streets-template", short_help="写出街镇填写用的工作簿")
@_PLAN
@click.option("--out", metavar="文件.xlsx", type=_FILE, help="写到哪里；不写则在数据文件夹旁边")
def streets_template(plan: Path, out: Path | None) -> None:
    """写出各街镇填写年度检查计划和进展的工作簿：街镇、月份从下拉里选；已有的文件不覆盖。"""
    from enforce.desk.commands import streets

    click.echo("\n".join(streets.write_template(plan, out)))


@cli.command("streets", short_help="汇总街镇交来的计划和进展")
@click.argument("folder", metavar="文件夹", type=_FILE)
@_PLAN
@click.option("--as-of", default="", metavar="日期", help="截至哪一天；不写则为交来的最近一次检查日期")
@click.option("--days", type=Whole(1, 366), metavar="天", help="同一单位相隔不足几天的列出；不写则按计划的最短间隔")
@click.option("--out", metavar="文件.xlsx", type=_FILE, help="另写成工作簿")
def streets_summary(folder: Path, plan: Path, **options: Any) -> None:
    """汇总一个文件夹里各街镇交来的计划和进展：谁没有交、各完成多少、哪些单位与本局的检查相隔太近。

    文件放在数据文件夹的 streets/ 里的，年终总结也列出。
    """
    from enforce.desk.commands import streets

    click.echo("\n".join(streets.roll_up(folder, plan, **options)))


@cli.command(short_help="导出企业、事项、人员和月度计划")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--out", cls=Required, required=True, metavar="文件夹", type=_FILE, help="写到哪个新文件夹（必写）")
@click.option(
    "--mapping", metavar="名称", default="", help="用哪个列名对照（params/exchange/名称.csv）；不写则用本程序的列名"
)
@click.option("--format", "ending", metavar="格式", default="xlsx", help="xlsx 或 csv；不写则为 xlsx")
def export(plan: Path, out: Path, **options: str) -> None:
    """导出企业台账、检查事项、执法人员和月度计划，供别的系统读入；导出的表读回来，一个值也不变。

    月度计划是附件1，一行一个事项一个月，写成家次限制表：放进数据文件夹（存为 limits.xlsx），各月就固定不动。
    """
    from enforce.desk.commands import export

    if options["ending"] not in export.FORMATS:
        raise click.UsageError(f"--format 应为 {' 或 '.join(export.FORMATS)}")
    click.echo("\n".join(export.write_exchange(plan, out, **options)))


@cli.group("draw", short_help="随机抽取：固定名单、登记种子、抽取、公示")
@click.argument("plan", metavar="计划文件", type=_FILE)
@click.option("--task", "task_id", cls=Required, required=True, metavar="事项编号", help="哪个事项，如 P10（必写）")
@click.option("--month", metavar="1-12", type=_MONTH, default=None, help="按月抽取的写哪个月；不写则为全年一次")
@click.pass_context
def draw_group(ctx: click.Context, plan: Path, task_id: str, month: int | None) -> None:
    """随机抽取一个事项的单位，任何人都能重做：先固定名单，再由公开事件给出种子，最后抽取。

    三步各登记一次，写进数据文件夹的 draws/，摘要写进检查台账的链；名单变了、事件不符、种子用过，都不抽。
    检查以前只公示名单摘要。
    """
    ctx.obj = (plan, task_id, month or 0)


def _event_options(command: Any) -> Any:
    """Add the three options of a public event."""
    texts = {"kind": "是什么，如 掷骰子", "place": "在哪里", "event-date": "哪一天，如 2024-04-08"}
    for name, text in reversed(texts.items()):
        option = click.option(f"--{name}", cls=Required, required=True, metavar="文字", help=f"公开事件{text}（必写）")
        command = option(command)
    return command


def _whole_number(text: str | None, option: str = "--places") -> int | None:
    """Return the whole number of an option, or refuse what is none."""
    if text is not None and not (text.isascii() and text.isdecimal()):
        raise click.UsageError(f"{option} 应为 1 以上的整数，不是 {text}")
    return None if text is None else int(text)


@draw_group.command("commit", short_help="第一步：固定名单，约定公开事件")
@click.option("--date", cls=Required, required=True, metavar="日期", help="名单固定的日期，如 2024-04-01（必写）")
@_event_options
@click.option("--places", metavar="家数", help="抽几家；不写则为本事项（写了 --month 的为该月）还没有抽的家数")
@click.option("--strata", metavar="层", default="", help="按什么分层：subdistrict（乡镇、街道）或 sector（行业）")
@click.option("--weighted", is_flag=True, help="按计划文件的抽取权重加权")
@click.pass_obj
def draw_list(which: tuple, places: str | None, **options: Any) -> None:
    """固定名单：写下参加和不参加的单位、原因，印出名单摘要，约定以后的公开事件。"""
    from enforce.desk.commands import draw

    click.echo("\n".join(draw.commit(*which, places=_whole_number(places), **options)))


@draw_group.command("seed", short_help="第二步：登记公开事件给出的种子")
@click.option("--number", cls=Required, required=True, metavar="号码", help="事件给出的号码，数字或英文字母（必写）")
@_event_options
@click.pass_obj
def draw_seed(which: tuple, event_date: str, **options: Any) -> None:
    """登记种子：事件须是约定的那一个，晚于名单固定的日期，没有用过（号码可以相同）。"""
    from enforce.desk.commands import draw

    click.echo("\n".join(draw.seed(*which, date=event_date, **options)))


@draw_group.command("draw", short_help="第三步：抽取")
@click.pass_obj
def draw_names(which: tuple) -> None:
    """抽取：由名单和种子算出号、次序、抽中的单位和候补；名单与现在的台账不同就不抽。"""
    from enforce.desk.commands import draw

    click.echo("\n".join(draw.draw(*which)))


@draw_group.command("withdraw", short_help="撤回还没有种子的名单")
@click.option("--reason", cls=Required, required=True, metavar="原因", help="为什么撤回（必写，不写人名）")
@click.pass_obj
def draw_withdrawal(which: tuple, reason: str) -> None:
    """撤回固定了、还没有登记种子的名单（如事件写错）：记录留存，编号不再使用，公示页写明。"""
    from enforce.desk.commands import draw_events

    click.echo("\n".join(draw_events.withdraw_list(*which, reason=reason)))


@draw_group.command("event", short_help="登记抽中的单位不再检查，由候补递补")
@click.argument("unit", metavar="单位代码")
@click.option("--date", cls=Required, required=True, metavar="日期", help="哪一天，如 2024-05-06（必写）")
@click.option(
    "--why", cls=Required, required=True, metavar="原因",
    help="closed 停业、关闭、注销，refused 拒绝检查，moved 迁出，cancelled 取消（必写）",
)  # fmt: skip
@click.option("--evidence", cls=Required, required=True, metavar="凭证", help="如 现场笔录、照片编号（必写，不写人名）")
@click.pass_obj
def draw_event(which: tuple, **options: Any) -> None:
    """登记抽中的单位停业、拒绝检查、迁出或取消检查：由同层的下一个号递补，没有候补的写明；抽取结果不变。"""
    from enforce.desk.commands import draw_events

    click.echo("\n".join(draw_events.event(*which, **options)))


@draw_group.command("page", short_help="写出公示页和复核程序")
@click.option("--publish", is_flag=True, help="公布名单和结果（抽中的都检查过以后）；不写则只公示名单摘要")
@click.option("--out", metavar="DIR", type=_FILE, help="写到哪里；不写则为 reports/计划简称/公示")
@click.pass_obj
def draw_notice(which: tuple, publish: bool, out: Path | None) -> None:
    """写出公示页（不联网就能查、能复核）和旁边的 verify_draw.py；检查以前只有名单摘要和约定的事件。"""
    from enforce.desk.commands import draw

    click.echo("\n".join(draw.write_page(*which, publish=publish, out=out)))


def _usage_message(error: click.UsageError) -> str:
    """Return the fault of a command line, in Chinese."""
    if isinstance(error, click.NoSuchOption):
        near = "".join(f"；是否想写「{name}」？" for name in (error.possibilities or ())[:1])
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要写值"
    if isinstance(error, click.MissingParameter):
        option = [error.param.opts[0]] if isinstance(error.param, click.Option) else []
        return " ".join(["缺少", *option, error.param.make_metavar(error.ctx) if error.param else "参数"])
    if isinstance(error, click.BadParameter):
        return f"{error.param.opts[0] if error.param else '参数'}：{error.message}"
    return error.message if not error.message.isascii() else "命令写得不对"


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _run(arguments: list[str] | None) -> int:
    from enforce.words.files import OutputError
    from enforce.words.problems import InputError, NoRecords, Unsolved

    try:
        return cli.main(arguments, prog_name="enforce", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        return 2
    except click.UsageError as error:
        click.echo(f"{_usage_message(error)}。用 --help 看说明。".replace("？。", "？"), err=True)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("已停止。报告没有写到一半：文件夹里仍是完整的一份。", err=True)
        return 130
    except (InputError, NoRecords, OutputError, Unsolved) as error:
        click.echo(str(error), err=True)
        return 1
    except OSError as error:
        click.echo(f"读写 {Path(error.filename or '').name or '文件'} 出错（系统代码 {error.errno}）。", err=True)
        return 1


def _take_chinese_names() -> None:
    """Start again in Python's UTF-8 mode where the names of files are taken in ASCII, or in another set, alone."""
    try:
        os.fsencode("执法计划")
    except UnicodeEncodeError:
        if os.environ.get("PYTHONUTF8") != "1":
            os.environ["PYTHONUTF8"] = "1"
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with 0, 1 (refused or failed), 2 (written wrongly) or 130 (stopped)."""
    signal.signal(signal.SIGTERM, _stop)
    gc.set_threshold(_OBJECTS)
    if arguments is None:
        _take_chinese_names()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    sys.exit(_run(arguments))


if __name__ == "__main__":
    main()
