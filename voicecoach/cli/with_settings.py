"""Commands whose options begin with what the person's settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

from voicecoach.cli.options import options_given
from voicecoach.fitting.wishes import NO_MUSIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer import Context

    from voicecoach.cli.settings.table import Setting


class WithSettings(TyperCommand):
    """A command that takes from the settings what is not named on the command line."""

    def parse_args(  # type: ignore[override, unused-ignore]
        self, ctx: Context, args: list[str]
    ) -> list[str]:
        """Read the arguments; raise SettingsError where a setting that is wanted is wrong.

        A question for help gets its answer, whatever the settings are like.
        """
        used = {} if ctx.resilient_parsing else dict(self._used())
        if not used:
            return super().parse_args(ctx, args)
        from voicecoach.cli.settings.table import Source, read_settings

        settings = read_settings()
        # As click's defaults they give way to the command line, and help shows them. Its `envvar`
        # splits a list at blanks, and would be a second reader that knows less of what is right.
        ctx.default_map = {}
        for param, setting in used.items():
            if settings.source(setting.name) is not Source.DEFAULT:
                value = settings.value(setting.name)
                is_one = param.multiple and not isinstance(value, list)
                ctx.default_map[param.name] = [value] if is_one else value
        rest = super().parse_args(ctx, args)
        given = options_given(ctx)
        wanted = {param: setting for param, setting in used.items() if param.name not in given}
        for param, setting in list(wanted.items()):
            if self._leaves_no_room(ctx, setting, given):
                ctx.default_map.pop(param.name, None)
                param.handle_parse_result(ctx, {}, [])
                del wanted[param]
        settings.check(setting.name for setting in wanted.values())
        return rest

    def _used(self) -> Iterator[tuple[Any, Setting]]:
        """Yield the parameters that have settings, with these, in the order of the table."""
        from voicecoach.cli.settings.table import SETTINGS

        for setting in SETTINGS:
            if self.name in setting.commands:
                for param in self.params:
                    if setting.option in param.opts:
                        yield param, setting

    def _leaves_no_room(self, ctx: Context, setting: Setting, given: set[str]) -> bool:
        """Return True if a setting has no meaning beside the `given` parameters."""
        named = {
            name
            for param in self.params
            if param.name in given
            for name in (*param.opts, *param.secondary_opts, getattr(param, "metavar", None))
        }
        needed = ctx.params.get(setting.needs, "needs nothing")
        return not named.isdisjoint(setting.unless) or needed in {"", NO_MUSIC}
