'use strict';

// A process of its own for the org, and one for who judges it: `org <period> <cut-off> <today> <sizes>` or `judge <period> <now> <changes>`.
require('../scripts/lib/typescript.cjs').registerTypeScript();
const [what, ...of] = process.argv.slice(2);
if (what === 'org') {
  const [key, cutOff, today, sizes] = of;
  require('./close-org.ts').serveOrg([key, cutOff, today], sizes);
} else
  process.once('message', (settings) => {
    const [key, now, changes] = of;
    require('./close-judge.ts')
      .judgeOrg(settings, key, now, Number(changes))
      .then(
        (judged) => process.send(judged, () => process.exit(0)),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
  });
