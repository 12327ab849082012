import { Router } from 'express';
import { z } from 'zod';
import type { Handbook } from '../../domain/handbook';
import type { Org } from './org';
import { fillTerritories, territoriesWanted } from './territory';

/** Fills the org with accounts in families, and answers what was planted where. */
export function territoryRoutes(org: Org, handbook: Handbook): Router {
  const router = Router();
  router.post('/territories', (req, res) => {
    const read = territoriesWanted.safeParse(req.body);
    if (!read.success) return void res.status(400).json({ problem: z.prettifyError(read.error) });
    res.json(fillTerritories(org, handbook, read.data));
  });
  return router;
}
