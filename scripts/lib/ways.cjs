'use strict';

/** No way was left: the message names each that was tried, why it failed, and what to do. */
class NoWayLeft extends Error {}

/**
 * Gets a tool by the first of several ways that works.
 *
 * A way's `get` gives a result, gives undefined where this way doesn't apply (nothing in the cache, say), or throws where
 * it failed. `remembered: true` marks those whose failure is kept for a day, so that it isn't waited for again;
 * `only: true` marks a way that was asked for by name: its failure is not papered over by the next one.
 *
 * @template T
 * @param {string} tool its name, for the message
 * @param {readonly import('./ways.cjs').Way<T>[]} ways in order of preference
 * @param {import('./ways.cjs').Refusals} refusals
 * @param {(text: string) => void} [say]
 * @returns {Promise<T>}
 */
async function firstThatWorks(tool, ways, refusals, say = () => {}) {
  const failed = [];
  for (const way of ways) {
    const key = `${tool}: ${way.name}`;
    const before = way.remembered ? refusals.recent(key) : undefined;
    if (before !== undefined) {
      failed.push({ way, why: `${before} (within the last day; --retry-downloads tries again)` });
      continue;
    }
    try {
      const result = await way.get();
      if (result !== undefined) return result;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (way.only) throw new NoWayLeft(`${tool}: ${way.name}: ${why}`);
      if (way.remembered) refusals.remember(key, why);
      failed.push({ way, why });
      say(`${tool}: ${way.name} didn't work: ${why.split('\n')[0]}`);
    }
  }
  const list = failed.map(
    ({ way, why }) => `  - ${way.name}: ${why}${way.mend ? `\n    What to do: ${way.mend}` : ''}`,
  );
  throw new NoWayLeft(`${tool} could not be brought here.\n${list.join('\n')}`);
}

module.exports = { firstThatWorks, NoWayLeft };
