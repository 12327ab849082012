import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { reservePorts, type Ports } from '../../src/up/ports';
import { parseVariables, takeState, throwAway } from '../../src/up/state';
import { freePorts, withStateDir } from './running';

test('--fresh throws away what daytwo made, and nothing else', () =>
  withStateDir(async (stateDir) => {
    const ours = ['daytwo.db', 'daytwo.db-wal', 'sandbox.db', 'sandbox.env', 'temporal.db', 'ports.json'];
    const others = ['notes.txt', 'daytwo', 'my-sandbox.env'];
    for (const name of [...ours, ...others]) writeFileSync(join(stateDir, name), name);
    mkdirSync(join(stateDir, 'logs'));
    writeFileSync(join(stateDir, 'logs', 'worker.log'), 'old');
    const taken = takeState(stateDir);
    if (!('held' in taken)) throw new Error('not taken');
    throwAway(stateDir, taken.held);
    expect(ours.filter((name) => existsSync(join(stateDir, name)))).toEqual([]);
    expect(others.filter((name) => existsSync(join(stateDir, name)))).toEqual(others);
    expect(existsSync(join(stateDir, 'logs', 'worker.log'))).toBe(false);
    expect(takeState(stateDir)).toHaveProperty('holder');
    taken.held.release();
  }));

/** The ports of a state that is started and stopped. */
async function portsOnce(stateDir: string, usual?: Ports): Promise<Ports> {
  const reserved = await reservePorts(stateDir, usual);
  reserved.release();
  return reserved.ports;
}

test('a state keeps its ports, and gives way where another program took one', () =>
  withStateDir(async (stateDir) => {
    const usual = await freePorts();
    const first = await portsOnce(stateDir, usual);
    expect(first).toEqual(usual);
    expect(await portsOnce(stateDir)).toEqual(first);

    const other = createServer();
    await new Promise<void>((resolve) => other.listen(first.server, '127.0.0.1', resolve));
    try {
      const second = await portsOnce(stateDir);
      expect(second.server).toBeGreaterThan((other.address() as AddressInfo).port);
      expect(new Set(Object.values(second)).size).toBe(3);
      expect(JSON.parse(readFileSync(join(stateDir, 'ports.json'), 'utf8'))).toEqual(second);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  }));

test('two states that start at once never share a port, though nothing listens there yet', () =>
  withStateDir((stateDir) =>
    withStateDir(async (otherStateDir) => {
      const usual = await freePorts();
      const [one, other] = await Promise.all([
        reservePorts(stateDir, usual),
        reservePorts(otherStateDir, usual),
      ]);
      try {
        const all = [...Object.values(one.ports), ...Object.values(other.ports)];
        expect(new Set(all).size).toBe(6);
      } finally {
        one.release();
        other.release();
      }
    }),
  ));

test('variables are read with and without quotes; comments and other lines are no variables', () => {
  const text =
    '# made by daytwo\nA=1\nB="two words"\nexport C=\'three\'\nURL=http://x/?a=b#c\nEMPTY=\n\nno line\r\n1X=no\n';
  expect(parseVariables(text)).toEqual({
    A: '1',
    B: 'two words',
    C: 'three',
    URL: 'http://x/?a=b#c',
    EMPTY: '',
  });
});
