'use strict';

const plainEvery = 5_000;
const quietFor = 2_000;

/** Seconds as people read them: `8 s`, `2 min 05 s`. */
function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * One line that says what is being done, how far, and since when. On a terminal it is redrawn in place; elsewhere
 * (a log of CI) it is repeated every few seconds. Nothing is shown for what takes less than two seconds.
 *
 * @param {string} what
 * @param {() => string} [howFar] read at each redraw
 */
function live(what, howFar = () => '', out = process.stderr) {
  const since = Date.now();
  const terminal = out.isTTY === true;
  let lastPlain = 0;
  let drawn = false;
  const draw = () => {
    const elapsed = Date.now() - since;
    if (elapsed < quietFor) return;
    const far = howFar();
    const line = `${what} · ${duration(elapsed)}${far ? ` · ${far}` : ''}`;
    if (terminal) out.write(`\r\x1b[K${line.slice(0, Math.max(20, (out.columns || 110) - 1))}`);
    else if (Date.now() - lastPlain >= plainEvery) {
      out.write(`${line}\n`);
      lastPlain = Date.now();
    }
    drawn = true;
  };
  const timer = setInterval(draw, terminal ? 200 : 500);
  const end = (line) => {
    clearInterval(timer);
    if (terminal && drawn) out.write('\r\x1b[K');
    if (line && (drawn || !terminal)) out.write(`${line} (${duration(Date.now() - since)})\n`);
  };
  return { done: (line = what) => end(line), clear: () => end('') };
}

module.exports = { live, duration };
