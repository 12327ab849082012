'use strict';

const { resolve } = require('node:path');
const { parseArgs } = require('node:util');

const usage = `npm start -- [options]        (or: daytwo up [options])

Brings up Temporal, the sandbox, the worker and the server, plays the main job with new hires and a leaver, and stays up.

  --exit               end after the job; the exit code is 0 only if it was verified
  --play <what>        what is played: hires (as without it); close: the next month's close, or territory: nights of
                       territory planning, both on the sandbox's clock
  --no-demo            bring everything up, play nothing
  --fresh              throw the state away first (asks)
  --yes                don't ask
  --state-dir <dir>    where the state lives (DAYTWO_STATE_DIR, else .daytwo)
  --retry-downloads    try again the downloads that were refused within the last day
  --json               one JSON document a line instead of text
  --help               this text

  Example: npm start -- --exit --state-dir /tmp/try
`;

const PLAYS = ['hires', 'close', 'territory'];

/**
 * Reads the options of `npm start` and `daytwo up`.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root where a relative DAYTWO_STATE_DIR counts from
 * @returns {import('./start-options.cjs').Parsed}
 */
function startOptions(args, env, root) {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        exit: { type: 'boolean', default: false },
        'no-demo': { type: 'boolean', default: false },
        play: { type: 'string', default: 'hires' },
        fresh: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        'state-dir': { type: 'string' },
        'retry-downloads': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return { kind: 'wrong', problem: error.message.split('. To specify')[0] };
  }
  if (values.help) return { kind: 'help' };
  if (!PLAYS.includes(values.play))
    return { kind: 'wrong', problem: `--play ${values.play}: there is ${PLAYS.join(', ')}` };
  if (values['state-dir'] === '') return { kind: 'wrong', problem: '--state-dir needs a folder' };
  return {
    kind: 'options',
    options: {
      stateDir: values['state-dir']
        ? resolve(values['state-dir'])
        : resolve(root, env.DAYTWO_STATE_DIR || '.daytwo'),
      demo: !values['no-demo'],
      play: values.play,
      exit: values.exit,
      fresh: values.fresh,
      yes: values.yes,
      retryDownloads: values['retry-downloads'],
      json: values.json,
    },
  };
}

module.exports = { startOptions, usage };
