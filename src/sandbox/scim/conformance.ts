import type { NextFunction, Request, Response } from 'express';

/** What the RFCs ask and SCIMMY's router leaves open, as middleware around it. */

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

export function sendScimError(res: Response, status: number, detail: string, scimType?: string): void {
  res.status(status).type('application/scim+json');
  res.send(
    JSON.stringify({
      schemas: [ERROR_SCHEMA],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail,
    }),
  );
}

/** The discovery endpoints are read only (RFC 7644, section 4): 405 for another method. */
export function readOnlyDiscovery(req: Request, res: Response, next: NextFunction): void {
  const discovery = /^\/(ServiceProviderConfig|ResourceTypes|Schemas)(\/|$)/.test(req.path);
  if (!discovery || req.method === 'GET' || req.method === 'HEAD') return next();
  res.set('Allow', 'GET');
  sendScimError(res, 405, `${req.method} is not allowed here`);
}

/** Some clients repeat `schemas` inside an extension's value; SCIMMY takes it for an attribute that isn't defined. */
export function withoutInnerSchemas(req: Request, _res: Response, next: NextFunction): void {
  const body: unknown = req.body;
  if (isObject(body)) for (const value of Object.values(body)) dropSchemas(value);
  next();
}

function dropSchemas(value: unknown): void {
  if (Array.isArray(value)) value.forEach(dropSchemas);
  if (!isObject(value)) return;
  if (!('method' in value && 'path' in value)) delete value['schemas'];
  for (const inner of Object.values(value)) dropSchemas(inner);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `schemas` is always returned (RFC 7643, section 3), however few attributes were asked for. */
export function withSchemas(schemaOf: (id: string) => string | undefined) {
  const complete = (resource: unknown): unknown => {
    if (!isObject(resource) || 'schemas' in resource || typeof resource['id'] !== 'string') return resource;
    const schema = schemaOf(resource['id']);
    return schema === undefined ? resource : { schemas: [schema], ...resource };
  };
  return (_req: Request, res: Response, next: NextFunction): void => {
    const json = res.json.bind(res);
    res.json = (body: unknown) => {
      const plain: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
      if (isObject(plain) && Array.isArray(plain['Resources'])) {
        const resources = plain['Resources'].map(complete);
        return json({ ...plain, Resources: resources, itemsPerPage: resources.length });
      }
      return json(complete(plain));
    };
    next();
  };
}
