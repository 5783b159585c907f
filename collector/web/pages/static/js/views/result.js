// The way to the newest result, for whoever comes without its number.
import { run } from "../live.js";
import { go } from "../router.js";

/** The pages of this module; the result itself is shown by the page of its trial. */
export function routes(route) {
  route("/result", () => go(run()?.result ? "/trials/" + run().result : "/", { replace: true }));
}
