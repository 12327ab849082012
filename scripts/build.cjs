'use strict';

/** `npm run build`: the workflow code as one file, dist/workflow-bundle.js, for an image that builds nothing at start. */
require('./lib/node-version.cjs').requireNode();
require('./lib/typescript.cjs').registerTypeScript();

const { join } = require('node:path');
const { buildWorkflowBundle } = require('../src/bundle.ts');

const target = join(__dirname, '..', 'dist', 'workflow-bundle.js');

buildWorkflowBundle(target).then(
  () => console.log(target),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
