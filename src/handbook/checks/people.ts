import type { Path } from '../config-file';
import type { PeopleReading, Reading } from '../reading';
import { suggestion } from '../../domain/spelling';
import { loopsOf } from './systems';

/** What hangs together among the people, and that each has a calendar. */
export function checkPeople({ people, calendars }: Reading): void {
  if (!people) return;
  checkOnce(people);
  checkReferences(people);
  checkManagers(people);
  checkTeams(people);
  const countries = calendars.map(({ file }) => /([A-Z]{2})\.yml$/.exec(file.file)?.[1] ?? '');
  for (const { index, person } of people.members) {
    if (countries.includes(person.country)) continue;
    const mend = `Add calendars/${person.country}.yml, or mend the country: without it no holiday would count.`;
    people.file.problem(['members', index, 'country'], 'no calendar for this country', mend, person.country);
  }
}

function checkOnce({ file, members }: PeopleReading): void {
  const seen = new Set<string>();
  for (const { index, person } of members) {
    for (const [key, value] of [['username', person.username] as const, ['email', person.email] as const]) {
      const once = `${key} ${value.toLowerCase()}`;
      if (seen.has(once))
        file.problem(
          ['members', index, key],
          `the same ${key} twice`,
          'Each member stands here once.',
          value,
        );
      seen.add(once);
    }
  }
}

function checkReferences(people: PeopleReading): void {
  const known = (at: Path, name: string): void => {
    if (people.usernames.includes(name)) return;
    people.file.problem(
      at,
      'unknown person',
      suggestion(name, people.usernames, 'Add them to members.'),
      name,
    );
  };
  for (const { index, manager, person } of people.members) {
    if (manager !== null) known(['members', index, 'manager'], manager);
    person.coveredBy.forEach((name, place) => {
      known(['members', index, 'covered_by', place], name);
      if (name === person.username) {
        people.file.problem(
          ['members', index, 'covered_by', place],
          'covers themselves',
          'Name somebody else.',
          name,
        );
      }
    });
  }
  people.provisioningDris.forEach((name, index) => known(['provisioning_dris', index], name));
  people.templateApprovers.forEach((name, index) => known(['template_approvers', index], name));
  for (const [team, { members }] of Object.entries(people.teams)) {
    members.forEach((name, index) => known(['teams', team, 'members', index], name));
  }
}

function checkManagers({ file, members }: PeopleReading): void {
  const above = new Map(
    members.map(({ person, manager }) => [person.username, manager === null ? [] : [manager]]),
  );
  for (const loop of loopsOf(above)) {
    const index = members.find(({ person }) => person.username === loop[0])?.index ?? 0;
    const problem = `managers in a loop: ${[...loop, loop[0] ?? ''].join(' → ')}`;
    file.problem(
      ['members', index, 'manager'],
      problem,
      'Set one of them right; the topmost has manager: null.',
    );
  }
}

function checkTeams(people: PeopleReading): void {
  const teams = Object.keys(people.teams);
  if (!teams.includes(people.salesOpsTeam)) {
    people.file.problem(
      ['sales_ops_team'],
      'unknown team',
      suggestion(people.salesOpsTeam, teams, 'Name one of teams.'),
      people.salesOpsTeam,
    );
    return;
  }
  const members = people.teams[people.salesOpsTeam]?.members ?? [];
  people.provisioningDris.forEach((name, index) => {
    if (!people.usernames.includes(name) || members.includes(name)) return;
    const mend = `Add them to the team ${people.salesOpsTeam}, or name a member of it.`;
    people.file.problem(
      ['provisioning_dris', index],
      `a provisioning DRI who is no member of ${people.salesOpsTeam}`,
      mend,
      name,
    );
  });
}
