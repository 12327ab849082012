import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Mailer } from '../../src/systems/mail';

let server: SMTPServer;
let received: { readonly sender: string; readonly mail: ParsedMail }[];
let url: string;

beforeEach(async () => {
  received = [];
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const { mailFrom } = session.envelope;
      simpleParser(stream)
        .then((mail) => received.push({ sender: mailFrom ? mailFrom.address : '', mail }))
        .then(() => done(), done);
    },
  });
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  url = `smtp://127.0.0.1:${port}`;
});
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

test('a mail comes from the sender of the settings, under the id that it was given', async () => {
  const mailer = new Mailer({ url, from: 'sales-ops@acme.example' });
  await mailer.send({
    to: 'dana@acme.example',
    subject: 'A hire',
    text: 'Hello',
    messageId: '<hire-1@daytwo>',
  });
  expect(received).toHaveLength(1);
  expect(received[0]?.sender).toBe('sales-ops@acme.example');
  expect(received[0]?.mail.from?.text).toBe('"daytwo" <sales-ops@acme.example>');
  expect(received[0]?.mail.messageId).toBe('<hire-1@daytwo>');
});

test('a subject with line breaks adds no header', async () => {
  const mailer = new Mailer({ url, from: 'sales-ops@acme.example' });
  const subject = 'A hire\r\nBcc: everybody@acme.example';
  await mailer.send({ to: 'dana@acme.example', subject, text: 'Hello', messageId: '<hire-2@daytwo>' });
  expect(received[0]?.mail.headers.has('bcc')).toBe(false);
  expect(received[0]?.mail.subject).toBe('A hire Bcc: everybody@acme.example');
});
