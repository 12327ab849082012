import type { Store } from '../../src/evidence';
import { message } from '../domain/request';
import { Ground, Request } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => ground.stop());

class Killed extends Error {}

/**
 * Ends whatever runs at its n-th step that changes something, in GitLab or in the store: before its effect, or after it
 * and before its answer. `steps` tells afterwards how many there were.
 */
class Interruption {
  steps = 0;
  constructor(
    private readonly at: number,
    private readonly when: 'before' | 'after',
  ) {}

  readonly store = (real: Store): Store =>
    new Proxy(real, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = value.bind(target) as (...args: unknown[]) => unknown;
        return /^(?:append|put|start|stop|seen)/.test(String(name))
          ? (...args: unknown[]) => this.step(() => Promise.resolve(call(...args)))
          : call;
      },
    });

  fetch(): void {
    const real = globalThis.fetch;
    jest.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
      const send = () => real(url, init);
      const to = typeof url === 'string' ? url : 'href' in url ? url.href : url.url;
      const changes = (init?.method ?? 'GET') !== 'GET' && to.includes('/api/v4/');
      return changes ? this.step(send) : send();
    });
  }

  private async step<T>(effect: () => Promise<T>): Promise<T> {
    this.steps += 1;
    const now = this.steps === this.at;
    if (now && this.when === 'before') throw new Killed('killed');
    const answer = await effect();
    if (now) throw new Killed('killed');
    return answer;
  }
}

/** As Temporal does: the same activity again, with the same input, until it comes through. */
async function again<T>(activity: () => Promise<T>): Promise<T> {
  try {
    return await activity();
  } catch (error) {
    // A request that was interrupted comes out as a lost answer.
    if (!(error instanceof Killed) && (error as { type?: string }).type !== 'gitlab:no-answer') throw error;
    return activity();
  }
}

/** A hire is begun and worked on, with an interruption somewhere; what the world looks like afterwards. */
async function played(interruption: Interruption): Promise<object> {
  await ground.reset();
  const world = ground.world;
  const store = interruption.store(ground.store);
  jest.spyOn(ground, 'world', 'get').mockReturnValue({ ...world, store, gitlab: world.gitlab });
  const desk = ground.desk();

  interruption.fetch();
  const opened = await again(() => ground.opened());
  const request = new Request(ground, opened.opened);
  await again(() => request.visit());
  jest.mocked(globalThis.fetch).mockRestore();

  await desk.assignSelf('sam-ops', request.iid);
  await desk.label('mo-mktg', request.iid, 'SalesOpsAR::Completed');
  await desk.comment('sam-ops', request.iid, 'On it.');

  interruption.fetch();
  await again(() => request.visit(message('hold', 'sam-ops', { reason: 'new territory' })));
  jest.restoreAllMocks();

  const issues = [
    ...(await desk.issues('state=all')),
    ...(await ground.desk(ground.projects.employment).issues('state=all')),
  ];
  const comments = await request.comments();
  const mails = (await (await fetch(`${ground.systems.files.mailbox.url}/messages`)).json()) as {
    to: string;
    subject: string;
  }[];
  return {
    issues: issues.map(({ title, labels, state, assignees }) => ({
      title,
      labels: [...labels].sort(),
      state,
      assignees: assignees.map(({ username }) => username),
    })),
    comments: comments.map((body) => body.replace(/putback:[^ ]+/, 'putback')),
    mails: mails.map(({ to, subject }) => `${to}: ${subject}`).sort(),
    evidence: (await ground.evidence()).map(({ kind, actor }) => `${kind} ${actor}`).sort(),
    phase: request.state.hold?.reason,
    waiting: await ground.store.peopleWaiting('template'),
  };
}

test('killed at any step, before its effect or after it, it comes out the same as without', async () => {
  const smooth = new Interruption(0, 'before');
  const expected = await played(smooth);
  expect(smooth.steps).toBeGreaterThan(10);
  expect(expected).toMatchObject({
    phase: 'new territory',
    evidence: expect.arrayContaining(['decision.hold sam-ops']),
  });
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= smooth.steps; at++) {
      const interruption = new Interruption(at, when);
      const found = await played(interruption);
      expect({ when, at, ...found }).toEqual({ when, at, ...expected });
      expect(interruption.steps).toBeGreaterThanOrEqual(smooth.steps - 1);
    }
  }
});
