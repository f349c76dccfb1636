"""A session as a page, with its sound in it or beside it: what is made, replaced and left alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.export.test_making import MP3, ROUTINE, session_of
from tests.support.tracks import SomeSession, left_in, sound_in
from voicecoach.drawing.sheet import is_our_sheet, write_sheet
from voicecoach.errors import ExportError
from voicecoach.export import TrackTags, is_our_track, made_from
from voicecoach.export.formats import FORMATS, Quality
from voicecoach.export.making import Making, check_place_for, make
from voicecoach.export.page.model import as_json, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.session.session import Session

PAGE = Making(FORMATS["html"], Quality.PHONE)
LINKED = replace(MP3, page_beside=True)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session of half a minute."""
    with session_of(ROUTINE, tmp_path) as opened:
        yield opened


def shown_in(page: Path) -> dict[str, Any]:
    """Return what the player in a page reads."""
    found = re.search(r'id="session"[^>]*>(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def never(what: str) -> Any:
    """Fail: nothing was to be done."""
    pytest.fail(f"began {what}")


def test_the_sound_in_a_page_is_the_exported_one(session: Session, tmp_path: Path) -> None:
    """Byte for byte, but for the fingerprint; and what the page shows was measured."""
    page, track = tmp_path / "two.html", tmp_path / "two.mp3"
    made = make(session, page, PAGE)
    assert made.files == (page,)
    make(session, track, MP3)
    sound = sound_in(page)
    assert len(sound) == track.stat().st_size
    assert sound.replace(made_from(page).encode(), made_from(track).encode()) == track.read_bytes()
    assert shown_in(page) == json.loads(json.dumps(as_json(page_of(session.script))))
    assert left_in(tmp_path) == ["scripts", "two.html", "two.mp3"]


def test_a_page_costs_little_beside_its_sound(session: Session, tmp_path: Path) -> None:
    """A third more for base64, and a hundred kilobytes for all the rest."""
    page = tmp_path / "two.html"
    make(session, page, PAGE)
    sound = len(sound_in(page))
    assert page.stat().st_size - sound * 4 / 3 < 120_000


def test_a_page_beside_its_track(session: Session, tmp_path: Path) -> None:
    """The track is the usual one; the page names it, and holds no sound."""
    track, page = tmp_path / "a b:c#d?.mp3", tmp_path / "a b:c#d?.html"
    made = make(session, track, replace(LINKED, caption_kinds=("vtt",)))
    assert made.files == (track, track.with_suffix(".vtt"), page)
    assert 'src="./a%20b%3Ac%23d%3F.mp3"' in page.read_text("utf-8")
    assert b"data:audio" not in page.read_bytes()
    assert made_from(page) == made_from(track) != ""
    assert shown_in(page)["duration_seconds"] == round(session.duration_seconds, 5)
    plain = tmp_path / "plain.mp3"
    make(session, plain, MP3)
    assert plain.read_bytes() == track.read_bytes()


@pytest.mark.parametrize(("making", "name"), [(PAGE, "two.html"), (LINKED, "two.mp3")])
def test_what_has_not_changed_is_left_as_it_is(
    making: Making, name: str, session: Session, tmp_path: Path
) -> None:
    """The second time nothing is spoken or written; another quality makes all of it anew."""
    target, page = tmp_path / name, tmp_path / "two.html"
    make(session, target, making)
    before = page.stat().st_mtime_ns
    made = make(session, target, making, begin=never)
    assert (made.up_to_date, page.stat().st_mtime_ns) == (True, before)
    old = made_from(page)
    assert not make(session, target, replace(making, quality=Quality.SMALL)).up_to_date
    assert made_from(page) != old
    assert not make(session, target, replace(making, force=True)).up_to_date
    assert made_from(page) == old


def test_a_page_that_is_gone_is_made_again_without_its_track(
    session: Session, tmp_path: Path
) -> None:
    """As captions are; and a track that is there already gets its page."""
    track, page = tmp_path / "two.mp3", tmp_path / "two.html"
    make(session, track, MP3)
    before = track.stat().st_mtime_ns
    assert not make(session, track, LINKED).up_to_date
    whole = page.read_bytes()
    page.unlink()
    assert not make(session, track, LINKED).up_to_date
    assert (page.read_bytes(), track.stat().st_mtime_ns) == (whole, before)


@pytest.mark.parametrize(("making", "name"), [(PAGE, "two.html"), (LINKED, "two.mp3")])
def test_files_of_others_stay(making: Making, name: str, session: Session, tmp_path: Path) -> None:
    """Another page, a sheet, and a page that only speaks of us give way with --force alone."""
    page = tmp_path / "two.html"
    for foreign in (b"<p>mine</p>", b'<meta name="generator" content="voicecoach 0.1.0">'):
        page.write_bytes(foreign)
        with pytest.raises(ExportError, match=r"two.html: is there already .*--force"):
            check_place_for(tmp_path / name, making)
        with pytest.raises(ExportError, match=r"two.html: is there already .*--force"):
            make(session, tmp_path / name, making)
        assert page.read_bytes() == foreign
    make(session, tmp_path / name, replace(making, force=True))
    assert is_our_track(page)


def test_a_sheet_and_a_page_do_not_replace_each_other(session: Session, tmp_path: Path) -> None:
    """Both are HTML and ours; nobody who asked for one wants the other gone."""
    page, sheet = tmp_path / "page.html", tmp_path / "sheet.html"
    make(session, page, PAGE)
    assert not is_our_sheet(page)
    with pytest.raises(ExportError, match="--force"):
        write_sheet(session.routine, page)
    write_sheet(session.routine, sheet)
    assert not is_our_track(sheet)
    with pytest.raises(ExportError, match="--force"):
        make(session, sheet, PAGE)


def test_a_page_of_samples_alone_is_refused(tmp_path: Path) -> None:
    """It would have nothing to show; nothing is left."""
    with pytest.raises(ExportError, match="a page shows a whole session"):
        SomeSession().export(tmp_path / "x.html", tags=TrackTags("Plain"))
    assert left_in(tmp_path) == []


def test_a_page_with_a_stranger_s_title_is_read_as_ours(tmp_path: Path) -> None:
    """However long the title is, the mark is found, and no part of the text is taken for one."""
    title = '\\"><meta name=generator content=x> ' * 3
    with session_of(ROUTINE.replace("Two moves", title), tmp_path) as session:
        page = tmp_path / "two.html"
        make(session, page, PAGE)
        assert re.fullmatch("[0-9a-f]{32}", made_from(page))
        assert "<meta name=generator" not in page.read_text("utf-8")
        assert shown_in(page)["title"] == session.routine.title.strip()
