import { notFound, SalesforceError } from '../errors';
import { recordOf, timeText } from '../records';
import { fieldNamed, objects } from '../schema';
import { objectOr404 } from '../writes';
import { ok, type Call, type Reply, type Route } from './call';

const DAY = 86_400_000;

const stamp = (at: number): unknown => timeText({ type: 'datetime' }, new Date(at).toISOString());

/** The span that a request asks for. @throws SalesforceError as `getUpdated()` and `getDeleted()` do */
function spanOf(call: Call, mostDays: number): { from: number; to: number } {
  // A plus that wasn't encoded arrives as a space: `2026-01-01T00:00:00 00:00`.
  const at = (name: string): number => Date.parse((call.query.get(name) ?? '').replace(' ', '+'));
  const [from, to] = [at('start'), at('end')];
  const refused = (message: string) => new SalesforceError('INVALID_REPLICATION_DATE', message);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    const wrong = Number.isNaN(from) ? 'start' : 'end';
    throw new SalesforceError('MALFORMED_QUERY', `${wrong} is required, as a date and time`);
  }
  // Whole minutes count: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_getupdated.htm
  if (to - from < 60_000) throw refused('endDate must be at least one minute greater than startDate');
  if (from < Date.now() - mostDays * DAY) throw refused(`startDate cannot be more than ${mostDays} days ago`);
  return { from, to };
}

function updated(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  const { from, to } = spanOf(call, 30);
  const ids = call.caller.org
    .rows(object.name)
    .filter((row) => {
      const at = Date.parse(String(row['SystemModstamp']));
      return at >= from && at < to;
    })
    .map((row) => row.Id);
  return ok({ ids, latestDateCovered: stamp(Math.min(to, Date.now())) });
}

function deleted(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  const { org } = call.caller;
  const { from, to } = spanOf(call, 15);
  const gone = org.deleted(object.name);
  const within = gone.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to);
  return ok({
    deletedRecords: within.map(({ id, at }) => ({ id, deletedDate: stamp(Date.parse(at)) })),
    earliestDateAvailable: stamp(gone[0] ? Date.parse(gone[0].at) : Date.now() - 15 * DAY),
    latestDateCovered: stamp(Math.min(to, Date.now())),
  });
}

/** Records that the user changed last stand for those that they looked at. */
function recent(call: Call): Reply {
  const { org, userId, version } = call.caller;
  const limit = Number(call.query.get('limit') ?? 200);
  const found = objects()
    .filter((object) => !object.setup)
    .flatMap((object) =>
      org
        .rows(object.name)
        .filter((row) => row['LastModifiedById'] === userId)
        .map((row) => ({ object, row, at: String(row['LastModifiedDate']) })),
    )
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, Math.min(Math.max(limit, 0), 2000));
  return ok(
    found.map(({ object, row }) => {
      const name = fieldNamed(object, 'Name') ?? fieldNamed(object, 'CaseNumber');
      const record = recordOf(object, row, version);
      return { ...record, Id: row.Id, ...(name ? { [name.name]: org.value(object, row, name) } : {}) };
    }),
  );
}

/** What changed, what went, and what was worked on last. */
export const REPLICATION_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/updated\/?$/, run: updated },
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/deleted\/?$/, run: deleted },
  { method: 'GET', pattern: /^\/recent\/?$/, run: recent },
  {
    // The org has no page layouts.
    method: 'GET',
    pattern: /^\/sobjects\/(\w+)\/describe\/.+$/,
    run: () => {
      throw notFound();
    },
  },
];
