#!/usr/bin/env node
'use strict';

require('../scripts/lib/node-version.cjs').requireNode();
// TypeScript in this process, without a second one: a command answers half a second sooner.
require('tsx/cjs');
require('../src/starter.ts');
