import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Mailer } from '../../src/systems/mail';

let server: SMTPServer;
let received: { readonly sender: string; readonly to: readonly string[]; readonly mail: ParsedMail }[];
let url: string;

beforeEach(async () => {
  received = [];
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => address);
      simpleParser(stream)
        .then((mail) => received.push({ sender: mailFrom ? mailFrom.address : '', to, mail }))
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

describe('what stands in a mail reaches nobody else', () => {
  const mail = { subject: 'A hire', text: 'Hello', messageId: '<hire-3@daytwo>' };
  const mailer = () => new Mailer({ url, from: 'sales-ops@acme.example' });

  test.each([
    'dana@acme.example, otto@outside.example',
    'dana@acme.example;otto@outside.example',
    'dana@acme.example>\r\nRCPT TO:<otto@outside.example',
    '"x" <otto@outside.example>, dana@acme.example',
  ])('the address %j', async (to) => {
    const sent = await mailer()
      .send({ ...mail, to })
      .then(
        () => 1,
        () => 0,
      );
    expect(received.flatMap((one) => one.to)).toHaveLength(sent);
    expect(received.flatMap((one) => one.to)).not.toContain('otto@outside.example');
  });

  test('a text that looks like the end of the mail', async () => {
    const text = 'a\n.\nRCPT TO:<otto@outside.example>\nDATA\n.\nb';
    await mailer().send({ ...mail, to: 'dana@acme.example', text });
    expect(received.map((one) => one.to)).toEqual([['dana@acme.example']]);
    expect(received[0]?.mail.text?.trim()).toBe(text);
  });
});

test('a mail server that is away is a passing fault, without the address in its text', async () => {
  const away = new Mailer({ url: 'smtp://127.0.0.1:1', from: 'sales-ops@acme.example' });
  const mail = { to: 'dana@acme.example', subject: 'A hire', text: 'Hello', messageId: '<hire-4@daytwo>' };
  const fault: unknown = await away.send(mail).catch((error: unknown) => error);
  expect(fault).toMatchObject({ system: 'mail', code: 'no-answer', retryable: true });
  expect(String(fault)).not.toContain('dana');
});
