'use strict';

require('./lib/node-version.cjs').requireNode();

const { join } = require('node:path');
const { ensurePackages } = require('./lib/packages.cjs');

ensurePackages(join(__dirname, '..')).then(
  () => {
    require('./lib/typescript.cjs').registerTypeScript();
    require('../bench/index.ts');
  },
  (error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
