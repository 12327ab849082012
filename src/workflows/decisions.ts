import { condition, setHandler } from '@temporalio/workflow';
import type { Channel, DecisionKind } from '../domain/handbook';
import { isOwnChannel, malformed, type DecisionInput } from '../domain/request-desk';
import { decide, decisionSignal, type Decision } from './messages';
import { now } from './time';

/** Where what people say waits until a visit judges it. */
interface Desk {
  tell(kind: DecisionKind, decision: DecisionInput, at: string, channel: Channel): string;
  /** Undefined until it was judged; null where it was taken. */
  answer(id: string): string | null | undefined;
}

/** Which decisions a process takes, and what is answered otherwise. */
interface Listening {
  readonly kinds: readonly DecisionKind[];
  /** To a decision of another kind. */
  readonly otherwise: string;
  readonly isOver: () => boolean;
  /** To one that the process ended before. */
  readonly over: string;
}

/** People decide by a plain signal, or by the update that is answered once it was judged. To be called before the first await. */
export function hearDecisions(desk: Desk, { kinds, otherwise, isOver, over }: Listening): void {
  for (const kind of kinds)
    setHandler(decisionSignal(kind), (decision) => {
      if (malformed(decision) === null) desk.tell(kind, decision, now(), 'signal');
    });
  setHandler(
    decide,
    async (decision) => {
      const id = desk.tell(decision.kind, decision, now(), decision.channel ?? 'cli');
      await condition(() => desk.answer(id) !== undefined || isOver());
      const answer = desk.answer(id);
      const why = answer === undefined ? over : answer;
      return { taken: why === null, why };
    },
    {
      validator: (decision: Decision) => {
        const problem =
          malformed(decision) ??
          (kinds.includes(decision.kind) ? null : otherwise) ??
          (isOwnChannel(decision.channel) ? null : '"channel" must be cli');
        if (problem) throw new Error(problem);
      },
    },
  );
}
