'use strict';

/**
 * Exits with code 1, saying what to do, where Node is older than daytwo needs.
 * Written for any old Node: nothing newer than ES5 here.
 */
function requireNode() {
  var parts = process.versions.node.split('.').map(Number);
  if (parts[0] > 20 || (parts[0] === 20 && parts[1] >= 3)) return;
  console.error('daytwo needs Node 20.3 or newer; this is ' + process.versions.node + '.');
  console.error(
    'Install it from https://nodejs.org, or with a version switcher: `nvm install` reads .nvmrc here.',
  );
  process.exit(1);
}

module.exports = { requireNode: requireNode };
