import type { DeskVisit } from '../../src/activities/desk';
import type { AccessBatch, RevokeBatch } from '../../src/activities/access';
import { applyAll, type Fact, type Task } from '../../src/domain/access-request';
import { timesOf, type Connection } from '../../src/domain/batches';
import { lapsed } from '../../src/domain/approval-rules';
import type { DeskReading } from '../../src/domain/desk-acts';
import { judge } from '../../src/domain/desk-rules';
import { followUps } from '../../src/domain/follow-ups';
import type { Counts, Outcome } from '../../src/domain/outcome';
import { Desk, rules } from '../domain/request';
import type { Activities, Stage } from './stage';

export const GRANTED: Outcome = { kind: 'granted', verified: true };
export const NO_SEAT: Outcome = { kind: 'waiting_for_seat', licence: 'Salesforce' };
export const AWAY: Outcome = { kind: 'waiting_for_system', system: 'okta', code: '503' };
export const STUCK: Outcome = { kind: 'needs_person', problem: 'the user name is taken', mend: 'free it' };

interface Batch {
  readonly verb: 'grant' | 'revoke';
  readonly connection: Connection;
  readonly tasks: readonly string[];
  readonly at: number;
  /** Of these all goes, also what was there before. */
  readonly whateverBegun: readonly string[];
  /** Only those are served for whom these are done. */
  readonly waitsFor: readonly string[];
}

/** The desk with the real rules, on which a test says what people do; systems answer what a test says. */
export class RequestWorld {
  readonly batches: Batch[] = [];
  readonly visits: DeskVisit[] = [];
  /** All that came back from the desk. */
  readonly facts: Fact[] = [];
  /** The role that each task was granted with. */
  readonly grantedAs: Record<string, string | undefined> = {};
  answer: (task: Task) => Outcome = () => GRANTED;
  takenBack: (task: Task) => Outcome = () => ({ kind: 'revoked', verified: true });
  /** Of a request for many: how a task stands once it was served. */
  counts: (task: Task) => Counts | null = () => null;
  /** What GitLab shows at the next reading; afterwards nothing new. */
  shown: (visit: DeskVisit) => DeskReading = ({ state }) => new Desk(state).reading();

  constructor(private readonly stage: Pick<Stage, 'now'>) {}

  readonly activities: { -readonly [Name in keyof Activities]?: Activities[Name] } = {
    workDesk: (visit) => {
      this.visits.push(visit);
      const read = this.reads(visit);
      const state = applyAll(visit.state, read);
      const reading = this.shown({ ...visit, state });
      this.shown = (next) => new Desk(next.state).reading();
      const judged = judge(state, reading, visit.messages, rules);
      const due = timesOf(judged.state).flatMap(({ at, fact }) => (at <= visit.now ? [fact] : []));
      const found = [...read, ...judged.facts, ...due, ...lapsed(judged.state, visit.now)];
      const facts = [...found, ...followUps(applyAll(visit.state, found), visit.now)];
      this.facts.push(...facts);
      return Promise.resolve({ facts, answers: judged.answers });
    },
    grantAccess: (batch) => this.settle('grant', batch, this.answer),
    revokeAccess: (batch) => this.settle('revoke', batch, this.takenBack),
  };

  /** What a reading of the text brings; nothing for a baseline request. */
  protected reads(_: DeskVisit): readonly Fact[] {
    return [];
  }

  granted = (): string[] => this.batches.filter(({ verb }) => verb === 'grant').flatMap(({ tasks }) => tasks);

  private async settle(
    verb: Batch['verb'],
    { connection, tasks, crowd, ...batch }: AccessBatch | RevokeBatch,
    answer: (task: Task) => Outcome,
  ) {
    this.batches.push({
      verb,
      connection,
      tasks: tasks.map(({ id }) => id),
      at: await this.stage.now(),
      whateverBegun: ('whateverBegun' in batch && batch.whateverBegun) || [],
      waitsFor: crowd?.waitsFor ?? [],
    });
    if (verb === 'grant') for (const { id, entitlement } of tasks) this.grantedAs[id] = entitlement.role;
    const counts = tasks.flatMap((task) => {
      const count = this.counts(task);
      return count ? [[task.id, count] as const] : [];
    });
    return {
      outcomes: Object.fromEntries(tasks.map((task) => [task.id, answer(task)])),
      ...(counts.length > 0 ? { counts: Object.fromEntries(counts) } : {}),
    };
  }
}
