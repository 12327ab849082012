import { soql } from '../../domain/escape';
import { reviewId } from '../../domain/territory/review';
import { reviewMarker } from '../../domain/territory/review-text';
import { isMarked } from '../../domain/request-text';
import { textAt } from '../accounts';
import { daytwo } from '../command';
import { fieldsOf, projectOf, tell, type TerritoryPlay } from './play';

const SEGMENT = 'JB_Test_Sales_Segment__c';
const NEXT_OWNER = 'ATAM_Approved_Next_Owner__c';
/** Named by a source that counts: neither the account's own site nor a social network. */
const FILING = 'https://www.sec.example/filings/10-k';

/** An account on its own, with nothing special, that something would change for. */
async function ordinary(
  { accounts, planted }: TerritoryPlay,
  used: readonly string[],
  more = '',
): Promise<string> {
  const rows = await accounts.rows(
    `SELECT Id FROM Account WHERE ParentId = null AND Type != null AND ${SEGMENT} = 'SMB' AND Account_Territory__c != null AND ${NEXT_OWNER} != null AND Named_Account__c = false AND Admin_Manual_Employees__c = null AND Holdover_Expiration_Date__c = null${more} ORDER BY Id LIMIT 400`,
  );
  if (rows.length === 0) throw new Error('no account is an ordinary one');
  const children = new Set(
    (
      await accounts.rows(
        `SELECT ParentId FROM Account WHERE ParentId IN (${rows.map((row) => soql(textAt(row, 'Id'))).join(', ')})`,
      )
    ).map((row) => textAt(row, 'ParentId')),
  );
  const found = rows
    .map((row) => textAt(row, 'Id'))
    .find((id) => !children.has(id) && !planted.has(id) && !used.includes(id));
  if (found === undefined) throw new Error('no account is an ordinary one');
  return found;
}

/** Where large accounts have an owner: into a vacancy nothing moves. */
function statesWithOwner({ around }: TerritoryPlay): readonly string[] {
  const rows = (around.handbook.territory?.rows ?? []).filter(({ place }) => place.segment === 'Large');
  const vacant = new Set(rows.flatMap(({ place, owner }) => (owner.name === null ? [place.state] : [])));
  const states = rows.flatMap(({ place }) =>
    place.state === null || vacant.has(place.state) ? [] : [place.state],
  );
  return [...new Set(states)];
}

/** Who owns territories of large accounts: with them it would stay. */
async function ownersOfLarge({ accounts, around }: TerritoryPlay): Promise<readonly string[]> {
  const { territory, people } = around.handbook;
  const names = new Set(
    (territory?.rows ?? [])
      .filter(({ place }) => place.segment === 'Large')
      .flatMap(({ owner }) => [owner.name, owner.cover]),
  );
  const emails = people.members.filter(({ name }) => names.has(name)).map(({ email }) => soql(email));
  const users = await accounts.rows(`SELECT Id FROM User WHERE Email IN (${emails.join(', ')})`);
  return users.map((row) => textAt(row, 'Id'));
}

/** A source learns that an account is large: its staging says so at once, its owner stays. @returns the account */
export async function grownAccount(play: TerritoryPlay): Promise<string> {
  const id = await ordinary(play, []);
  const before = await fieldsOf(play, id, ['OwnerId', SEGMENT]);
  const refused = await play.accounts.edit('Account', id, { ZoomInfo_Employees__c: '52000' });
  if (refused !== null) throw new Error(`the edit was refused: ${refused}`);
  const began = performance.now();
  tell(play, 'ZoomInfo', `says that ${id} has 52,000 employees`);
  await play.patience.until(`the staging of ${id}`, async () =>
    (await fieldsOf(play, id, [SEGMENT]))[SEGMENT] === 'Large' ? true : undefined,
  );
  const seconds = (performance.now() - began) / 1000;
  const after = await fieldsOf(play, id, ['OwnerId', SEGMENT]);
  if (after['OwnerId'] !== before['OwnerId']) throw new Error('the owner changed with staging');
  tell(
    play,
    'daytwo',
    `stages it as Large ${seconds.toFixed(1)} s later; its owner stays until an agreed time`,
  );
  return id;
}

