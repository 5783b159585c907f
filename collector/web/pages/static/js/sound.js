// Tones and speech. A browser lets a page sound only after a person has touched it.
import { get } from "./settings.js";
import { language } from "./texts.js";

const NOTES = { // [hertz, seconds, pause after], one after the other
  pelvis: [[220, 0.18, 0.04], [196, 0.24, 0]],
  count: [[660, 0.09, 0]],
  done: [[523, 0.12, 0.03], [659, 0.12, 0.03], [784, 0.22, 0]],
  bad: [[175, 0.35, 0]],
};

let context = null;
let touched = false;

/** What is chosen: {mode: "off"|"tones"|"speech", volume 0..1}. */
export function settings() {
  return { mode: get("sound", "tones"), volume: get("volume", 0.6) };
}

/** Sound a cue: "pelvis", "count", "done" or "bad"; nothing when sounds are off. */
export function tone(kind) {
  const chosen = settings();
  if (chosen.mode === "off" || !touched || !NOTES[kind]) return;
  const audio = awake();
  if (!audio) return;
  let at = audio.currentTime + 0.02;
  for (const [hertz, length_s, pause_s] of NOTES[kind]) {
    note(audio, hertz, { at, length_s, volume: chosen.volume });
    at += length_s + pause_s;
  }
}

/** Speak a text in the page's language when speech is chosen; the newest text wins. */
export function speak(text) {
  const chosen = settings();
  if (chosen.mode !== "speech" || !touched || !text || !("speechSynthesis" in window)) return;
  window.speechSynthesis.cancel(); // a therapist needs what is true now, not a queue
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language() === "de" ? "de-DE" : "en-US";
  words.volume = chosen.volume;
  window.speechSynthesis.speak(words);
}

/** Whether this browser can speak. */
export const canSpeak = () => "speechSynthesis" in window;

function awake() {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
    return context;
  } catch {
    return null; // a computer without a sound card measures as well
  }
}

function note(audio, hertz, { at, length_s, volume }) {
  const wave = audio.createOscillator();
  const gain = audio.createGain();
  wave.type = "triangle";
  wave.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume * 0.5, at + 0.015); // no click at either end
  gain.gain.setValueAtTime(volume * 0.5, at + length_s - 0.03);
  gain.gain.linearRampToValueAtTime(0, at + length_s);
  wave.connect(gain).connect(audio.destination);
  wave.start(at);
  wave.stop(at + length_s + 0.02);
}

for (const kind of ["pointerdown", "keydown"]) {
  window.addEventListener(kind, () => { touched = true; if (settings().mode !== "off") awake(); }, { once: true, capture: true });
}
