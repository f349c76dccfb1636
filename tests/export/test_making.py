"""A session as files: what is made, what is left as it is, and a track for each exercise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
from mutagen.id3 import ID3

from tests.support.needs import requires_program
from tests.support.tracks import SomeSession, decode_with_miniaudio, left_in
from voicecoach.drawing.cover import draw_cover
from voicecoach.errors import EngineUnavailableError, ExportError
from voicecoach.export.formats import FORMATS, Quality
from voicecoach.export.making import Made, Making, check_place_for, make
from voicecoach.export.sidecars import file_name
from voicecoach.files.replacing import MARK
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.session.session import Session, open_session
from voicecoach.sound.clip import read_wav, to_pcm16
from voicecoach.speech.process import EngineProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUTINE = """
voicecoach = 1
title = "Two moves"
audience = "adult"
opening = ["Welcome.", { block = "SC-A" }]
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach: up/down?"
say = "Reach up."
stop = "STOP-A1"
dose = "hold 2s"
rest_after = 3
[[steps]]
slug = "let-go"
name = "Let go"
say = "Let go."
dose = "3 reps, tempo 1-0-1"
"""
MP3 = Making(FORMATS["mp3"], Quality.PHONE)
WAV = Making(FORMATS["wav"], Quality.PHONE)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session of half a minute with its opening, two exercises and its closing."""
    with session_of(ROUTINE, tmp_path) as opened:
        yield opened


def session_of(text: str, folder: Path, **options: Any) -> Session:
    """Return a session of a routine that stands in a text."""
    (folder / "scripts").mkdir(exist_ok=True)
    path = folder / "scripts" / "two.toml"
    path.write_text(text, "utf-8")
    library = Library(working_folder=folder)
    return open_session(load_routine(path, library), library, voice="silent", **options)


def test_a_track_says_what_it_is(session: Session, tmp_path: Path) -> None:
    """Chapters, words and fields come from the routine; the comment holds what is said for safety."""
    track = tmp_path / "two.mp3"
    made = make(
        session, track, replace(MP3, date="2026-11-25"), number=2, album_tracks=7,
    )  # fmt: skip
    assert made == Made((track,), session.duration_seconds, up_to_date=False)
    id3 = ID3(track)
    assert [str(id3[name]) for name in ("TIT2", "TALB", "TCON", "TLAN", "TRCK")] == [
        "Two moves", "voicecoach for adults", "Fitness", "eng", "2/7",
    ]  # fmt: skip
    comment = str(id3.getall("COMM")[0])
    assert "See a doctor first if you have heart trouble" in comment
    assert comment.count("If anything hurts or feels unpleasant, stop and rest.") == 1
    chapters = {one.element_id: one for one in id3.getall("CHAP")}
    titles = [str(chapters[f"chp{index}"].sub_frames["TIT2"]) for index in range(4)]
    assert titles == [segment.title for segment in session.script.segments]
    assert titles[1] == "Reach: up/down?"
    words = [text.strip() for text, _ in id3.getall("SYLT")[0].text if text.strip()]
    assert words[0] == "Welcome."
    assert "Three." in words
    assert words[-1] == "Well done."


def test_a_track_has_its_cover(session: Session, tmp_path: Path) -> None:
    """The picture of this routine, in a track and in each of those of its exercises."""
    cover = draw_cover("Two moves", session.routine.audience, session.minutes)
    (track,) = make(session, tmp_path / "two.mp3", MP3).files
    tracks = make(session, tmp_path / "two", replace(MP3, split=True)).files[:4]
    for path in (track, *tracks):
        (picture,) = ID3(path).getall("APIC")
        assert (picture.mime, picture.type, picture.data) == ("image/jpeg", 3, cover)


def test_a_cover_that_cannot_show_the_title_shows_the_name(tmp_path: Path) -> None:
    """The routine's own name, as it is called by."""
    with session_of(ROUTINE.replace("Two moves", "腹筋"), tmp_path) as session:
        (track,) = make(session, tmp_path / "two.mp3", MP3).files
        (picture,) = ID3(track).getall("APIC")
        assert picture.data == draw_cover("two", session.routine.audience, session.minutes)


