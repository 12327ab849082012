import type { Request, Response } from 'express';
import { z } from 'zod';
import { refuse } from './problem';
import { acknowledged, parsed, type Receiver } from './receiver';
import { signedBy } from './signature';

/** Ids of accounts and opportunities, and nothing else of them: what changed is read from Salesforce itself. */
const payload = z.strictObject({
  ids: z
    .array(z.string().regex(/^00[16][0-9A-Za-z]{15}$/))
    .min(1)
    .max(200),
});

/** `POST /hooks/salesforce`: a hint that accounts, opportunities, or what hangs on them, may have changed. Nothing is lost with a hint. */
export function salesforceHook(receiver: Receiver): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    if (!signedBy(receiver.settings.salesforceSecrets, req.headers, body)) {
      receiver.count('salesforce', 'unsigned');
      refuse(res, 401, 'the signature is missing, wrong, or older than five minutes');
      return;
    }
    const event = payload.safeParse(parsed(body));
    if (!event.success) {
      receiver.count('salesforce', 'malformed');
      refuse(res, 400, 'the event is malformed', [
        {
          path: 'ids',
          problem: "isn't a list of 1 to 200 ids of accounts or opportunities, of 18 characters each",
          mend: 'send {"ids": ["006…"]}, in several deliveries where there are more',
        },
      ]);
      return;
    }
    const ids = [...new Set(event.data.ids)];
    const [accounts, others] = [ids.filter(isAccount), ids.filter((id) => !isAccount(id))];
    const { temporal } = receiver;
    if (accounts.length > 0) await acknowledged(receiver, temporal.accountsChanged?.(accounts));
    if (others.length > 0) await acknowledged(receiver, temporal.recordsChanged(others));
    receiver.count('salesforce', 'accepted');
    res.status(202).json({ accepted: ids.length });
  };
}

const isAccount = (id: string): boolean => id.startsWith('001');
