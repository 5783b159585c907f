// When a sound is made: rules without a page, so that they can be tried alone.

const PELVIS_EVERY_MS = 2000;
const ALARMS = new Set(["link_lost", "alarm", "adapter_off", "no_adapter", "permission_denied", "not_paired", "unfit", "store_failed", "placement_changed"]);
const BESIDES = new Set([...ALARMS, "reconnected", "slow", "steady", "repetition", "gate_overridden", "lean_refused", "zero_refused"]);
const UNSPOKEN = new Set(["mark", "repetition", "waiting", "steady", "slow"]);

/** A rule: told whether the pelvis moves, it says whether to sound now; at most every two seconds. */
export function pelvisRule(every_ms = PELVIS_EVERY_MS) {
  let before = false;
  let last_ms = -Infinity;
  return (moving, now_ms) => {
    const begins = moving && !before;
    before = moving;
    if (!begins || now_ms - last_ms < every_ms) return false;
    last_ms = now_ms;
    return true;
  };
}

/** A rule: told how many repetitions there are, it says whether one has just been added. */
export function countRule() {
  let before = null; // what was there when the page came is not news
  return (counted) => {
    const more = before !== null && counted > before;
    before = counted;
    return more;
  };
}

/** Whether a cue tells of something that is wrong. */
export const isAlarm = (code) => ALARMS.has(code);

/** Whether a cue tells of something besides what to do now, which the prompt says. */
export const isBesides = (code) => BESIDES.has(code);

/** Whether a cue is spoken where speech is chosen. */
export const isSpoken = (code) => !UNSPOKEN.has(code);