def test_what_has_not_changed_is_left_as_it_is(session: Session, tmp_path: Path) -> None:
    """The second time nothing is spoken or written; --force, another quality or format make it anew."""
    track = tmp_path / "two.mp3"
    make(session, track, MP3)
    before = track.stat().st_mtime_ns

    def never(what: str) -> Any:
        pytest.fail(f"began {what}")

    assert make(session, track, MP3, begin=never) == Made((track,), None, up_to_date=True)
    assert track.stat().st_mtime_ns == before
    assert not make(session, track, replace(MP3, force=True)).up_to_date
    assert track.stat().st_mtime_ns > before
    small = make(session, track, replace(MP3, quality=Quality.SMALL))
    assert not small.up_to_date
    assert mutagen.File(track).info.bitrate == 32_000


@pytest.mark.parametrize(
    ("before", "after"),
    [('say = "Let go."', 'say = "Let it go."'), ("hold 2s", "hold 3s"), ("Two moves", "Two more")],
)
def test_what_has_changed_is_made_anew(before: str, after: str, tmp_path: Path) -> None:
    """A word, a dose, a title."""
    track = tmp_path / "two.wav"
    with session_of(ROUTINE, tmp_path) as session:
        make(session, track, WAV)
    with session_of(ROUTINE + "\n# a remark\n", tmp_path) as session:
        assert make(session, track, WAV).up_to_date
    with session_of(ROUTINE.replace(before, after), tmp_path) as session:
        assert not make(session, track, WAV).up_to_date


def test_captions_lie_beside_the_track(session: Session, tmp_path: Path) -> None:
    """Each kind that was asked for, also where the track is up to date; only what is new is written."""
    track = tmp_path / "two.wav"
    make(session, track, WAV)
    making = replace(WAV, caption_kinds=("srt", "vtt", "lrc"))
    made = make(session, track, making)
    assert not made.up_to_date
    assert [path.name for path in made.files] == ["two.wav", "two.srt", "two.vtt", "two.lrc"]
    for path in made.files[1:]:
        text = path.read_text("utf-8")
        assert "Welcome." in text
        assert MARK in text
    written = [path.stat().st_mtime_ns for path in made.files]
    assert make(session, track, making).up_to_date
    assert [path.stat().st_mtime_ns for path in made.files] == written
    made.files[1].write_text(f"ours, but old. {MARK}", "utf-8")
    assert not make(session, track, making).up_to_date
    assert "Welcome." in made.files[1].read_text("utf-8")
    assert made.files[0].stat().st_mtime_ns == written[0]


def test_captions_of_others_stay(session: Session, tmp_path: Path) -> None:
    """Somebody's own subtitles are not overwritten unasked, and that is said before any work."""
    track, own = tmp_path / "two.mp3", tmp_path / "two.srt"
    own.write_text("1\n00:00:00,000 --> 00:00:01,000\nMine\n")
    making = replace(MP3, caption_kinds=("srt",))
    with pytest.raises(ExportError, match=r"two\.srt: is there already and was not made by voice"):
        check_place_for(track, making)
    assert "Mine" in own.read_text()
    make(session, track, replace(making, force=True))
    assert MARK in own.read_text()


def test_a_track_for_each_exercise(session: Session, tmp_path: Path) -> None:
    """Laid end to end the tracks are the session; the playlist has their true lengths."""
    folder = tmp_path / "two"
    made = make(session, folder, replace(WAV, split=True, caption_kinds=("srt",)))
    names = ["01 Opening.wav", "02 Reach up down.wav", "03 Let go.wav", "04 Closing.wav"]
    captions = [name.replace(".wav", ".srt") for name in names]
    assert left_in(folder) == sorted([*names, *captions, "two.m3u8"])
    assert len(made.files) == 9
    parts = [to_pcm16(read_wav(folder / name).samples) for name in names]
    whole = make(session, tmp_path / "whole.wav", WAV).files[0]
    np.testing.assert_array_equal(np.concatenate(parts), to_pcm16(read_wav(whole).samples))
    lines = (folder / "two.m3u8").read_text("utf-8").splitlines()
    assert lines[:3] == ["#EXTM3U", "#PLAYLIST:Two moves", f"# {MARK}"]
    for index, (name, part) in enumerate(zip(names, parts, strict=True)):
        length = f"{len(part) / session.sample_rate:.3f}"
        title = session.script.segments[index].title
        assert lines[3 + 2 * index : 5 + 2 * index] == [f"#EXTINF:{length},{title}", name]
    first = (folder / "03 Let go.srt").read_text("utf-8").splitlines()
    assert first[1].startswith("00:00:00,000")
    assert first[2] == "Let go."


