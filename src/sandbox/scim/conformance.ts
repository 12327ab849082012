import type { NextFunction, Request, Response } from 'express';
import SCIMMY from 'scimmy';
import { sealedFilter } from './filter';

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

/** `/Me` needs the user behind the token, and a provisioning client's token has none: 501 (RFC 7644, section 3.11). */
export function meNotImplemented(req: Request, res: Response, next: NextFunction): void {
  if (!/^\/Me\/?$/.test(req.path)) return next();
  sendScimError(res, 501, 'Endpoint Not Implemented');
}

/** A filter that is none is the client's fault: 400 `invalidFilter` (RFC 7644, section 3.12). */
export function checkedFilter(req: Request, res: Response, next: NextFunction): void {
  const body: unknown = req.body;
  const from = /\/\.search$/.test(req.path) && isObject(body) ? body : req.query;
  const filter: unknown = from['filter'];
  if (filter === undefined) return next();
  const sealed = typeof filter === 'string' ? sealedFilter(filter) : undefined;
  if (sealed === undefined)
    return sendScimError(res, 400, 'The filter could not be understood', 'invalidFilter');
  from['filter'] = sealed;
  next();
}

const SCHEMAS: Readonly<Record<string, string>> = {
  '/Users': SCIMMY.Schemas.User.definition.id,
  '/Groups': SCIMMY.Schemas.Group.definition.id,
};

/** Each resource says its schemas (RFC 7643, section 3); SCIMMY takes one that says none. */
export function checkedSchemas(req: Request, res: Response, next: NextFunction): void {
  const body: unknown = req.body;
  const path = /^(\/\w+)(?:\/[^/.]+)?\/?$/.exec(req.path)?.[1];
  const schema = path === undefined ? undefined : SCHEMAS[path];
  const writes = req.method === 'POST' || req.method === 'PUT';
  if (!writes || schema === undefined || !isObject(body)) return next();
  const given = Array.isArray(body['schemas']) ? body['schemas'].map((id) => String(id).toLowerCase()) : [];
  if (given.includes(schema.toLowerCase())) return next();
  sendScimError(res, 400, `The attribute 'schemas' must name ${schema}`, 'invalidSyntax');
}

const ENTERPRISE = SCIMMY.Schemas.EnterpriseUser.definition;
/** What the extension adds; SCIMMY names the attributes of every resource in each schema. */
const EXTENDED = ENTERPRISE.attributes
  .map(({ name }) => name)
  .filter((name) => !['schemas', 'id', 'externalId', 'meta'].includes(name));

/** A patch may remove an extension whole (RFC 7644, section 3.5.2.2); SCIMMY removes only its attributes, one by one. */
export function withoutExtension(req: Request, _res: Response, next: NextFunction): void {
  const body: unknown = req.body;
  if (req.method === 'PATCH' && isObject(body) && Array.isArray(body['Operations']))
    body['Operations'] = body['Operations'].flatMap((operation: unknown) => {
      if (!isObject(operation) || String(operation['op']).toLowerCase() !== 'remove') return [operation];
      if (String(operation['path']).toLowerCase() !== ENTERPRISE.id.toLowerCase()) return [operation];
      return EXTENDED.map((name) => ({ op: 'remove', path: `${ENTERPRISE.id}:${name}` }));
    });
  next();
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

/**
 * `schemas` is always returned (RFC 7643, section 3), however few attributes were asked for; what was made is named
 * in `Location` (RFC 7644, section 3.3); an error of the inside doesn't come out.
 */
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
      const made = res.statusCode === 201 ? locationOf(plain) : undefined;
      if (made !== undefined) res.location(made);
      if (res.statusCode === 500 && isObject(plain)) plain['detail'] = 'Internal Server Error';
      return json(complete(plain));
    };
    next();
  };
}

function locationOf(resource: unknown): string | undefined {
  const meta = isObject(resource) ? resource['meta'] : undefined;
  return isObject(meta) && typeof meta['location'] === 'string' ? meta['location'] : undefined;
}
