"use strict";
// The player of a session page. One clock rules all that is shown: where the audio is. What is to be shown
// when stands in the page as JSON (voicecoach/export/page/model.py); here it is looked up, drawn, and steered.
(() => {
  const session = JSON.parse(document.getElementById("session").textContent);
  const words = session.words;

  /** Seconds that two times may differ and still be one: less than anybody sees or hears. */
  const TOLERANCE = 0.001;
  /** Seconds of a gap, at its start and its end, that are never slowed: no word may be. */
  const MARGIN_START = 0.1, MARGIN_END = 0.4;
  const JUMP = 15;
  /** Seconds into an exercise from which on "back" means its own start. */
  const BACK_TO_OWN_START = 3;
  /** Seconds that words stay to be read when they have been said. */
  const CAPTION_STAYS = 4;
  const SAVED_EVERY = 2;
  /** Seconds that the first sound has to be short of the place where it was to begin: then that was forgotten. */
  const FORGOTTEN = 0.5;

  // ------------------------------------------------------------- what is when: pure

  /** Return the index of the last item that begins at or before a time; -1 before the first. */
  const indexAt = (items, begins, seconds) => {
    let low = 0, high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (begins(items[middle]) <= seconds + TOLERANCE) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  /** The parts of the gaps that may be slowed: start, end, and how long all before them are together. */
  const slack = [];
  for (const [start, end] of session.gaps) {
    const part = { start: start + MARGIN_START, end: end - MARGIN_END, before: 0 };
    const last = slack[slack.length - 1];
    if (last) part.before = last.before + last.end - last.start;
    if (part.end > part.start) slack.push(part);
  }

  const slackAt = (seconds) => {
    const part = slack[indexAt(slack, (each) => each.start, seconds)];
    return part && seconds < part.end ? part : null;
  };

  /** Return how long it takes to come to a time of the audio, with gaps that last `factor` times as long. */
  const playedTo = (seconds, factor) => {
    const part = slack[indexAt(slack, (each) => each.start, seconds)];
    if (!part) return seconds;
    return seconds + (factor - 1) * (part.before + Math.min(seconds, part.end) - part.start);
  };

  /** Return the time of the audio that one comes to so long after the start; undoes `playedTo`. */
  const audioTimeAt = (played, factor) => {
    let low = 0, high = session.duration_seconds;
    while (high - low > TOLERANCE / 10) {
      const middle = (low + high) / 2;
      if (playedTo(middle, factor) <= played) low = middle;
      else high = middle;
    }
    return high;
  };

  /** Return the caption that began last; undefined before the first. */
  const lastCaption = (seconds) =>
    session.captions[indexAt(session.captions, (each) => each.start_seconds, seconds)];

  const captionAt = (seconds, phase) => {
    const caption = lastCaption(seconds);
    if (!caption) return "";
    const stays = caption.start_seconds < phase.start_seconds - TOLERANCE ? 0 : CAPTION_STAYS;
    return seconds < caption.end_seconds + stays ? caption.text : "";
  };

  const isSpeaking = (seconds) => {
    const caption = lastCaption(seconds);
    return Boolean(caption) && seconds < caption.end_seconds;
  };

  /** Return all that is to be shown at a time of the audio. */
  const stateAt = (audioSeconds, factor = 1) => {
    const seconds = Math.max(0, Math.min(audioSeconds, session.duration_seconds));
    const phase = session.phases[Math.max(0, indexAt(session.phases, (each) => each.start_seconds, seconds))];
    const untilEnd = playedTo(phase.end_seconds, factor) - playedTo(seconds, factor);
    const whole = playedTo(phase.end_seconds, factor) - playedTo(phase.start_seconds, factor);
    const count = session.countdowns[indexAt(session.countdowns, (each) => each.at_seconds, seconds)];
    const counting = count && phase.kind !== "work" && count.at_seconds > phase.start_seconds - TOLERANCE;
    let rep = 0;
    if (phase.kind === "work" && phase.reps) {
      const done = Math.floor((seconds - phase.start_seconds) / phase.rep_seconds + TOLERANCE);
      rep = Math.max(0, Math.min(done, phase.reps - 1)) + 1;
    }
    return {
      phase,
      rep,
      side: rep && phase.sides.length ? phase.sides[(rep - 1) % 2] : phase.side,
      number: rep || (counting ? count.number : Math.max(0, Math.ceil(untilEnd - TOLERANCE))),
      phaseShare: whole ? 1 - untilEnd / whole : 1,
      caption: captionAt(seconds, phase),
      passedSeconds: playedTo(seconds, factor),
      leftSeconds: playedTo(session.duration_seconds, factor) - playedTo(seconds, factor),
    };
  };

  const clock = (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    const minutes = Math.floor(whole / 60), rest = String(whole % 60).padStart(2, "0");
    if (minutes < 60) return `${minutes}:${rest}`;
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
  };

  /** Return words of the page with their $variables filled in. */
  const say = (key, values = {}) =>
    words[key].replace(/\$(\w+)/g, (all, name) => (name in values ? String(values[name]) : all));

  const plurals = new Intl.PluralRules(session.language);

  /** Return what follows a number of seconds: one second, two seconds. */
  const unitOf = (seconds) => session.unit_seconds[plurals.select(seconds)] ?? session.unit_seconds.other;

  const kindWord = (kind) => words[kind.replace("-", "_")];

  // ------------------------------------------------------------- what is remembered

  const memory = {
    read(key) {
      try {
        return window.localStorage.getItem(key);
      } catch {
        return null; // storage is shut: nothing is remembered, and nothing else is worse
      }
    },
    write(key, value) {
      try {
        if (value === null) window.localStorage.removeItem(key);
        else window.localStorage.setItem(key, value);
      } catch {
        // as above
      }
    },
  };
  const PLACE = `voicecoach:place:${session.id}`, SCHEME = "voicecoach:scheme", MORE = "voicecoach:more-time";

  // ------------------------------------------------------------- the elements

  const element = (id) => document.getElementById(id);
  const audio = element("audio");
  const film = element("film");
  const chapterButtons = [...document.querySelectorAll("#chapters button")];

  /** Write a text only where it is another one: nothing that listens to the page is woken in vain. */
  const write = (target, text) => {
    if (target.textContent !== text) target.textContent = text;
  };
  const writeAttribute = (target, name, text) => {
    if (target.getAttribute(name) !== text) target.setAttribute(name, text);
  };

  /** Where to begin, until the audio has played: some phones take no place before the first sound. */
  let wanted = 0;
  let hasPlayed = false;

  /** Return where one is in the audio, in seconds; all that is shown and done goes by it. */
  const position = () => {
    if (audio.ended) return session.duration_seconds;
    return hasPlayed || audio.currentTime ? audio.currentTime : wanted;
  };

  let factor = 1;
  let savedAt = -1;
  /** The picture of the screen that is asked for next; 0 for none. */
  let awaited = 0;
  /** What a person did and a screen reader has yet to say, when the coach is silent. */
  let untold = "";

  const tell = (text) => {
    untold = text;
    tellInSilence();
  };

  const tellInSilence = () => {
    if (!untold || (!audio.paused && isSpeaking(position()))) return;
    element("status").textContent = untold;
    untold = "";
  };

  // ------------------------------------------------------------- drawing

  const drawNumber = (state) => {
    const { phase } = state;
    element("now").classList.toggle("over", audio.ended);
    const counted = phase.kind === "work" && phase.reps > 0;
    write(element("number"), String(state.number));
    write(element("measure"), counted ? `/ ${phase.reps}` : unitOf(state.number));
    element("now").dataset.counted = String(counted);
    writeAttribute(
      element("number"),
      "aria-label",
      counted ? say("rep", { number: state.rep, count: phase.reps }) : `${state.number} ${unitOf(state.number)}`,
    );
  };

  const sideWords = (state) => {
    const { phase } = state;
    if (phase.kind === "work" || phase.kind === "get-ready") return state.side ? words[state.side] : "";
    return phase.next_side ? say("side_next", { side: words[phase.next_side] }) : "";
  };

  const drawFigure = (name) => {
    const figure = element("figure");
    if (figure.dataset.name === name) return;
    figure.dataset.name = name;
    figure.toggleAttribute("hidden", !name);
    if (!name) return;
    figure.firstElementChild.setAttribute("href", `#figure-${name}`);
    figure.setAttribute("aria-label", words[`figure_${name.replaceAll("-", "_")}`]);
  };

  const counts = (phase) => {
    const parts = [];
    if (phase.exercise) parts.push(say("exercise", { number: phase.exercise, count: phase.exercises }));
    if (phase.set && phase.sets > 1) parts.push(say("set", { number: phase.set, count: phase.sets }));
    if (phase.reps && phase.kind !== "work") parts.push(say("reps", { count: phase.reps }));
    return parts.join(" · ");
  };

  const draw = () => {
    const seconds = position();
    const state = stateAt(seconds, factor);
    const { phase } = state;
    element("stage").dataset.kind = audio.ended ? "closing" : phase.kind;
    write(element("kind"), audio.ended ? words.finished : kindWord(phase.kind));
    write(element("side"), sideWords(state));
    drawNumber(state);
    drawFigure(phase.figure);
    write(element("heading"), phase.exercise ? phase.heading : session.title);
    write(element("count"), counts(phase));
    write(element("position"), phase.position ? say("position", { position: phase.position }) : "");
    write(element("caption"), state.caption);
    write(element("next"), phase.next ? say("next", { name: phase.next }) : "");
    element("exercise").value = state.phaseShare;
    write(element("passed"), clock(state.passedSeconds));
    write(element("left-over"), say("left_over", { time: clock(state.leftSeconds) }));
    const place = element("place");
    if (document.activeElement !== place || !audio.paused) place.value = String(Math.round(seconds));
    writeAttribute(place, "aria-valuetext", `${clock(state.passedSeconds)}, ${phase.heading}`);
    markChapter(phase.chapter);
    tellInSilence();
    return state;
  };

  const markChapter = (index) => {
    const current = chapterButtons[index];
    if (!current || current.hasAttribute("aria-current")) return;
    for (const button of chapterButtons) button.removeAttribute("aria-current");
    current.setAttribute("aria-current", "true");
    const list = current.closest("ol");
    if (list.scrollHeight > list.clientHeight)
      list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 3;
  };

  /** Slow the audio in gaps, where there is nothing to hear, and nowhere else. */
  const pace = () => {
    const rate = factor > 1 && slackAt(position()) ? 1 / factor : 1;
    if (audio.playbackRate !== rate) audio.playbackRate = rate;
  };

  const tick = () => {
    pace();
    const state = draw();
    if (state.phase.heading !== media.heading) media.tell(state);
    if (!audio.paused && Math.abs(position() - savedAt) >= SAVED_EVERY) save();
  };

  /** Follow the audio: with every picture of the screen while the page is seen. */
  const follow = () => {
    if (awaited) window.cancelAnimationFrame(awaited);
    awaited = 0;
    tick();
    if (!audio.paused && !document.hidden) awaited = window.requestAnimationFrame(follow);
  };

  // ------------------------------------------------------------- steering

  const play = () => {
    element("resume").hidden = true;
    if (audio.ended) jump(0);
    return audio.play().catch(() => fail());
  };

  const toggle = () => {
    if (audio.paused) play();
    else audio.pause();
  };

  const jump = (seconds) => {
    element("resume").hidden = true;
    wanted = Math.max(0, Math.min(seconds, session.duration_seconds - 0.05));
    audio.currentTime = wanted;
    audio.playbackRate = 1;
    draw();
  };

  const jumpTo = (index) => {
    const chapter = session.chapters[index];
    jump(chapter.start_seconds);
    tell(chapter.title);
  };

  const chapterNow = () => stateAt(position()).phase.chapter;

  const previous = () => {
    const index = chapterNow();
    const isLate = position() > session.chapters[index].start_seconds + BACK_TO_OWN_START;
    jumpTo(isLate ? index : Math.max(0, index - 1));
  };

  const following = () => {
    const index = chapterNow() + 1;
    if (index < session.chapters.length) jumpTo(index);
  };

  /** Go on or back by seconds as they pass, which in a slowed gap are fewer of the audio. */
  const jumpBy = (seconds) => {
    jump(audioTimeAt(Math.max(0, playedTo(position(), factor) + seconds), factor));
    tell(clock(playedTo(position(), factor)));
  };

  const fail = () => notice(missing());

  // ------------------------------------------------------------- the place

  const save = () => {
    if (!element("resume").hidden) return; // a place that is still offered is not given up
    savedAt = position();
    const isOver = audio.ended || session.duration_seconds - savedAt < 1;
    memory.write(PLACE, isOver || savedAt < 1 ? null : savedAt.toFixed(2));
  };

  const offerPlace = () => {
    const seconds = Number.parseFloat(memory.read(PLACE));
    if (!(seconds >= 1 && seconds < session.duration_seconds - 1)) return;
    const { phase } = stateAt(seconds);
    write(element("go-on"), say("go_on", { time: clock(playedTo(seconds, factor)), name: phase.heading }));
    element("resume").hidden = false;
    element("go-on").addEventListener("click", () => {
      jump(seconds);
      play();
      element("play").focus();
    });
    element("from-start").addEventListener("click", () => {
      memory.write(PLACE, null);
      jump(0);
      play();
      element("play").focus();
    });
  };

  // ------------------------------------------------------------- the screen stays on

  const notice = (texts) => {
    element("notice").hidden = texts.length === 0;
    write(element("notice"), texts.join(" "));
  };

  const missing = () => {
    if (audio.error) return [words.audio_fails];
    const texts = [];
    if (awake.problem) texts.push(words[awake.problem], words.film_instead);
    if (!("mediaSession" in navigator)) texts.push(words.no_media_session);
    if (texts.length) texts.push(words.what_to_do);
    return texts;
  };

  /** Keeps the screen on while the session plays: by a wake lock, or by a silent film behind the page. */
  const awake = {
    lock: null,
    isAsking: false,
    problem: "wakeLock" in navigator ? "" : "no_wake_lock",
    async keep() {
      if ("wakeLock" in navigator && !awake.lock && !awake.isAsking && !document.hidden) {
        awake.isAsking = true;
        try {
          const lock = await navigator.wakeLock.request("screen");
          lock.addEventListener("release", () => {
            if (awake.lock === lock) awake.lock = null;
          });
          awake.lock = lock;
          awake.problem = "";
          if (audio.paused) awake.letGo();
        } catch {
          awake.problem = "wake_lock_refused";
        } finally {
          awake.isAsking = false;
        }
      }
      if (awake.problem && film && !audio.paused) {
        film.hidden = false;
        film.play().catch(() => {});
      }
      notice(missing());
    },
    letGo() {
      if (awake.lock) awake.lock.release();
      awake.lock = null;
      if (film) film.pause();
    },
  };

  // ------------------------------------------------------------- lock screen, headset

  const media = {
    /** What it was told last that goes on. */
    heading: "",
    begin() {
      if (!("mediaSession" in navigator)) return;
      const actions = {
        play, pause: () => audio.pause(), stop: () => audio.pause(),
        previoustrack: previous, nexttrack: following,
        seekbackward: (details) => jumpBy(-(details.seekOffset || JUMP)),
        seekforward: (details) => jumpBy(details.seekOffset || JUMP),
        seekto: (details) => jump(audioTimeAt(details.seekTime, factor)),
      };
      for (const [name, action] of Object.entries(actions)) {
        try {
          navigator.mediaSession.setActionHandler(name, action);
        } catch {
          // this browser has no such button
        }
      }
    },
    tell(state) {
      media.heading = state.phase.heading;
      if (!("mediaSession" in navigator)) return;
      navigator.mediaSession.playbackState = audio.paused ? "paused" : "playing";
      navigator.mediaSession.metadata = new MediaMetadata({
        title: state.phase.heading, artist: session.title, album: "voicecoach",
      });
      if (navigator.mediaSession.setPositionState)
        navigator.mediaSession.setPositionState({
          duration: playedTo(session.duration_seconds, factor),
          position: Math.min(state.passedSeconds, playedTo(session.duration_seconds, factor)),
          playbackRate: 1,
        });
    },
  };

  // ------------------------------------------------------------- look

  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  const isDark = () => (document.documentElement.dataset.scheme || (dark.matches ? "dark" : "light")) === "dark";

  const nameScheme = () => write(element("scheme"), isDark() ? words.light : words.dark);

  const changeScheme = () => {
    document.documentElement.dataset.scheme = isDark() ? "light" : "dark";
    memory.write(SCHEME, document.documentElement.dataset.scheme);
    nameScheme();
  };

  const changeFullScreen = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  };

  const setFactor = (value) => {
    factor = value;
    memory.write(MORE, value === 1 ? null : String(value));
    pace();
    media.tell(draw());
  };

  // ------------------------------------------------------------- keys

  const keys = {
    " ": toggle, arrowleft: () => jumpBy(-JUMP), arrowright: () => jumpBy(JUMP),
    p: previous, n: following, pageup: previous, pagedown: following, f: changeFullScreen,
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const target = event.target, key = event.key.toLowerCase();
    const isOwn = target.closest("button, summary") && (key === " " || key === "enter");
    if (isOwn || (target.matches("input") && key.length > 1) || (target.type === "radio" && key === " ")) return;
    if (!(key in keys) || (key === "f" && !document.fullscreenEnabled)) return;
    event.preventDefault();
    keys[key]();
  };

  // ------------------------------------------------------------- begin

  /** Put audio that stands in the page into a file of the browser's: in those, any place can be gone to. */
  const unpackAudio = () => {
    const source = audio.getAttribute("src");
    if (!source.startsWith("data:")) return;
    const text = window.atob(source.slice(source.indexOf(",") + 1));
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
    audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
  };

  const listen = () => {
    element("play").addEventListener("click", toggle);
    element("previous").addEventListener("click", previous);
    element("following").addEventListener("click", following);
    element("back").addEventListener("click", () => jumpBy(-JUMP));
    element("on").addEventListener("click", () => jumpBy(JUMP));
    chapterButtons.forEach((button, index) => button.addEventListener("click", () => jumpTo(index)));
    element("place").addEventListener("input", (event) => jump(Number(event.target.value)));
    for (const choice of document.querySelectorAll("[name=more-time]"))
      choice.addEventListener("change", () => setFactor(Number(choice.value)));
    element("scheme").addEventListener("click", changeScheme);
    dark.addEventListener("change", nameScheme);
    element("full-screen").addEventListener("click", changeFullScreen);
    document.addEventListener("fullscreenchange", () => {
      const isFull = Boolean(document.fullscreenElement);
      element("full-screen").setAttribute("aria-pressed", String(isFull));
      write(element("full-screen"), isFull ? words.leave_full_screen : words.full_screen);
    });
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) save();
      else if (!audio.paused) {
        awake.keep();
        follow();
      }
    });
    window.addEventListener("pagehide", save);

    audio.addEventListener("play", () => {
      element("play").dataset.playing = "true";
      element("play").setAttribute("aria-label", words.pause);
      awake.keep();
      media.tell(draw());
      follow();
    });
    const halted = () => {
      delete element("play").dataset.playing;
      element("play").setAttribute("aria-label", words.play);
      awake.letGo();
      save();
      media.tell(draw());
    };
    audio.addEventListener("pause", () => {
      halted();
      if (!audio.ended) tell(say("paused_at", { time: clock(playedTo(position(), factor)) }));
    });
    audio.addEventListener("ended", () => {
      halted();
      tell(words.finished);
    });
    audio.addEventListener("playing", () => {
      if (hasPlayed) return;
      hasPlayed = true;
      if (audio.currentTime < wanted - FORGOTTEN) audio.currentTime = wanted;
    });
    audio.addEventListener("timeupdate", tick);
    audio.addEventListener("seeked", () => media.tell(draw()));
    audio.addEventListener("error", fail);
  };

  const begin = () => {
    unpackAudio();
    document.documentElement.classList.add("plays");
    audio.controls = false;
    audio.preservesPitch = true;
    for (const id of ["player", "chapters", "settings"]) element(id).hidden = false;
    element("text").open = false;
    element("place").max = String(Math.floor(session.duration_seconds));
    element("full-screen").hidden = !document.fullscreenEnabled;
    const scheme = memory.read(SCHEME);
    if (scheme === "dark" || scheme === "light") document.documentElement.dataset.scheme = scheme;
    nameScheme();
    const more = document.querySelector(`[name=more-time][value="${Number(memory.read(MORE))}"]`);
    if (more) {
      more.checked = true;
      factor = Number(more.value);
    }
    listen();
    media.begin();
    offerPlace();
    notice(missing().length && !window.isSecureContext ? missing() : []);
    draw();
  };

  window.voicecoach = Object.freeze({ version: session.version, stateAt, playedTo, audioTimeAt });
  begin();
})();