def test_tracks_of_exercises_are_exact_as_mp3_too(session: Session, tmp_path: Path) -> None:
    """Each says its encoder's delay, so that a gapless player joins them without a seam."""
    folder = tmp_path / "two"
    make(session, folder, replace(MP3, split=True))
    starts = [round(start * session.sample_rate) for start in session.script.starts_seconds]
    lengths = np.diff([*starts, session.total_frames]).tolist()
    tracks = sorted(folder.glob("*.mp3"))
    assert [
        len(decode_with_miniaudio(track, session.sample_rate, 1)) for track in tracks
    ] == lengths
    id3 = ID3(tracks[1])
    assert [str(id3[name]) for name in ("TIT2", "TALB", "TRCK")] == [
        "Reach: up/down?", "Two moves", "2/4",
    ]  # fmt: skip
    assert not id3.getall("CHAP")


def test_a_folder_of_tracks_is_left_as_it_is_when_nothing_changed(
    session: Session, tmp_path: Path
) -> None:
    """All of them have to be there; one that is missing makes all anew."""
    folder = tmp_path / "two"
    making = replace(WAV, split=True)
    make(session, folder, making)
    assert make(session, folder, making).up_to_date
    made = make(session, folder, replace(making, caption_kinds=("lrc",)))
    assert not made.up_to_date
    written = {path: path.stat().st_mtime_ns for path in made.files}
    assert make(session, folder, replace(making, caption_kinds=("lrc",))).up_to_date
    assert {path: path.stat().st_mtime_ns for path in made.files} == written
    (folder / "03 Let go.wav").unlink()
    assert not make(session, folder, making).up_to_date
    (folder / "two.m3u8").unlink()
    assert not make(session, folder, making).up_to_date


def test_tracks_of_others_in_the_folder_stay(session: Session, tmp_path: Path) -> None:
    """The first that is in the way is named, and nothing is written."""
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "03 Let go.wav").write_bytes(b"mine")
    began: list[str] = []

    def begin(what: str) -> Any:
        began.append(what)
        return lambda _done, _total: None

    with pytest.raises(ExportError, match=r"03 Let go\.wav: is there already"):
        make(session, folder, replace(WAV, split=True), begin=begin)
    assert left_in(folder) == ["03 Let go.wav"]
    assert began == []


def test_tracks_that_are_no_part_of_it_any_more_go(tmp_path: Path) -> None:
    """A player that plays the folder plays what the routine has now; files of others stay."""
    folder = tmp_path / "two"
    making = replace(WAV, split=True, caption_kinds=("lrc",))
    with session_of(ROUTINE, tmp_path) as session:
        assert make(session, folder, making).removed == ()
    (folder / "05 Mine.wav").write_bytes(b"mine")
    (folder / "03 Let go.srt").write_bytes(b"mine too")
    with (folder / "two.m3u8").open("a", encoding="utf-8") as playlist:
        playlist.write("05 Mine.wav\n../scripts/two.toml\n")
    renamed = ROUTINE.replace('name = "Let go"', 'name = "Loosen"')
    with session_of(renamed, tmp_path) as session:
        removed = make(session, folder, making).removed
    assert sorted(path.name for path in removed) == ["03 Let go.lrc", "03 Let go.wav"]
    assert [name for name in left_in(folder) if name.startswith(("03", "05"))] == [
        "03 Let go.srt", "03 Loosen.lrc", "03 Loosen.wav", "05 Mine.wav",
    ]  # fmt: skip
    assert (tmp_path / "scripts" / "two.toml").exists()


