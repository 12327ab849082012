import { scimSettings, type Environment, type WorkerSettings } from './settings';
import type { Connector } from './systems/connector';
import { OktaGroups } from './systems/okta';
import type { Pace } from './systems/pace';
import { Salesforce } from './systems/salesforce';
import { ScimUsers } from './systems/scim';

type SystemSettings = Pick<WorkerSettings, 'salesforce' | 'okta'>;

/**
 * The connector of each connection such as `okta` or `scim/RINGLEAD`, made when it is first asked for and kept, each held to its
 * pace. @throws SettingsError, or an error whose second line names what is missing
 */
export function connectors(
  settings: SystemSettings,
  env: Environment,
  paceOf: (connection: string) => Pace,
): (connection: string) => Connector {
  const known = new Map<string, Connector>();
  return (connection) => {
    const connector = known.get(connection) ?? connectorOf(connection, settings, env, paceOf(connection));
    known.set(connection, connector);
    return connector;
  };
}

function connectorOf(connection: string, settings: SystemSettings, env: Environment, pace: Pace): Connector {
  if (connection === 'salesforce') {
    const { loginUrl, clientId, credential } = settings.salesforce;
    return new Salesforce({
      loginUrl,
      clientId,
      pace,
      ...(credential.kind === 'jwt' ? credential : { username: '', clientSecret: credential.clientSecret }),
    });
  }
  if (connection === 'okta') {
    if (!settings.okta) throw new Error('the identity provider\nOKTA_URL and OKTA_TOKEN are missing');
    return new OktaGroups({ ...settings.okta, pace });
  }
  const name = connection.replace(/^scim\//, '');
  return new ScimUsers({ connection: name, ...scimSettings(env, name), pace });
}
