import { createLog, faultOf, withoutAddresses } from '../../src/logging';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ part: 'worker', destination: { write: (line: string) => void lines.push(line) } }));
  return lines.join('');
}

test('a line says when, which part, and what', () => {
  const line = JSON.parse(
    logged((log) => log.info({ workflowId: 'onboarding/104711' }, 'started')),
  ) as Record<string, unknown>;
  expect(line).toMatchObject({ level: 30, part: 'worker', workflowId: 'onboarding/104711', msg: 'started' });
  expect(Date.parse(String(line['time']))).not.toBeNaN();
});

test('names, addresses and secrets are removed, wherever somebody puts them by mistake', () => {
  const text = logged((log) => {
    log.info(
      { name: 'Ada', event: { email: 'ada@example.com', deeper: { token: 'glpat-1' } } },
      'about ada@example.com',
    );
    log.info({ url: 'postgres://daytwo:hunter2@db/evidence' }, 'connecting');
  });
  expect(text).not.toMatch(/Ada|ada@|glpat-1|hunter2/);
  expect(text).toContain('<removed>');
});

test('a fault is logged by its kind, code and place, without its message', () => {
  const fault = Object.assign(new RangeError('no seat for Ada'), { code: 'NO_SEAT' });
  for (const field of ['err', 'error']) {
    const text = logged((log) => log.error({ [field]: fault }, 'failed'));
    expect(text).toContain('"kind":"RangeError","code":"NO_SEAT"');
    expect(text).toContain('logging.test');
    expect(text).not.toContain('no seat');
  }
  expect(faultOf('Ada failed')).toEqual({ kind: 'string' });
});

test('a long text without addresses costs little', () => {
  const started = performance.now();
  withoutAddresses('a'.repeat(1_000_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
