import fc from 'fast-check';
import { EvidenceConflictError, type EvidenceRow, type Store } from '../../src/evidence';
import { canonicalJson, chainHash, GENESIS } from '../../src/evidence/row';
import { onBothDialects, row, type Ground } from './dialects';

onBothDialects((newGround) => {
  let ground: Ground;
  let store: Store;
  beforeEach(async () => {
    ground = await newGround();
    store = await ground.open();
  });
  afterEach(async () => {
    await store.close();
    await ground.end();
  });

  const five = async (): Promise<EvidenceRow[]> => {
    const rows = [row(), row(), row(), row(), row()];
    await store.append(rows);
    return rows;
  };
  const firstBad = async () => {
    const verdict = await store.verify();
    return verdict.ok ? 'sound' : verdict.firstBad;
  };

  test('an empty chain is sound', async () => {
    expect(await store.verify()).toEqual({ ok: true, rows: 0, hash: GENESIS });
  });

  test('rows come back as they were written, in their order', async () => {
    const rows = await five();
    const story = await store.story({ employeeId: '104711' });
    expect(story.map((r) => r.id)).toEqual(rows.map((r) => r.id));
    expect(story[0]).toMatchObject({
      ...rows[0],
      at: '2026-11-24T04:00:00.000Z',
      localTime: '2026-11-24T05:00:00+01:00',
    });
    expect(await store.verify()).toMatchObject({ ok: true, rows: 5 });
  });

  test('writing the same record twice leaves one, though the second time is later', async () => {
    const first = row();
    await store.append([first]);
    expect(await store.append([{ ...first, at: '2026-11-24T04:05:00Z' }, row()])).toEqual({ added: 1 });
    expect(await store.append([first, first])).toEqual({ added: 0 });
    expect((await store.story({ employeeId: '104711' })).map((r) => r.at)).toHaveLength(2);
  });

  test('the same record twice in one batch leaves one', async () => {
    const twice = row();
    expect(await store.append([twice, twice])).toEqual({ added: 1 });
  });

  test('the same id with other content is refused, names what differs, and adds nothing of its batch', async () => {
    const first = row();
    await store.append([first]);
    const other = { ...first, actor: 'somebody', detail: { what: 'secret-content' } };
    const refused = await store.append([row(), other]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(EvidenceConflictError);
    expect(refused).toMatchObject({ id: first.id, fields: ['actor', 'detail'] });
    expect(String(refused)).not.toContain('secret-content');
    expect(await store.evidenceRows()).toBe(1);
  });

  test.each([
    ['UPDATE', `UPDATE evidence SET actor = 'x' WHERE seq = 2`],
    ['DELETE', `DELETE FROM evidence WHERE seq = 5`],
    ['an update of the head backwards', `UPDATE evidence_head SET row_count = 1`],
    ['a delete of the head', `DELETE FROM evidence_head`],
  ])('the database itself refuses %s', async (_what, statement) => {
    await five();
    await expect(ground.run(statement)).rejects.toThrow('append-only');
    expect(await firstBad()).toBe('sound');
  });

  test('the database itself refuses what would empty or overwrite the table', async () => {
    await five();
    const statement =
      store.dialect === 'postgres'
        ? 'TRUNCATE evidence'
        : `INSERT OR REPLACE INTO evidence SELECT 2, 'x', at, zone, local_time, subject, request, workflow_id, kind, actor, channel, detail, 'p', 'h' FROM evidence WHERE seq = 2`;
    await expect(ground.run(statement)).rejects.toThrow('append-only');
    expect(await firstBad()).toBe('sound');
  });

  test.each([
    ['a changed actor', `UPDATE evidence SET actor = 'x' WHERE seq = 3`, { seq: 3, why: 'changed' }],
    [
      'a changed detail',
      `UPDATE evidence SET detail = '{"what":"x"}' WHERE seq = 2`,
      { seq: 2, why: 'changed' },
    ],
    [
      'a detail that is no JSON',
      `UPDATE evidence SET detail = '{' WHERE seq = 4`,
      { seq: 4, why: 'changed' },
    ],
    ['an unknown channel', `UPDATE evidence SET channel = 'post' WHERE seq = 1`, { seq: 1, why: 'changed' }],
    ['a changed hash', `UPDATE evidence SET hash = 'h' WHERE seq = 5`, { seq: 5, why: 'changed' }],
    ['the first row removed', `DELETE FROM evidence WHERE seq = 1`, { seq: 1, why: 'removed' }],
    ['a middle row removed', `DELETE FROM evidence WHERE seq = 3`, { seq: 3, why: 'removed' }],
    ['the last rows removed', `DELETE FROM evidence WHERE seq >= 4`, { seq: 4, why: 'removed' }],
    ['all rows removed', `DELETE FROM evidence`, { seq: 1, why: 'removed' }],
    [
      'a row removed and the others renumbered',
      `DELETE FROM evidence WHERE seq = 3; UPDATE evidence SET seq = 3 WHERE seq = 4; UPDATE evidence SET seq = 4 WHERE seq = 5`,
      { seq: 3, why: 'removed' },
    ],
    [
      'two rows exchanged',
      `UPDATE evidence SET seq = 99 WHERE seq = 2; UPDATE evidence SET seq = 2 WHERE seq = 3; UPDATE evidence SET seq = 3 WHERE seq = 99`,
      { seq: 2, why: 'reordered' },
    ],
    ['a row moved to the end', `UPDATE evidence SET seq = 9 WHERE seq = 2`, { seq: 2, why: 'reordered' }],
    ['the head removed', `DELETE FROM evidence_head`, { seq: 6, why: 'removed' }],
    [
      'a row added behind the head',
      `INSERT INTO evidence SELECT 6, 'x', at, zone, local_time, subject, request, workflow_id, kind, actor, channel, detail, 'p', 'h' FROM evidence WHERE seq = 1`,
      { seq: 6, why: 'added' },
    ],
  ])('%s is found', async (_what, statement, expected) => {
    await five();
    await ground.tamper(statement);
    expect(await firstBad()).toEqual(expected);
  });

  test('a row changed together with its hash is found by the row that follows it', async () => {
    await five();
    const forged = await forge(3);
    await ground.tamper(`UPDATE evidence SET actor = 'forged', hash = '${forged}' WHERE seq = 3`);
    expect(await firstBad()).toEqual({ seq: 3, why: 'changed' });
  });

  test('the last row changed together with its hash is found by the head', async () => {
    await five();
    const forged = await forge(5);
    await ground.tamper(`UPDATE evidence SET actor = 'forged', hash = '${forged}' WHERE seq = 5`);
    expect(await firstBad()).toEqual({ seq: 5, why: 'changed' });
  });

  test('a chain cut together with its head is found by an anchor kept elsewhere', async () => {
    await five();
    const anchor = await store.anchor();
    const third = (await store.rowsAfter(2, 1))[0];
    await ground.tamper(
      `DELETE FROM evidence WHERE seq > 3; UPDATE evidence_head SET row_count = 3, last_hash = '${third?.hash}'`,
    );
    expect(await store.verify()).toMatchObject({ ok: true, rows: 3 });
    expect(await store.verify(anchor)).toEqual({ ok: false, firstBad: { seq: 4, why: 'removed' } });
  });

  /** The hash that the row would have, had `forged` done it. */
  async function forge(seq: number): Promise<string> {
    const [found] = await store.rowsAfter(seq - 1, 1);
    if (!found) throw new Error(`row ${seq} is missing`);
    const { localTime, workflowId, prevHash, detail, ...same } = found;
    const renamed = {
      local_time: localTime,
      workflow_id: workflowId,
      prev_hash: prevHash,
      detail: canonicalJson(detail),
    };
    return chainHash({ ...same, ...renamed, actor: 'forged' });
  }

  test('several writers at once make one chain', async () => {
    const stores = await Promise.all([ground.open(), ground.open(), ground.open()]);
    try {
      await Promise.all(
        stores.flatMap((writer) => Array.from({ length: 10 }, () => writer.append([row(), row()]))),
      );
      expect(await store.verify()).toMatchObject({ ok: true, rows: 60 });
    } finally {
      await Promise.all(stores.map((writer) => writer.close()));
    }
  });

  test('a large batch is one chain, and survives opening again', async () => {
    await store.append(Array.from({ length: 1203 }, () => row()));
    const again = await ground.open();
    try {
      await again.append([row()]);
      expect(await again.verify()).toMatchObject({ ok: true, rows: 1204 });
    } finally {
      await again.close();
    }
  });

  test('whatever text and values a record holds, the chain stays sound and a repeat is known', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const records = fc.uniqueArray(
      fc.record({
        id: text,
        actor: text,
        zone: text,
        subject: fc.option(text),
        detail: fc.record({ what: text, after: fc.jsonValue() }),
      }),
      { maxLength: 5, selector: (r) => r.id },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(records, async (generated) => {
        run += 1;
        const rows = generated.map((g) =>
          row({ ...g, id: `${run}/${g.id}`, detail: { what: g.detail.what, after: g.detail.after as null } }),
        );
        await store.append(rows);
        expect(await store.append(rows)).toEqual({ added: 0 });
        expect(await store.verify()).toMatchObject({ ok: true });
      }),
      { numRuns: 30 },
    );
  });

  test('an instant that is none is refused', async () => {
    await expect(store.append([row({ at: 'yesterday' })])).rejects.toThrow(RangeError);
    expect(await store.evidenceRows()).toBe(0);
  });
});
