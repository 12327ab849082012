'use strict';

require('./lib/node-version.cjs').requireNode();

const { join } = require('node:path');
const { startOptions, usage } = require('./lib/start-options.cjs');
const { ensurePackages } = require('./lib/packages.cjs');

const root = join(__dirname, '..');

async function main() {
  const parsed = startOptions(process.argv.slice(2), process.env, root);
  if (parsed.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.problem}\n\n${usage}`);
    return 2;
  }
  await ensurePackages(root);
  require('./lib/typescript.cjs').registerTypeScript();
  return require('../src/up/index.ts').up(parsed.options);
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
