import { openStore, sharedPace } from '../../src/evidence';
import { OktaGroups } from '../../src/systems/okta';

/** A worker's share in a process of its own: looks so many people up at the address given, at the rate that all share. */
interface Sending {
  readonly stateDir: string;
  readonly okta: { readonly url: string; readonly token: string };
  readonly perSecond: number;
  readonly emails: readonly string[];
}

async function send({ stateDir, okta, perSecond, emails }: Sending): Promise<void> {
  const store = await openStore({ stateDir, databaseUrl: null });
  process.stdout.write('ready\n');
  // All begin together: when the test says so.
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const pace = sharedPace(store.rate, 'okta', () => perSecond);
  await new OktaGroups({ ...okta, pace }).find({ kind: 'okta-group', group: 'okta-chorus-users' }, emails);
  await store.close();
  process.stdin.destroy();
}

send(JSON.parse(process.argv.at(-1) ?? '') as Sending).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
