import { apply, applyAll, isEnded, type Fact, type RequestState } from './access-request';
import type { DeskMessage } from './desk-acts';
import type { Channel, DecisionKind } from './handbook';
import type { Counts, Outcome } from './outcome';

/** What a signal or update of DESIGN's messages carries: `{"by": "…", "task": "…", "reason": "…"}`. */
export interface DecisionInput {
  readonly by: string;
  readonly task?: string;
  readonly reason?: string;
  /** Which way it came; a plain signal doesn't say and is counted as one. */
  readonly channel?: Channel;
  /** With `cancel`: take back what was granted. */
  readonly remove?: boolean;
  /** With `approve`: the digest of what is approved, as `daytwo show` gives it, or how it begins. */
  readonly digest?: string;
  /** With `approve`: a lower level than is asked for, of the system that `task` names. */
  readonly as?: string;
  /** With `approve`: permission sets that are left out. */
  readonly without?: readonly string[];
  /** With `reassign`: the user name on whom it waits. */
  readonly from?: string;
  /** With `reassign`: whom it is to wait on, a user name or `team:<key of people.yml>`. */
  readonly to?: string;
}

/** Characters of a reason at most. */
export const MOST_OF_A_REASON = 2_000;

/** Why a message can't even be judged, or null. The desk judges the rest by policy. */
export function malformed(input: unknown): string | null {
  if (typeof input !== 'object' || input === null)
    return 'expected {"by": "<GitLab user name>", "task"?, "reason"?}';
  const { by, task, reason, remove, digest, as, without, from, to } = input as Partial<
    Record<keyof DecisionInput, unknown>
  >;
  if (typeof by !== 'string' || !/^[\w.-]{1,255}$/.test(by)) return '"by" must be a GitLab user name';
  if (task !== undefined && (typeof task !== 'string' || task.length > 200))
    return '"task" must be the id of a task';
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MOST_OF_A_REASON))
    return '"reason" must be a text of at most 2,000 characters';
  if (as !== undefined && !isShortText(as)) return '"as" must be a level of the system';
  if (
    without !== undefined &&
    !(Array.isArray(without) && without.length <= 50 && without.every((one) => isShortText(one)))
  )
    return '"without" must be a list of permission sets';
  if (from !== undefined && (typeof from !== 'string' || !/^[\w.-]{1,255}$/.test(from)))
    return '"from" must be a GitLab user name';
  if (to !== undefined && (typeof to !== 'string' || !/^(?:team:)?[\w.-]{1,255}$/.test(to)))
    return '"to" must be a GitLab user name, or team:<key>';
  if (remove !== undefined && typeof remove !== 'boolean') return '"remove" must be true or false';
  if (digest !== undefined && (typeof digest !== 'string' || !/^[0-9a-f]{6,64}$/.test(digest)))
    return '"digest" must be the digest that the request shows, or its first six letters or more';
  return null;
}

const isShortText = (value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 200;

/**
 * Which channel an update may name: the command's only. `gitlab` and `console` say that somebody had signed in, which whoever
 * can reach Temporal could claim; what people do on GitLab is read there, and there is no console yet.
 */
export const isOwnChannel = (channel: unknown): boolean => channel === undefined || channel === 'cli';

/** "Counts on the issue at most once a minute." */
export const SHOWN_EVERY_MS = 60_000;

interface Outcomes {
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly counts?: Readonly<Record<string, Counts>>;
}

/** One request between its messages: owns the state, collects what came in, and knows what is to be done next. */
export class RequestDesk {
  #state: RequestState;
  #messages: DeskMessage[] = [];
  readonly #offered = new Set<string>();
  readonly #answers = new Map<string, string | null>();
  #hinted: boolean;
  #sent = 0;
  /** When the issue was read last: counts are shown there once a minute at most. */
  #visited = '';

  /** @param hinted whether the issue is to be read first of all: at a request's birth, say */
  constructor(state: RequestState, hinted = true) {
    this.#state = state;
    this.#hinted = hinted;
  }

  get state(): RequestState {
    return this.#state;
  }

  /** The issue must be read: a hint came, a message waits, or something happened that it doesn't show yet. */
  get needsDesk(): boolean {
    return this.#hinted || this.#messages.length > 0;
  }

  get ended(): boolean {
    return isEnded(this.#state);
  }

  hint(): void {
    this.#hinted = true;
  }

  /** Takes a message in; its answer is there after the next reading of the desk. */
  tell(kind: DecisionKind, input: DecisionInput, at: string, channel: Channel): string {
    this.#sent += 1;
    const id = `${at}/${this.#sent}`;
    const { by, task, reason, remove, digest, as, without, from, to } = input;
    this.#messages.push({ id, kind, by, channel, at, task, reason, remove, digest, as, without, from, to });
    return id;
  }

  /** Undefined until the message was judged; then null where it was taken, else why not. */
  answer(id: string): string | null | undefined {
    return this.#answers.get(id);
  }

  /** What the next reading takes with it. What comes in meanwhile waits for the one after. */
  takeMessages(at = ''): readonly DeskMessage[] {
    this.#visited = at;
    const taken = this.#messages;
    this.#messages = [];
    this.#hinted = false;
    return taken;
  }

  /** A seat is kept for these tasks. Who asked for it may not have come back with the answer that it waits: see `takeOffers`. */
  seatOffered(tasks: readonly string[]): void {
    for (const task of tasks) this.#offered.add(task);
  }

  get hasOffers(): boolean {
    return this.#offered.size > 0;
  }

  /** Takes up the offers once nothing is under way; those of tasks that don't wait for a seat are let go. */
  takeOffers(at: string): void {
    const tasks = [...this.#offered].filter((id) => this.#state.tasks[id]?.status === 'waiting_for_seat');
    this.#offered.clear();
    // The issue needs no word of it: the grant that follows has its own.
    if (tasks.length > 0) this.#state = apply(this.#state, { kind: 'seat_offered', tasks, at });
  }

  wasJudged(facts: readonly Fact[], answers: Readonly<Record<string, string | null>>): void {
    this.#state = applyAll(this.#state, facts);
    for (const [id, answer] of Object.entries(answers)) this.#answers.set(id, answer);
  }

  /** What came of a grant. A cancel that came meanwhile holds for it, too: what is there in part is looked at. */
  wasGranted(result: Outcomes, at: string): void {
    this.cameOut(result, at);
    this.#goesOn(result, at);
    const { cancelled } = this.#state;
    if (cancelled) this.happened({ kind: 'cancelled', ...cancelled });
  }

  /** A request for many that isn't through yet: its counts are known, and shown now and then. */
  #goesOn({ outcomes, counts = {} }: Outcomes, at: string): void {
    const going = Object.entries(counts).filter(([task]) => !(task in outcomes));
    if (going.length === 0) return;
    this.#state = apply(this.#state, { kind: 'progress', counts: Object.fromEntries(going) });
    if (Date.parse(at) - (Date.parse(this.#visited) || 0) >= SHOWN_EVERY_MS) this.#hinted = true;
  }

  /** A batch of a request for many goes on: how far it is. The issue says so already. */
  progressed(counts: Readonly<Record<string, Counts>>): void {
    this.#state = apply(this.#state, { kind: 'progress', counts });
  }

  cameOut({ outcomes, counts = {} }: Outcomes, at: string): void {
    for (const [task, outcome] of Object.entries(outcomes)) {
      const count = counts[task];
      this.happened({ kind: 'outcome', task, outcome, at, ...(count ? { counts: count } : {}) });
    }
  }

  happened(fact: Fact): void {
    this.#state = apply(this.#state, fact);
    this.#hinted = true;
  }
}
