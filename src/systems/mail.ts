import nodemailer from 'nodemailer';
import { noAnswerFault } from './fault';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for the same mail: a repeated one can be recognised. */
  readonly messageId: string;
}

/** Plain text mail over SMTP, for people whom GitLab can't reach. */
export class Mailer {
  readonly #transport;
  readonly #from: string;
  constructor(settings: { readonly url: string; readonly from: string }) {
    this.#transport = nodemailer.createTransport(settings.url);
    this.#from = `daytwo <${settings.from}>`;
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.#transport.sendMail({
        from: this.#from,
        ...mail,
        // An address, not a list: what stands in it reaches nobody else.
        to: { name: '', address: mail.to },
        subject: mail.subject.replace(/[\r\n\t\0]+/g, ' '),
      });
    } catch (error) {
      throw noAnswerFault('mail', 'a mail', error);
    }
  }
}
