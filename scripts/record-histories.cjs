'use strict';

require('./lib/node-version.cjs').requireNode();

require('./lib/typescript.cjs').registerTypeScript();
require('../test/histories/record.ts');
