'use strict';

require('../scripts/lib/typescript.cjs').registerTypeScript();
const { makeAccounts, plan, explain } = require('./territory-plan.ts');

const [what, dir, count] = process.argv.slice(2);
const doing = { make: makeAccounts, plan, explain }[what];
doing(dir, Number(count)).then(
  (told) => process.send(told, () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
