// The chart library: loaded when the first chart is drawn, from the installed package.

const SCRIPT = "/static/uplot/uPlot.iife.js";
const STYLE = "/static/uplot/uPlot.min.css";

let loading = null;

/** The chart library, or null where it is not installed: the tables stay without it. */
export function charts() {
  loading ??= load();
  return loading;
}

async function load() {
  try {
    await Promise.all([added("link", { rel: "stylesheet", href: STYLE }), added("script", { src: SCRIPT })]);
  } catch {
    loading = null; // the next chart tries again: a lost connection is not a missing package
    return null;
  }
  return window.uPlot ?? null;
}

function added(tag, props) {
  const node = Object.assign(document.createElement(tag), props);
  return new Promise((resolve, reject) => {
    node.addEventListener("load", () => resolve(node));
    node.addEventListener("error", () => { node.remove(); reject(new Error(props.src || props.href)); });
    document.head.append(node);
  });
}