def test_a_place_among_others_belongs_to_a_track(session: Session, tmp_path: Path) -> None:
    """In an album that has grown it has another number, which players sort by."""
    track = tmp_path / "two.mp3"
    make(session, track, MP3, number=1, album_tracks=2)
    assert make(session, track, MP3, number=1, album_tracks=2).up_to_date
    assert not make(session, track, MP3, number=2, album_tracks=3).up_to_date
    assert str(ID3(track)["TRCK"]) == "2/3"


def test_another_version_makes_tracks_anew(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does better is heard."""
    track = tmp_path / "two.wav"
    make(session, track, WAV)
    monkeypatch.setattr("voicecoach.export.making.__version__", "99.0")
    assert not make(session, track, WAV).up_to_date


@pytest.mark.slow
def test_a_track_says_who_spoke_it(tmp_path: Path, cold_cache: Path) -> None:
    """Where a voice fails and another takes over, the track is made anew once the first is back."""
    assert not cold_cache.exists()
    path = tmp_path / "two.toml"
    path.write_text(ROUTINE, "utf-8")
    library = Library(working_folder=tmp_path)
    speak = EngineProcess.speak

    def only_espeak(self: EngineProcess, *arguments: Any) -> Any:
        if self.engine == "natural":
            raise EngineUnavailableError("out of memory", engine="natural")
        return speak(self, *arguments)

    def made() -> tuple[Made, str]:
        with open_session(load_routine(path, library), library) as session:
            return make(session, tmp_path / "two.mp3", MP3), session.narrator.description

    with pytest.MonkeyPatch.context() as failing:
        failing.setattr(EngineProcess, "speak", only_espeak)
        assert "robotic" in made()[1]
    again, spoken_by = made()
    assert not again.up_to_date
    assert "robotic" not in spoken_by
    assert made()[0].up_to_date


def test_leftovers_go_where_nothing_has_to_be_made(session: Session, tmp_path: Path) -> None:
    """A run that finds all up to date clears what a killed one left, too."""
    track = tmp_path / "here" / "two.wav"
    track.parent.mkdir()
    make(session, track, WAV)
    left = track.parent / ".voicecoach-0badcafe.part"
    left.mkdir()
    (left / "lock").touch()
    (left / "samples").write_bytes(b"half")
    assert make(session, track, WAV).up_to_date
    assert left_in(track.parent) == ["two.wav"]


def test_a_folder_of_tracks_needs_one_to_stand_in(tmp_path: Path) -> None:
    """What is missing is named, not a file that nobody asked for."""
    with pytest.raises(
        ExportError, match=r"such/dir: the folder .*no/such does not exist; make it"
    ):
        check_place_for(tmp_path / "no" / "such" / "dir", replace(WAV, split=True))


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Before any work is done."""
    (tmp_path / "two").write_text("mine")
    with pytest.raises(ExportError, match="is not a folder"):
        check_place_for(tmp_path / "two", replace(WAV, split=True))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plank", "07 Plank.mp3"), ('a/b\\c:d*e?f"g<h>i|j', "07 a b c d e f g h i j.mp3"),
        ("..", "07.mp3"), ("Rücken\n\x1b[2J", "07 Rücken [2J.mp3"), ("x" * 300, f"07 {'x' * 80}.mp3"),
        ("CON", "07 CON.mp3"), ("tail. ", "07 tail.mp3"),
    ],
)  # fmt: skip
def test_titles_become_names_that_every_file_system_takes(title: str, name: str) -> None:
    """No path, no control character, no dot at the end, not too long."""
    assert file_name(7, title, ".mp3") == name


@pytest.mark.sampled(2)
@requires_program("ffmpeg")
@pytest.mark.parametrize("name", [row.name for row in FORMATS.values() if row.name != "wav"])
def test_qualities_differ_in_size(name: str, tmp_path: Path) -> None:
    """Small is smaller than phone, and hi-fi larger; a lossless format has one size."""
    sizes = []
    for quality in Quality:
        track = SomeSession().export(tmp_path / f"{quality}.{name}", quality=quality)
        sizes.append(track.stat().st_size)
    if name == "flac":
        assert max(sizes) - min(sizes) < 100
    else:
        assert sizes[0] < 0.9 * sizes[1]
        assert sizes[1] < 0.9 * sizes[2]
