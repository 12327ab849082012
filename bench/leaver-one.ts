import { Accounts } from '../src/demo/accounts';
import { estateOf } from '../src/demo/estate';
import { ticksFor } from '../src/demo/leaver-boxes';
import { tick } from '../src/demo/tick';
import type { LeaverCase, LeaverItem } from '../src/domain/leaving';
import type { PersonRecord } from '../src/evidence';
import type { LogEntry } from '../src/sandbox/http';
import { offboardingId, Workflows } from '../src/temporal/client';
import { addDays } from '../src/domain/dates';
import { countActions, type Actions } from './actions';
import { emptyMs } from './empty';
import { leavingOf, settleIn, tasksOf, type Book } from './leaver-people';
import { looked, type Product } from './product';

const SECURITY = 'noor-security';
/** daytwo's user name in the sandbox's GitLab. */
const BOT = 'daytwo-bot';

/** One leaver on the whole product, from HR's word until everything is settled. */
export interface OneLeft {
  readonly temporal: string;
  readonly actions: Actions;
  readonly log: readonly LogEntry[];
  readonly frozenMs: number;
  readonly deactivatedMs: number;
  /** What Temporal takes for the activities until then, though they do nothing. */
  readonly emptyMs: number;
}

/** Planning, freezing and taking come before the user is deactivated; time zero is when the first of them begins. */
const ACTIVITIES = 3;

export async function leaveOne(product: Product, person: PersonRecord, book: Book): Promise<OneLeft> {
  const { system, store, client, handbook } = product;
  const { sandbox } = system;
  await store.putPerson(person);
  await settleIn(sandbox, handbook, [person], book);
  const seen = (await system.log()).at(-1)?.seq ?? 0;
  const today = new Date().toISOString().slice(0, 10);
  await system.hr(leavingOf(person, addDays(today, 7)));
  await leavingAs(product, person, ({ phase }) => phase === 'announced');
  await new Workflows(client).leaveNow(person.employeeId, SECURITY, 'measured');
  const { one, item } = await looked(async () => {
    const [leaving] = await store.leavers.ofPerson(person.employeeId);
    const items = leaving ? await store.leavers.items(leaving.leaving) : [];
    const user = items.find(({ id, status }) => id === 'salesforce' && status === 'revoked');
    return leaving && user ? { one: leaving, item: user } : undefined;
  });
  await settle(product, person);
  await leavingAs(product, person, ({ phase }) => phase === 'watched');
  const id = offboardingId(person.employeeId);
  await looked(async () => ((await isIdle(product, id)) ? true : undefined));
  const log = (await system.log()).filter((entry) => entry.seq > seen && isDaytwos(entry));
  const left = await estateOf(new Accounts(sandbox), person.email);
  if (!left || left.active || left.accounts + left.leads + left.open > 0 || left.closed !== book.closed)
    throw new Error(`it was not handed over as it must be: ${JSON.stringify(left)}`);
  return {
    temporal: product.temporal,
    actions: await countActions(client, [id]),
    log,
    frozenMs: after(one, one.frozenAt),
    deactivatedMs: after(one, item.at),
    emptyMs: await emptyMs(client, product.address, ACTIVITIES),
  };
}

const after = ({ timeZero }: LeaverCase, at: LeaverItem['at']): number =>
  Date.parse(at ?? '') - Date.parse(timeZero);

/** Waits until the store has the leaving like this. */
async function leavingAs(
  { store }: Product,
  { employeeId }: PersonRecord,
  is: (one: LeaverCase) => boolean,
): Promise<LeaverCase> {
  return looked(async () => (await store.leavers.ofPerson(employeeId)).find(is)).catch(
    async (error: unknown) => {
      throw new Error(`it is otherwise: ${JSON.stringify(await store.leavers.ofPerson(employeeId))}`, {
        cause: error,
      });
    },
  );
}

/** People tick what has no API, each of them once. */
async function settle(product: Product, person: PersonRecord): Promise<void> {
  const { desk, handbook } = product;
  const one = await leavingAs(product, person, ({ issue }) => issue !== null);
  const iid = one.issue?.iid ?? 0;
  const had = [
    ...tasksOf(handbook, [person]).map(({ system }) => system),
    ...handbook.systems
      .filter(({ ways }) => ways.some(({ kind }) => kind !== 'person'))
      .map(({ key }) => key),
  ];
  for (const { who, texts } of ticksFor((await desk.issue(iid)).description, handbook, had)) {
    const { description } = await desk.issue(iid);
    await desk.write(
      who,
      iid,
      texts.reduce((text, box) => tick(text, box) ?? text, description),
    );
    // As who works on a page that shows what was done before.
    await looked(async () =>
      (await desk.issue(iid)).description.includes(`attested by \`${who}\``) ? true : undefined,
    );
  }
}

/** What people and the bench itself ask of GitLab doesn't count. */
export const isDaytwos = ({ system, who }: LogEntry): boolean => system !== 'gitlab' || who === BOT;

/** No activity is under way and none is about to be: what it did can be counted. */
export async function isIdle({ client }: Pick<Product, 'client'>, id: string): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask;
}