/** Somebody who knows better asks for another number, with a source; Sales Ops approves it from a day on. @returns the account */
export async function override(play: TerritoryPlay, from: string, used: readonly string[]): Promise<string> {
  const { accounts, around, patience, eyes } = play;
  const id = await ordinary(
    play,
    used,
    ` AND OwnerId NOT IN (${(await ownersOfLarge(play)).map(soql).join(', ')}) AND ZoomInfo_State__c IN (${statesWithOwner(play).map(soql).join(', ')})`,
  );
  const { OwnerId: owner = '' } = await fieldsOf(play, id, ['OwnerId']);
  // With deals, so that it shows which of them go along: an early one does, a late one is held over, a closed one stays.
  for (const StageName of ['1-Discovery', '5-Negotiating', 'Closed Won'])
    await accounts.add('Opportunity', {
      Name: `Deal of the play, ${StageName}`,
      AccountId: id,
      OwnerId: owner,
      StageName,
      CloseDate: play.day,
      Amount: 12_000,
    });
  const refused = await accounts.edit('Account', id, {
    User_Input_Employee_Count__c: '4200',
    User_Input_Employee_Source__c: FILING,
    User_Input_By__c: owner,
    TSP_Override_Status__c: 'Requested',
  });
  if (refused !== null) throw new Error(`the request was refused: ${refused}`);
  tell(play, 'an owner', `asks in the review section of ${id} for 4,200 employees, with a filing as source`);
  const desk = around.as(eyes);
  const marker = reviewMarker({ accountId: id, n: 1 });
  const issue = await patience.until(`the issue of the review of ${id}`, async () => {
    const found = await desk.byMarker(marker, projectOf(play));
    return found.find(({ description }) => isMarked(description, marker));
  });
  tell(play, 'daytwo', 'checks the form, and shows Sales Ops what would change', issue.webUrl);
  await desk.comment(projectOf(play), issue.iid, `Approved from ${from}`);
  tell(play, eyes, `approves it from ${from} on`, issue.webUrl);
  await play.workflows.issueChanged(reviewId(id), { project: projectOf(play), iid: issue.iid });
  let said = 1;
  await patience.until(`the answer on ${id}`, async () => {
    // A word from before all was shown is put back: it is looked at once more, and said again.
    const notes = await desk.notes(projectOf(play), issue.iid);
    if (notes.filter(({ body }) => body.includes('look at it once more')).length >= said) {
      said += 1;
      await desk.comment(projectOf(play), issue.iid, `Approved from ${from}`);
      await play.workflows.issueChanged(reviewId(id), { project: projectOf(play), iid: issue.iid });
    }
    const { TSP_Override_Status__c: status, Admin_Manual_Employees__c: employees } = await fieldsOf(
      play,
      id,
      ['TSP_Override_Status__c', 'Admin_Manual_Employees__c'],
    );
    return status === 'Approved' && employees === '4200' ? true : undefined;
  });
  tell(
    play,
    'daytwo',
    `answers on the account: Approved, effective ${from}; 4,200 stands as the administrators' word`,
  );
  return id;
}

/** A deal as the org has it. */
export interface Deal {
  readonly owner: string;
  readonly stage: string;
  readonly isClosed: boolean;
  /** Empty: it isn't held over. */
  readonly heldUntil: string;
}

/** Its owner and the deals on it, by their ids. */
export interface Ownership {
  readonly owner: string;
  readonly deals: ReadonlyMap<string, Deal>;
}

export async function ownershipOf({ accounts, around }: TerritoryPlay, id: string): Promise<Ownership> {
  const held = around.handbook.territory?.fields.opportunity.holdoverUntil ?? '';
  const [account] = await accounts.rows(`SELECT OwnerId FROM Account WHERE Id = ${soql(id)}`);
  const deals = await accounts.rows(
    `SELECT Id, OwnerId, StageName, IsClosed, ${held} FROM Opportunity WHERE AccountId = ${soql(id)}`,
  );
  const dealOf = (row: object): Deal => ({
    owner: textAt(row, 'OwnerId'),
    stage: textAt(row, 'StageName'),
    isClosed: Reflect.get(row, 'IsClosed') === true,
    heldUntil: textAt(row, held),
  });
  return {
    owner: account ? textAt(account, 'OwnerId') : '',
    deals: new Map(deals.map((row) => [textAt(row, 'Id'), dealOf(row)])),
  };
}

/** What the command says of an account, by the last night. */
export async function explained(play: TerritoryPlay, id: string): Promise<string> {
  const said = await daytwo(play.around, 'territory', 'explain', id);
  tell(play, 'explain', said.trim().split('\n').filter(Boolean).slice(0, 3).join(' '));
  return said;
}
