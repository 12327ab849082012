import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';
import type { Express } from 'express';
import { timeIn } from './clock';
import { systemApp } from './http';
import { escapeHtml, page, timeHtml } from './page';
import type { World } from './world';

/** One mail as one recipient has it. */
export interface Mail {
  readonly id: number;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly at: string;
}

/** Puts a mail into the mailbox; on disk with the next commit. */
export function deliverMail(world: World, mail: Omit<Mail, 'id' | 'at'>): void {
  const id = world.next('mail');
  world.table<Mail>('mail').put(id, { ...mail, id, at: timeIn(world).toISOString() });
}

const newestFirst = (world: World, to: string | undefined): Mail[] =>
  world
    .table<Mail>('mail')
    .filter((mail) => to === undefined || mail.to.toLowerCase() === to.toLowerCase())
    .reverse();

/** The mailbox for people (`/`) and for programs (`/messages?to=`, oldest first). */
export function mailboxApp(world: World): Express {
  const app = systemApp(world, 'mailbox');
  const wanted = (value: unknown): string | undefined =>
    typeof value === 'string' && value ? value : undefined;
  app.get('/messages', (req, res) => {
    const mails = newestFirst(world, wanted(req.query['to'])).reverse();
    res.json(mails.map(({ to, subject, text, at }) => ({ to, subject, text, at })));
  });
  app.get('/', (req, res) => {
    const to = wanted(req.query['to']);
    const mails = newestFirst(world, to).slice(0, 200);
    const people = [
      ...new Set(
        world
          .table<Mail>('mail')
          .values()
          .map((mail) => mail.to),
      ),
    ].sort();
    res
      .type('html')
      .send(page(world, { title: 'Mailbox', at: 'mailbox', body: mailboxBody(mails, people, to) }));
  });
  app.use((_req, res) => {
    res.status(404).json({ error: 'Not Found' });
  });
  return app;
}

function mailboxBody(mails: readonly Mail[], people: readonly string[], to: string | undefined): string {
  const options = people.map(
    (person) => `<option${person === to ? ' selected' : ''}>${escapeHtml(person)}</option>`,
  );
  const filter = `<form class="bar"><label>To <select name="to"><option value="">everybody</option>${options.join('')}</select></label> <button>Show</button></form>`;
  const rows = mails.map(
    (mail) => `<details class="mail"><summary><b>${escapeHtml(mail.subject)}</b>
      <span class="meta">to ${escapeHtml(mail.to)} · from ${escapeHtml(mail.from)} · ${timeHtml(mail.at)}</span></summary>
      <pre>${linked(mail.text)}</pre></details>`,
  );
  return `<h1>Mailbox</h1>${filter}${rows.join('') || '<p class="empty">No mail yet.</p>'}`;
}

/** Escaped text in which http addresses can be followed. */
const linked = (text: string): string =>
  escapeHtml(text).replace(
    /https?:\/\/[^\s<>"']+/g,
    (address) => `<a rel="noopener" href="${address}">${address}</a>`,
  );

/** Takes mail by SMTP at `port` of the loopback address (the next free one where it is taken), without sign-in. */
export async function listenSmtp(
  world: World,
  port: number,
): Promise<{ port: number; stop: () => Promise<void> }> {
  for (let wanted = port; ; wanted++) {
    const server = smtpServer(world);
    try {
      const at = await new Promise<number>((resolve, reject) => {
        server.on('error', reject);
        const listener = server.listen(wanted, '127.0.0.1', () => {
          const address = listener.address();
          resolve(typeof address === 'object' && address ? address.port : wanted);
        });
      });
      server.removeAllListeners('error');
      server.on('error', () => undefined); // a client that hangs up half-way ends its own session only
      return { port: at, stop: () => new Promise((resolve) => server.close(() => resolve())) };
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || port === 0 || wanted > port + 200) throw error;
    }
  }
}

function smtpServer(world: World): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: 10 * 1024 * 1024,
    onData(stream, session, done) {
      simpleParser(stream).then(
        (parsed) => {
          const envelopeFrom = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
          for (const { address } of session.envelope.rcptTo)
            deliverMail(world, {
              to: address,
              from: parsed.from?.text ?? envelopeFrom,
              subject: parsed.subject ?? '',
              text: parsed.text ?? '',
            });
          world.commit();
          done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error('The message could not be read')),
      );
    },
  });
}
