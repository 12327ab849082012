import type { Field, FieldType, SObject } from '../schema';
import { objects } from '../schema';
import { objectOr404 } from '../writes';
import { limits } from '../limits';
import { ORG_ID } from '../sessions';
import { isSearchable } from '../sosl';
import { base, ok, type Call, type Caller, type Reply, type Route } from './call';
import { shownRecord } from './sobjects';

const SOAP_TYPES: Readonly<Partial<Record<FieldType, string>>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
};
const NUMBERS: readonly FieldType[] = ['double', 'currency', 'percent'];

function lengthOf(field: Field): number {
  if (field.type === 'id' || field.type === 'reference') return 18;
  return field.length ?? (['picklist', 'url'].includes(field.type) ? 255 : 0);
}

function describedField(field: Field) {
  const length = lengthOf(field);
  const nillable = field.required !== true && field.type !== 'id' && field.type !== 'boolean';
  const custom = field.name.endsWith('__c');
  return {
    aggregatable: field.type !== 'boolean',
    aiPredictionField: false,
    autoNumber: field.name === 'CaseNumber',
    byteLength: length * 3,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: null,
    controllerName: null,
    createable: field.createable,
    custom,
    defaultValue: field.initially ?? null,
    defaultValueFormula: null,
    defaultedOnCreate: field.initially !== undefined || field.type === 'id',
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? 8 : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: custom && field.externalId === true,
    extraTypeInfo: null,
    filterable: true,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: field.type !== 'datetime',
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.externalId === true || field.type === 'id',
    inlineHelpText: null,
    label: field.label,
    length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.name === 'Name',
    namePointing: (field.to?.length ?? 0) > 1,
    nillable,
    permissionable: nillable && field.createable,
    picklistValues: picklist(field),
    polymorphicForeignKey: (field.to?.length ?? 0) > 1,
    precision: NUMBERS.includes(field.type) ? 18 : 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.to ?? [],
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restricted === true,
    scale: NUMBERS.includes(field.type) ? 2 : 0,
    searchPrefilterable: false,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: true,
    type: field.type,
    unique: field.unique === true,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}

const picklist = (field: Field) =>
  (field.values ?? []).map((value) => ({
    active: true,
    defaultValue: value === field.initially,
    label: value,
    validFor: null,
    value,
  }));

function summary(caller: Caller, object: SObject) {
  const url = `${base(caller)}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.createable,
    custom: false,
    customSetting: false,
    deepCloneable: false,
    deletable: object.deletable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: !object.setup,
    mergeable: false,
    mruEnabled: !object.setup,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: isSearchable(object),
    triggerable: !object.setup,
    undeletable: false,
    updateable: object.updateable,
    urls: { rowTemplate: `${url}/{ID}`, describe: `${url}/describe`, sobject: url },
  };
}

function describe(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  const childRelationships = [...object.children.values()].map((child) => ({
    cascadeDelete: false,
    childSObject: child.object,
    deprecatedAndHidden: false,
    field: child.field,
    junctionIdListNames: [],
    junctionReferenceTo: [],
    relationshipName: child.name,
    restrictedDelete: false,
  }));
  const fields = [...object.fields.values()].map(describedField);
  return ok({
    ...summary(call.caller, object),
    actionOverrides: [],
    childRelationships,
    fields,
    namedLayoutInfos: [],
    recordTypeInfos: [],
    supportedScopes: [],
  });
}

function basicInformation(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  const names = ['Id', ...(object.fields.has('name') ? ['Name'] : [])];
  const newest = call.caller.org.rows(object.name).slice(-5).reverse();
  return ok({
    objectDescribe: summary(call.caller, object),
    recentItems: newest.map((row) => shownRecord(call, object, row, names)),
  });
}

function resources(call: Call): Reply {
  const { origin, userId } = call.caller;
  const names = ['limits', 'sobjects', 'query', 'queryAll', 'search', 'recent', 'composite', 'jobs'];
  return ok({
    identity: `${origin}/id/${ORG_ID}/${userId}`,
    ...Object.fromEntries(names.map((name) => [name, `${base(call.caller)}/${name}`])),
  });
}

/** What the org has: resources, limits, objects and their fields. */
export const DESCRIBE_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: /^\/?$/, run: resources },
  { method: 'GET', pattern: /^\/limits\/?$/, run: (call) => ok(limits(call.caller.org)) },
  {
    method: 'GET',
    pattern: /^\/sobjects\/?$/,
    run: (call) =>
      ok({
        encoding: 'UTF-8',
        maxBatchSize: 200,
        sobjects: objects().map((object) => summary(call.caller, object)),
      }),
  },
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/?$/, run: basicInformation },
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/describe\/?$/, run: describe },
];
