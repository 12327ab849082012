import type { Handbook, Person } from '../../domain/handbook';
import { randomToken, secret } from '../secrets';
import { createLabel } from './labels';
import { addList } from './routes-boards';
import type { Group, Project, User } from './rows';
import { MAINTAINER, OWNER, REPORTER, type Site } from './site';

export const BOT = 'daytwo-bot';
export const OUTSIDER = 'otto-outside';
export const ACCESS_REQUESTS = 'sales-ops/access-requests';
export const EMPLOYMENT = 'people/employment';

/** Fills an empty GitLab: people of the handbook, the bot, an outsider, the two projects with labels and the board. */
export function seedGitlab(site: Site, handbook: Handbook): void {
  if (site.rows.projects.size > 0) return addNewcomers(site, handbook);
  const teams = Object.entries(handbook.people.teams).map(([key, team]) => [key, team.name] as const);
  for (const [path, name] of [['sales-ops', 'Sales Operations'], ['people', 'People'], ...teams] as const)
    if (!site.rows.groups.find((group) => group.path === path)) createGroup(site, path, name);
  addNewcomers(site, handbook);
  const requests = createProject(site, ACCESS_REQUESTS, 'Access Requests', 'internal');
  const employment = createProject(site, EMPLOYMENT, 'Employment', 'private');
  for (const user of site.rows.users.values()) enroll(site, handbook, user, [requests, employment]);
  for (const { name, color, description } of handbook.labels.set)
    createLabel(site, requests, { name, color, description });
  const board = site.rows.boards.put(1, {
    id: site.world.next('gitlab-board'),
    projectId: requests.id,
    name: 'Sales Ops Access Requests',
  });
  for (const { name } of handbook.labels.set) {
    const label = site.rows.labels.find((row) => row.name === name);
    if (label && name.startsWith('SalesOpsAR::')) addList(site, board, label.id);
  }
}

/** People who came into the handbook since the world was made get their account at the next start. */
function addNewcomers(site: Site, handbook: Handbook): void {
  const projects = site.rows.projects.values();
  const bot = {
    username: BOT,
    name: 'daytwo',
    email: 'daytwo-bot@sandbox.example',
    title: '',
    groups: [],
    bot: true,
  };
  const outsider = {
    username: OUTSIDER,
    name: 'Otto Outside',
    email: 'otto@outside.example',
    title: '',
    groups: [],
    bot: false,
  };
  const people = handbook.people.members.map((person) => ({ ...asUser(handbook, person), bot: false }));
  for (const wanted of [bot, ...people, outsider]) {
    if (site.userNamed(wanted.username)) continue;
    const id = site.world.next('gitlab-user');
    const token = secret(site.world, `gitlab-token/${wanted.username}`, () => randomToken('glpat-'));
    const user = site.rows.users.put(id, { ...wanted, id, token, createdAt: site.now(), status: null });
    enroll(site, handbook, user, projects);
  }
}

function asUser(
  handbook: Handbook,
  person: Person,
): Pick<User, 'username' | 'name' | 'email' | 'title' | 'groups'> {
  const teams = Object.entries(handbook.people.teams).filter(([, team]) =>
    team.members.includes(person.username),
  );
  return {
    username: person.username,
    name: person.name,
    email: person.email,
    title: person.title ?? teams.map(([, team]) => team.name).join(', '),
    groups: teams.map(([key]) => key),
  };
}

function enroll(site: Site, handbook: Handbook, user: User, projects: readonly Project[]): void {
  if (user.username === OUTSIDER) return;
  const team = handbook.people.teams[handbook.people.salesOpsTeam]?.members ?? [];
  // Somebody must own a project; here the first of the team does.
  const level =
    user.username === team[0]
      ? OWNER
      : user.username === BOT || team.includes(user.username)
        ? MAINTAINER
        : REPORTER;
  for (const project of projects)
    site.rows.members.put(`${project.id}/${user.id}`, {
      projectId: project.id,
      userId: user.id,
      level,
      createdAt: site.now(),
    });
}

function createGroup(site: Site, path: string, name: string): Group {
  const id = site.world.next('gitlab-group');
  return site.rows.groups.put(id, { id, path, name, createdAt: site.now() });
}

function createProject(site: Site, path: string, name: string, visibility: 'private' | 'internal'): Project {
  const id = 100 + site.world.next('gitlab-project');
  const group = site.rows.groups.find((row) => row.path === path.split('/')[0]);
  return site.rows.projects.put(id, {
    id,
    path,
    name,
    groupId: group?.id ?? 0,
    visibility,
    createdAt: site.now(),
  });
}
