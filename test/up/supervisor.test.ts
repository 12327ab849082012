import { cachedTemporalCli } from '../../scripts/lib/temporal-cli.cjs';
import { isSameProcess, type ProcessRecord } from '../../src/up/orphans';
import { freePorts, StartedUp, until, withStateDir } from './running';

const external = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

async function serverSays(port: number): Promise<{ pid: number; gitlab: string; temporal: string }> {
  return (await fetch(`http://127.0.0.1:${port}/`)).json() as Promise<{
    pid: number;
    gitlab: string;
    temporal: string;
  }>;
}

const named = (records: readonly ProcessRecord[], name: string) =>
  records.find((record) => record.name === name);

test('all parts come up, know the sandbox and Temporal, and end without a trace', () =>
  withStateDir(async (stateDir) => {
    const ports = await freePorts();
    const started = new StartedUp(stateDir, ports, external);
    await started.isUp();
    const says = await serverSays(ports.server);
    expect(says).toMatchObject({ gitlab: 'http://127.0.0.1:9', temporal: '127.0.0.1:1' });
    expect(started.records().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['sandbox', 'worker', 'server']),
    );
    const { addresses } = started.said.find(({ kind }) => kind === 'addresses') ?? {};
    expect(addresses).toMatchObject({
      'Request board': 'http://127.0.0.1:9/acme/access/-/boards',
      Server: `http://127.0.0.1:${ports.server}`,
    });
    expect(await started.end()).toBe(0);
  }));

test('a part that is killed is started again, and people are told', () =>
  withStateDir(async (stateDir) => {
    const ports = await freePorts();
    const started = new StartedUp(stateDir, ports, external);
    await started.isUp();
    const before = named(started.records(), 'server');
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await until('the server is back', () => started.saidText().includes('server is back'));
    expect((await serverSays(ports.server)).pid).not.toBe(before?.pid);
    expect(started.saidText()).toMatch(/server died \(ended by SIGKILL\); starting it again/);
    await started.end();
  }));

test('a Ctrl-C that arrives twice at once, as npm passes it on, still ends in order', () =>
  withStateDir(async (stateDir) => {
    const started = new StartedUp(stateDir, await freePorts(), external);
    await started.isUp();
    started.child.kill('SIGINT');
    expect(await started.end()).toBe(0);
  }));

test('a part that can never run is given up, with the end of its log', () =>
  withStateDir(async (stateDir) => {
    const started = new StartedUp(stateDir, await freePorts(), {
      ...external,
      FAIL: 'worker',
      DAYTWO_RESTARTS: '1',
    });
    expect(await started.exited).toBe(1);
    expect(started.saidText()).toContain('told to fail');
    expect(started.records()).toEqual([]);
  }));

test('a second start says who holds the state', () =>
  withStateDir(async (stateDir) => {
    const ports = await freePorts();
    const first = new StartedUp(stateDir, ports, external);
    await first.isUp();
    const second = new StartedUp(stateDir, ports, external);
    expect(await second.exited).toBe(1);
    expect(second.saidText()).toContain(`pid ${first.child.pid}`);
    expect(second.saidText()).toContain(`http://127.0.0.1:${ports.server}`);
    await first.end();
  }));

test('when the supervisor is killed, its parts and Temporal end by themselves, and the next start goes on', () =>
  withStateDir(async (stateDir) => {
    const cli = cachedTemporalCli();
    if (cli === undefined) throw new Error('Run `npm test`, which brings the Temporal CLI.');
    const ports = await freePorts();
    const first = new StartedUp(stateDir, ports, { DAYTWO_TEMPORAL_CLI: cli });
    await first.isUp();
    const left = first.records();
    expect(left.map(({ name }) => name).sort()).toEqual(['sandbox', 'server', 'temporal', 'worker']);
    first.child.kill('SIGKILL');
    await first.exited;
    await until('every process ended', () => !left.some(isSameProcess));

    const second = new StartedUp(stateDir, ports, { DAYTWO_TEMPORAL_CLI: cli });
    await second.isUp();
    expect((await serverSays(ports.server)).temporal).toBe(`127.0.0.1:${ports.temporal}`);
    await second.end();
  }));
