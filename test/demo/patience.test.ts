import { Hopeless, Patience, WaitedInVain } from '../../src/demo/patience';

const never = new AbortController().signal;

describe('waiting within bounds', () => {
  test('looks again until there is something to see, whatever faults come between, and says what it waits for', async () => {
    const patience = new Patience(never, 5_000, 1);
    const answers = [undefined, new Error('away'), 'there'];
    const said: (readonly string[])[] = [];
    const seen = await patience.until('the issue', () => {
      said.push(patience.waits);
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    expect(seen).toBe('there');
    expect(said).toEqual([['the issue'], ['the issue'], ['the issue']]);
    expect(patience.waits).toEqual([]);
  });

  test('gives up with what it waited for, and the last fault as its cause', async () => {
    const fault = new Error('refused');
    const waited = new Patience(never, 5, 1).until('the issue', () => Promise.reject(fault));
    await expect(waited).rejects.toThrow(WaitedInVain);
    await expect(waited).rejects.toMatchObject({ what: 'the issue', cause: fault });
  });

  test('gives up at once where waiting is in vain', async () => {
    let looks = 0;
    const waited = new Patience(never, 5_000, 1).until('a seat', () => {
      looks += 1;
      return Promise.reject(new Hopeless('no licence is free'));
    });
    await expect(waited).rejects.toThrow('no licence is free');
    expect(looks).toBe(1);
  });

  test('ends when it is told to', async () => {
    const end = new AbortController();
    const waited = new Patience(end.signal, 60_000, 60_000).until('the issue', () => {
      end.abort();
      return Promise.resolve(undefined);
    });
    await expect(waited).rejects.toMatchObject({ name: 'AbortError' });
  });
});
