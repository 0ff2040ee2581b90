"""The Chinese command line (中文命令行): help, usage and refusals of commands in words a planner reads."""

from __future__ import annotations

import click

from enforce.words.texts import nearest

_WORDS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
HELP = {"help_option_names": ["--help", "-h"], "max_content_width": 100}


class _Formatter(click.HelpFormatter):
    """Help in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_WORDS.get(heading, heading)}：\n")


class Whole(click.IntRange):
    """A whole number within bounds, refused in Chinese."""

    name = "whole"

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or refuse what is none."""
        text = str(value)
        # int() would take "１", "1_0" and " 1 " as well
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and self.min <= int(text) <= self.max):
            self.fail(f"{text} 应为 {self.min} 到 {self.max} 的整数", param, ctx)
        return int(text)

    def _describe_range(self) -> str:
        return ""


class _Context(click.Context):
    """What makes the help Chinese throughout."""

    formatter_class = _Formatter


class _Chinese:
    """A command whose usage and help option are in Chinese."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示本说明"
        return option


class Required(click.Option):
    """An option that must be given; its own help says so, in Chinese."""

    def get_help_extra(self, ctx: click.Context) -> dict:
        """Leave out the English word for required: the help text says so itself."""
        return {name: text for name, text in super().get_help_extra(ctx).items() if name != "required"}


class Command(_Chinese, click.Command):
    """One command."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the usage in Chinese."""
        return ["[选项]", *super().collect_usage_pieces(ctx)[1:]]


class Group(_Chinese, click.Group):
    """The program."""

    command_class = Command
    group_class = type  # a group of acts is of this class too

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the usage in Chinese, with what stands before the command."""
        before = [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]
        return [*before, "命令 [选项] ..."]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the options of a group of acts wherever they stand: `draw PLAN commit --task P10`, help without them."""
        helps, behind = {*ctx.help_option_names}, []
        names = {name for param in self.params if isinstance(param, click.Option) for name in param.opts}
        if args and not args[0].startswith("-") and any(isinstance(param, click.Argument) for param in self.params):
            ahead: list[str] = []
            while args:
                word, *args = args
                if word.startswith("-") and (len(behind) == 1 or word.partition("=")[0] in names):
                    ends = 0 if "=" in word or word in helps else 1
                    if ends > len(args):
                        raise click.BadOptionUsage(word, "", ctx)
                    ahead, args = [*ahead, word, *args[:ends]], args[ends:]
                else:
                    behind.append(word)
            args = [*ahead, *behind]
        # an act's help asks for nothing that the group must have
        ctx.resilient_parsing = bool(helps.intersection(behind))
        try:
            return super().parse_args(ctx, args)
        finally:
            ctx.resilient_parsing = False

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple:
        """Refuse a command there is not, by name."""
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"没有命令 {args[0]}{nearest(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)
