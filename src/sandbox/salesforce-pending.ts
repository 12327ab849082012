import type { Express } from 'express';
import type { Handbook } from '../domain/handbook';
import { systemApp } from './http';
import { randomToken, secret } from './secrets';
import type { World } from './world';

/** Stands where the sandbox's Salesforce comes: the address answers 503 to everything. */
export function mountSalesforce(world: World, _handbook: Handbook): Express {
  const app = systemApp(world, 'salesforce');
  app.use((_req, res) => {
    res
      .status(503)
      .json([{ errorCode: 'SERVER_UNAVAILABLE', message: 'Salesforce is not part of this sandbox yet' }]);
  });
  return app;
}

export const salesforceCredentials = (world: World) => ({
  clientId: secret(world, 'salesforce-client-id', () => randomToken('3MVG')),
  clientSecret: secret(world, 'salesforce-client-secret', () => randomToken('')),
  username: 'integration@daytwo.example',
  apiVersion: '62.0',
});
