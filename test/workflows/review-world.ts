import type { AccountReviewActivities, ReviewVisit } from '../../src/activities/account-review';
import { isReviewOver, type Review } from '../../src/domain/territory/review';
import { judgeReview } from '../../src/domain/territory/review-desk';
import { askedAgain } from '../../src/domain/territory/review-outcome';
import { openParts } from '../../src/domain/territory/review-parts';
import { OVERRIDE, SCENE } from '../domain/territory/review-scene';
import type { Stage } from './stage';

const HOUR = 3_600_000;

/** A review by the real rules; what the account says, and who was reminded, is this world's. */
export class ReviewWorld {
  readonly acts: string[] = [];
  review: Review = OVERRIDE;
  /** Who asked filled the fields in anew. */
  isAskedAgain = false;

  constructor(private readonly stage: Stage) {}

  async ask(of: Partial<Review> = {}): Promise<void> {
    const now = await this.stage.now();
    const at = (hours: number): string => new Date(now + hours * HOUR).toISOString();
    this.review = { ...OVERRIDE, openedAt: at(0), remindAt: at(24), escalateAt: at(48), ...of };
  }

  readonly activities: AccountReviewActivities = {
    visitReview: ({ messages, now }) => {
      this.acts.push('visit');
      if (this.isAskedAgain) this.review = askedAgain(this.review, this.review.form, this.#due(now));
      this.isAskedAgain = false;
      const policy = { ...SCENE.policy, channels: ['cli', 'signal'] } as const;
      const scene = { ...SCENE, policy, now };
      const { review, answers } = judgeReview(this.review, null, messages, scene);
      this.review = review;
      for (const key of ['remindAt', 'escalateAt'] as const) if (now >= review[key]) this.#tell(key, now);
      const isOver = isReviewOver(review);
      return Promise.resolve<ReviewVisit>({
        of: review.kind,
        phase: review.phase,
        open: isOver ? [] : openParts(review, scene),
        over: isOver,
        nextAt: review.phase === 'asked' ? this.#next : null,
        effectiveDate: review.outcome?.effectiveDate ?? null,
        url: null,
        answers,
      });
    },
  };

  get #next(): string | null {
    const { told, remindAt, escalateAt } = this.review;
    return told['escalateAt'] ? null : told['remindAt'] ? escalateAt : remindAt;
  }

  #tell(key: string, now: string): void {
    if (this.review.told[key]) return;
    this.acts.push(key);
    this.review = { ...this.review, told: { ...this.review.told, [key]: now } };
  }

  #due = (now: string): Pick<Review, 'remindAt' | 'escalateAt'> => ({
    remindAt: new Date(Date.parse(now) + 24 * HOUR).toISOString(),
    escalateAt: new Date(Date.parse(now) + 48 * HOUR).toISOString(),
  });
}
