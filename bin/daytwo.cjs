#!/usr/bin/env node
'use strict';

require('../scripts/lib/node-version.cjs').requireNode();

require('../scripts/lib/typescript.cjs').registerTypeScript();
require('../src/starter.ts');
