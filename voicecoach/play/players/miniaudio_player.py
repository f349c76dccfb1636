"""One continuous stream through miniaudio: the device calls when it needs frames, and gets copies.

The callback needs the interpreter's lock, so it does little more than copy, and the buffer is long
enough to sit out a thread that holds the lock for some 150 ms.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from voicecoach.play.players.device_clock import DeviceClock
from voicecoach.play.players.player import Abilities, Player, unavailable
from voicecoach.play.players.quiet import quiet_stderr

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from voicecoach.play.players.feed import Feed
    from voicecoach.play.players.outflow import Outflow

NAME = "miniaudio"
BUFFER_MS = 300
# miniaudio asks most sound systems for three such buffers; PulseAudio took up to 480 ms ahead.
AHEAD_SECONDS = 3 * BUFFER_MS / 1000
# Closing the device throws away what has not sounded: the silence after the stream pushes it out,
# through a server and a wireless link too.
DRAIN_SECONDS = AHEAD_SECONDS + 0.3
PROBE_SAMPLE_RATE = 48_000

MEANINGS = {
    -203: "no sound system answers",
    -204: "there is no playback device",
    -400: "the sound system does not answer",
    -401: "no playback device could be opened",
    -402: "the playback device could not be started",
}
"""What the commonest numbers in a MiniaudioError say."""


class MiniaudioPlayer(Player):
    """Plays through the operating system's own sound system: exact, and there on most machines."""

    name: ClassVar[str] = NAME
    abilities = Abilities(
        exact_pause=True, volume=True, device_choice=True, seamless=True, position_seconds=0.03
    )

    def __init__(self, device: str | None = None, *, backends: Sequence[Any] = ()) -> None:
        super().__init__(device)
        self._backends = list(backends)
        """The sound systems to try, as miniaudio.Backend; all but the null one when empty."""
        self._device: Any = None
        self._outflow: Outflow | None = None
        self._clock: DeviceClock | None = None
        self._tail_frames = 0
        """How much the device has taken behind the end of the stream."""

    def probe(self) -> None:
        """Open the device and close it again; PlayerUnavailableError where there is none."""
        self._device = self._open_device(PROBE_SAMPLE_RATE, 1)
        self._close()

    def _begin(self) -> None:
        super()._begin()
        self._outflow = self._clock = None
        self._tail_frames = 0

    def _open(self, feed: Feed) -> None:
        import miniaudio

        self._outflow = self._new_outflow(feed)
        self._clock = DeviceClock(self._sample_rate)
        self._device = self._open_device(self._sample_rate, self._channels)
        frames = self._copy_frames(feed, self._outflow, self._clock)
        next(frames)
        try:
            with quiet_stderr():
                self._device.start(frames)
        except miniaudio.MiniaudioError as error:
            raise unavailable(self.name, _reason(error)) from error

    def _open_device(self, sample_rate: int, channels: int) -> Any:
        import miniaudio

        try:
            with quiet_stderr():
                device = miniaudio.PlaybackDevice(
                    output_format=miniaudio.SampleFormat.SIGNED16,
                    nchannels=channels,
                    sample_rate=sample_rate,
                    buffersize_msec=BUFFER_MS,
                    device_id=self._device_id(),
                    backends=self._backends,
                    app_name="voicecoach",
                )
        except miniaudio.MiniaudioError as error:
            raise unavailable(self.name, _reason(error)) from error
        # Where no sound system answers, miniaudio falls back to its null one, which is mute.
        if device.backend == "Null" and not self._backends:
            _release(device)
            raise unavailable(self.name, "no sound system answers")
        return device

    def _device_id(self) -> Any:
        if self._device_name is None:
            return None
        found = _playback_devices(self._backends)
        wanted = self._device_name.casefold()
        matching = [one for one in found if one["name"].casefold() == wanted] or [
            one for one in found if wanted in one["name"].casefold()
        ]
        if len(matching) != 1:
            names = ", ".join(f'"{one["name"]}"' for one in matching or found) or "none"
            which = "more than one device matches" if matching else "no device is called"
            raise unavailable(self.name, f'{which} "{self._device_name}"; there are: {names}')
        return matching[0]["id"]

    def _copy_frames(
        self, feed: Feed, outflow: Outflow, clock: DeviceClock
    ) -> Generator[bytes, int, None]:
        wanted = yield b""
        while True:
            now = time.monotonic()
            before_frames = outflow.given_frames
            has_ended = feed.ended  # asked first: the feed grows, then ends
            frames = outflow.take(wanted).tobytes()
            missing = before_frames + wanted - outflow.given_frames
            if missing:
                frames += outflow.fill(missing).tobytes()
                if has_ended:
                    self._tail_frames += missing
            ran_dry = clock.took(now, before_frames, outflow.given_frames)
            self._note_hunger((missing > 0 or ran_dry) and not has_ended and outflow.has_begun)
            wanted = yield frames

    def _taken_frames(self, feed: Feed) -> int:  # noqa: ARG002  (the callback has counted)
        return 0 if self._outflow is None else self._outflow.given_frames

    def _sounded_frames(self, feed: Feed) -> int:  # noqa: ARG002
        return self._stream_frames_at(time.monotonic())

    def _surely_heard(self, feed: Feed) -> int:  # noqa: ARG002
        return 0 if self._clock is None else self._stream_frames_at(self._clock.noted_at)

    def _stream_frames_at(self, moment: float) -> int:
        if self._outflow is None or self._clock is None:
            return 0
        return self._outflow.stream_frames(self._clock.heard_frames(moment))

    def _is_drained(self, feed: Feed) -> bool:  # noqa: ARG002
        return self._tail_frames > DRAIN_SECONDS * self._sample_rate

    def _close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            with quiet_stderr():
                _release(device)


def open_here(device: str | None) -> Player:
    """Return a player whose device was opened just now; PlayerUnavailableError where that fails."""
    player = MiniaudioPlayer(device)
    player.probe()
    return player


def device_names() -> list[tuple[str, bool]]:
    """Return the name of every device and whether it is the default one; none without devices."""
    import miniaudio

    try:
        with quiet_stderr():
            return [(one["name"], one["is_default"]) for one in _playback_devices(())]
    except miniaudio.MiniaudioError:
        return []


def _playback_devices(backends: Sequence[Any]) -> list[dict[str, Any]]:
    import miniaudio

    class Listing(miniaudio.Devices):  # type: ignore[misc]
        # The inherited method opens every device to learn its formats, which may take seconds.
        def _get_info(self, _kind: Any, device_info: Any) -> dict[str, Any]:
            return {"is_default": bool(device_info.isDefault)}

    listing = Listing(list(backends))
    if listing.backend == "Null" and not backends:
        return []
    found: list[dict[str, Any]] = listing.get_playbacks()
    return found


def _release(device: Any) -> None:
    """Close a device and the connection to its sound system, which close() alone leaves open."""
    import miniaudio

    device.close()
    context = getattr(device, "_context", None)
    if context is not None:
        miniaudio.lib.ma_context_uninit(context)


def _reason(error: Exception) -> str:
    """Return miniaudio's message, or what its number means if that says more to a person."""
    message, *codes = error.args or (str(error),)
    for code in codes:
        return MEANINGS.get(code, f"{message} (miniaudio error {code})")
    return str(message)
