// A tablet must not go to sleep while a leg is in the air.

/** Keep the screen on; returns the way to let it go. Browsers without it, or without TLS, go on as they are. */
export function stayAwake() {
  let lock = null;
  let wanted = true;
  const take = async () => {
    if (!wanted || document.visibilityState !== "visible" || !navigator.wakeLock) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (!wanted) lock.release();
    } catch { /* refused, by a low battery for instance */ }
  };
  document.addEventListener("visibilitychange", take); // the lock goes when the page is covered
  take();
  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", take);
    lock?.release().catch(() => {});
  };
}
