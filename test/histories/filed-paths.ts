import { ApplicationFailure } from '@temporalio/common';
import type { AccessBatch } from '../../src/activities/access';
import { asked, REQUESTER } from '../domain/filed';
import { handbook } from '../domain/request';
import { FiledWorld } from '../workflows/filed-world';
import { GRANTED, NO_SEAT, STUCK } from '../workflows/request-world';
import type { Path } from './paths';
import { DAY, file } from './scene';

const APPROVED = 'AR-Approval::Manager Approved';
const RINGLEAD = asked('ringlead', { role: 'User' });
const CLARI = asked('clari', { role: 'Rep' });
const DATAFOX = asked('datafox', { role: 'Member' });
const SALESFORCE = asked('salesforce', { role: 'Enterprise AE - Americas', profile: 'Sales User' });

/** The ways of a request that people filed, from its text to its end. */
export const filedPaths: Readonly<Record<string, Path>> = {
  'access-request.filed': async (stage) => {
    const request = await file(stage, 'filed', [RINGLEAD]);
    await request.does((desk) => desk.label('dana-manager', APPROVED));
    return request.ended();
  },
  'access-request.filed-approved-side-by-side': async (stage) => {
    const request = await file(stage, 'sox', [asked('xactly-incent', { role: 'Viewer' })]);
    await request.signal('approve', { by: 'dana-manager' });
    await request.does((desk) => desk.label('felix-comp', APPROVED));
    await request.decide('approve', { by: 'carla-comp' });
    await request.does((desk) => desk.label('dana-manager', APPROVED));
    await request.signal('complete', { by: 'theo-comp', task: 'xactly-incent' });
    return request.ended();
  },
  'access-request.filed-approved-with-less': async (stage) => {
    const request = await file(stage, 'less', [asked('ringlead', { role: 'Admin' }), SALESFORCE]);
    await request.decide('approve', { by: 'dana-manager', task: 'ringlead', as: 'User' });
    await request.signal('approve', { by: 'dana-manager' });
    return request.ended();
  },
  'access-request.filed-rejected-in-part-and-reassigned': async (stage) => {
    const request = await file(stage, 'rejected', [CLARI, DATAFOX]);
    await request.signal('reject', { by: 'dana-manager', reason: 'DataFox: it is being retired' });
    await request.signal('approve', { by: 'dana-manager' });
    await request.decide('claim');
    await request.signal('reassign', { by: 'sam-ops', from: 'sam-ops', to: 'priya-ops', reason: 'on leave' });
    await request.signal('complete', { by: 'priya-ops', task: 'clari' });
    return request.ended();
  },
  'access-request.filed-unread-and-mended': async (stage) => {
    const world = new FiledWorld(stage);
    const request = await file(stage, 'unread', [RINGLEAD], { change: { unread: 1 } }, world);
    await request.decide('approve', { by: 'dana-manager' });
    world.writes([RINGLEAD]);
    await request.hint();
    await request.signal('approve', { by: 'dana-manager' });
    return request.ended();
  },
  'access-request.filed-for-a-week': async (stage) => {
    const at = async (days: number) => new Date((await stage.now()) + days * DAY).toISOString();
    const [remindAt, endsAt] = [await at(4), await at(7)];
    const until = { date: endsAt.slice(0, 10), remindAt, endsAt };
    const request = await file(stage, 'week', [RINGLEAD], { change: { until } });
    await request.signal('approve', { by: 'dana-manager' });
    return request.ended();
  },
  'access-request.filed-with-a-delay': async (stage) => {
    const systems = handbook.systems.map((system) =>
      system.key === 'linkedin-sales-insights'
        ? { ...system, stages: [{ kind: 'delay' as const, after: 'salesforce', hours: 24 }] }
        : system,
    );
    const access = [SALESFORCE, asked('linkedin-sales-insights', { role: 'Member' })];
    const request = await file(stage, 'delay', access, { systems });
    await request.signal('approve', { by: 'dana-manager' });
    return request.ended();
  },
  'access-request.filed-waits-for-a-seat': async (stage) => {
    const world = new FiledWorld(stage);
    world.answer = () => NO_SEAT;
    const request = await file(stage, 'filed-seat', [SALESFORCE], {}, world);
    await request.signal('approve', { by: 'dana-manager' });
    world.answer = () => GRANTED;
    await request.signal('seatOffered', { tasks: ['salesforce'] });
    return request.ended();
  },
  'access-request.filed-removal': async (stage) => {
    const removed = [asked('salesforce', {}, 'remove'), asked('salesforce-inbox', {}, 'remove'), CLARI];
    const request = await file(stage, 'removal', removed, { change: { kind: 'change' } });
    await request.signal('reject', { by: 'dana-manager', reason: 'Clari: not without Salesforce' });
    return request.ended();
  },
  'access-request.filed-withdrawn': async (stage) => {
    const request = await file(stage, 'withdrawn', [RINGLEAD]);
    await request.does((desk) => desk.close(REQUESTER));
    return request.ended();
  },
  'access-request.filed-for-a-crowd': async (stage) => {
    const counts = { of: 600, done: 599, already: 0, waiting: 0, exceptions: 1 };
    const many = { change: { kind: 'bulk', people: 600 } } as const;
    const world = new FiledWorld(stage);
    world.answer = () => STUCK;
    world.counts = () => counts;
    const request = await file(stage, 'crowd', [RINGLEAD], many, world);
    await request.signal('approve', { by: 'dana-manager' });
    world.answer = () => GRANTED;
    world.counts = () => ({ ...counts, done: 600, exceptions: 0 });
    await request.does((desk) => desk.tick('sam-ops', 'Try again: RingLead (sign-in group)'));
    await request.does((desk) => desk.tick('sam-ops', 'Try again: RingLead (account)'));
    return request.ended();
  },
  'access-request.filed-for-a-crowd-that-takes-long': async (stage) => {
    const many = { change: { kind: 'bulk', people: 600 } } as const;
    const world = new FiledWorld(stage);
    const counts = { of: 600, done: 200, already: 0, waiting: 0, exceptions: 0 };
    let shown = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const { grantAccess } = world.activities;
    Object.assign(world.activities, {
      grantAccess: async (batch: AccessBatch) => {
        await released;
        return grantAccess!(batch);
      },
      showProgress: () => {
        shown += 1;
        // GitLab is away once: nobody's access waits for that.
        if (shown === 2) throw ApplicationFailure.nonRetryable('GitLab is away');
        return Promise.resolve({ 'ringlead/group': counts });
      },
    });
    const request = await file(stage, 'crowd-long', [RINGLEAD], many, world);
    await request.signal('approve', { by: 'dana-manager' });
    while (shown < 3) await request.later();
    release();
    return request.ended();
  },
  'access-request.filed-cancelled-and-removed': async (stage) => {
    const request = await file(stage, 'filed-cancelled', [RINGLEAD, DATAFOX]);
    await request.signal('approve', { by: 'dana-manager' });
    await request.signal('cancel', { by: 'amber', reason: 'the wrong person', remove: true });
    return request.ended();
  },
};
