import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { randomBytes } from 'node:crypto';
import { ChangeEvents } from '../../src/sandbox/salesforce/change-events';
import { Org } from '../../src/sandbox/salesforce/org';
import { Grounds } from './systems';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const grounds = new Grounds();
const told: string[][] = [];
let server: Server;
let events: ChangeEvents;
beforeAll(async () => {
  server = createServer((req, res) => {
    void text(req).then((body) => {
      new Webhook(secret).verify(body, req.headers as Record<string, string>);
      told.push((JSON.parse(body) as { ids: string[] }).ids);
      res.writeHead(202).end('{}');
      server.emit('told');
    });
  }).listen(0);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  events = new ChangeEvents(() => ({ url, secret }));
});
afterAll(async () => {
  events.stop();
  server.close();
  server.closeAllConnections();
  await grounds.close();
});

test('what is edited together is told together, by the opportunities that it hangs on', async () => {
  const org = new Org(grounds.world());
  org.onChange = (object, row, fields) => events.note(org, object, row, fields);
  const account = org.add('Account', { Name: 'A' }, null);
  const [first, second] = ['one', 'two'].map((Name) =>
    org.add('Opportunity', { Name, AccountId: account.Id }, null),
  );
  await once(server, 'told');
  expect(told).toEqual([[account.Id, first!.Id, second!.Id]]);
  const line = org.add('OpportunityLineItem', { OpportunityId: second!.Id }, null);
  org.change('OpportunityLineItem', line, { Description: 'more' }, null);
  await once(server, 'told');
  org.remove('OpportunityLineItem', line.Id);
  await once(server, 'told');
  // What planning writes is told to nobody, what it reads is.
  const staged = org.change('Account', account, { JB_Test_Sales_Segment__c: 'SMB' }, null);
  org.change('Account', staged, { Name: 'B', JB_Test_Sales_Segment__c: 'Large' }, null);
  await once(server, 'told');
  const all = [account.Id, first!.Id, second!.Id];
  expect(told.slice(1)).toEqual([[second!.Id], [second!.Id], all]);
  org.change('Account', org.get('Account', account.Id)!, { JB_Test_Sales_Segment__c: 'SMB' }, null);
  org.add('Opportunity', { Name: 'alone' }, null);
  await once(server, 'told');
  expect(told.at(-1)).toEqual([org.find('Opportunity', ({ Name }) => Name === 'alone')?.Id]);
});
