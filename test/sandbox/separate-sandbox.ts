import { startSandbox } from '../../src/sandbox';
import { handbook } from './fixture';

/** Runs a sandbox in a process of its own, on the state folder given, until it is killed. */
startSandbox({ stateDir: process.argv[2] ?? '', handbook, ports: 'any' }).then(
  () => process.stdout.write('ready\n'),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
