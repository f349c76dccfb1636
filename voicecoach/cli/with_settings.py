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

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override, unused-ignore]
        """Read the arguments; raise SettingsError where a setting that is wanted is wrong.

        Whoever asks for help gets it, whatever the settings are like.
        """
        used = {} if ctx.resilient_parsing else dict(self._used())
        if not used:
            return super().parse_args(ctx, args)
        from voicecoach.cli.settings.table import Source, read_settings

        settings = read_settings()
        ctx.default_map = {
            param.name: _for(param, settings.value(setting.name))
            for param, setting in used.items()
            if settings.source(setting.name) is not Source.DEFAULT
        }
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
        """Yield the parameters that settings stand for, with these, in the order of the table."""
        from voicecoach.cli.settings.table import SETTINGS

        for setting in SETTINGS:
            if self.name in setting.commands:
                for param in self.params:
                    if setting.option in param.opts:
                        yield param, setting

    def _leaves_no_room(self, ctx: Context, setting: Setting, given: set[str]) -> bool:
        """Return whether a setting has no meaning beside what was asked for."""
        named = {
            name
            for param in self.params
            if param.name in given
            for name in (*param.opts, *param.secondary_opts, getattr(param, "metavar", None))
        }
        needed = ctx.params.get(setting.needs, "needs nothing")
        return not named.isdisjoint(setting.unless) or needed in {"", NO_MUSIC}


def _for(param: Any, value: Any) -> Any:
    """Return the value as the parameter takes it: in a list where it may be said again."""
    return [value] if param.multiple and not isinstance(value, list) else value
