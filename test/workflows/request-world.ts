import type { DeskVisit } from '../../src/activities/desk';
import { applyAll, type Task } from '../../src/domain/access-request';
import type { Connection } from '../../src/domain/batches';
import type { DeskReading } from '../../src/domain/desk-acts';
import { judge } from '../../src/domain/desk-rules';
import { followUps } from '../../src/domain/follow-ups';
import type { Outcome } from '../../src/domain/outcome';
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
}

/** The desk with the real rules, on which a test says what people do; systems answer what a test says. */
export class RequestWorld {
  readonly batches: Batch[] = [];
  readonly visits: DeskVisit[] = [];
  answer: (task: Task) => Outcome = () => GRANTED;
  takenBack: (task: Task) => Outcome = () => ({ kind: 'revoked', verified: true });
  /** What GitLab shows at the next reading; afterwards nothing new. */
  shown: (visit: DeskVisit) => DeskReading = ({ state }) => new Desk(state).reading();

  constructor(private readonly stage: Pick<Stage, 'now'>) {}

  readonly activities: { -readonly [Name in keyof Activities]?: Activities[Name] } = {
    workDesk: (visit) => {
      this.visits.push(visit);
      const reading = this.shown(visit);
      this.shown = ({ state }) => new Desk(state).reading();
      const { facts, answers } = judge(visit.state, reading, visit.messages, rules);
      const after = applyAll(visit.state, facts);
      return Promise.resolve({ facts: [...facts, ...followUps(after, visit.now)], answers });
    },
    grantAccess: (batch) => this.settle('grant', batch.connection, batch.tasks, this.answer),
    revokeAccess: (batch) => this.settle('revoke', batch.connection, batch.tasks, this.takenBack),
  };

  granted = (): string[] => this.batches.filter(({ verb }) => verb === 'grant').flatMap(({ tasks }) => tasks);

  private async settle(
    verb: Batch['verb'],
    connection: Connection,
    tasks: readonly Task[],
    answer: (task: Task) => Outcome,
  ) {
    this.batches.push({ verb, connection, tasks: tasks.map(({ id }) => id), at: await this.stage.now() });
    return { outcomes: Object.fromEntries(tasks.map((task) => [task.id, answer(task)])) };
  }
}
