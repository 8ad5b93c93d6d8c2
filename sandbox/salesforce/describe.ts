/** Describe: what objects there are and what each field may do, in the vendor's words. */
import type { Row } from "#sandbox/vendor-store";
import type { FieldSpec, ObjectSpec } from "./metadata.ts";
import type { Org } from "./org.ts";
import { NUMBER_TYPES } from "./stored-values.ts";
import type { Table } from "./table.ts";
import { visibleFields } from "./wire.ts";

const isHistory = (spec: ObjectSpec) => spec.prefix === "017";

/** GET /sobjects: every object with what may be done to it. */
export function describeGlobal(org: Org, version: string): Row {
  const sobjects = org.specs
    .filter((spec) => org.table(spec.name) !== undefined)
    .map((spec) => ({ ...summary(spec), urls: urls(spec, version) }));
  return { encoding: "UTF-8", maxBatchSize: 200, sobjects };
}

/** GET /sobjects/X/describe. */
export function describeObject(org: Org, table: Table, version: string): Row {
  const { spec } = table;
  const children = org.specs.flatMap((child) =>
    child.fields
      .filter((f) => f.referenceTo === spec.name && org.table(child.name) !== undefined)
      .filter((f) => f.name !== "CreatedById" && f.name !== "LastModifiedById")
      .map((f) => ({
        childSObject: child.name,
        field: f.name,
        cascadeDelete: false,
        relationshipName: null,
      })),
  );
  return {
    ...summary(spec),
    fields: visibleFields(org, table).map(describeField),
    childRelationships: children,
    recordTypeInfos: [],
    urls: urls(spec, version),
  };
}

function urls(spec: ObjectSpec, version: string): Row {
  const base = `/services/data/${version}/sobjects/${spec.name}`;
  return { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` };
}

function summary(spec: ObjectSpec): Row {
  const changeable = !isHistory(spec);
  return {
    name: spec.name,
    label: spec.label,
    labelPlural: `${spec.label}s`,
    keyPrefix: spec.prefix,
    custom: spec.name.endsWith("__c"),
    createable: changeable,
    updateable: changeable,
    deletable: changeable && spec.name !== "User",
    queryable: true,
    retrieveable: true,
    replicateable: true,
    undeletable: changeable,
    triggerable: changeable,
    layoutable: changeable,
    searchable: changeable,
  };
}

function describeField(field: FieldSpec): Row {
  const formula = field.formula !== undefined;
  const number = NUMBER_TYPES.has(field.type);
  const mayWrite = !formula && field.writable !== false;
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    length: number ? 0 : (field.length ?? 0),
    byteLength: number ? 0 : (field.length ?? 0) * 3,
    digits: field.type === "int" ? field.precision : 0,
    precision: number && field.type !== "int" ? field.precision : 0,
    scale: number ? (field.scale ?? 0) : 0,
    custom: field.name.endsWith("__c"),
    nameField: field.name === "Name",
    calculated: formula,
    autoNumber: field.autoNumber !== undefined,
    createable: mayWrite,
    updateable: mayWrite,
    nillable: field.required !== true && field.type !== "boolean" && field.type !== "id",
    defaultedOnCreate:
      field.type === "boolean" || field.initial !== undefined || field.autoNumber !== undefined,
    externalId: field.externalId === true,
    unique: field.unique === true,
    idLookup: field.externalId === true || field.type === "id",
    caseSensitive: false,
    filterable: field.filterable !== false && field.type !== "textarea",
    sortable: field.filterable !== false && field.type !== "textarea",
    groupable:
      !number && field.filterable !== false && field.type !== "textarea" && field.type !== "datetime",
    aggregatable: field.filterable !== false && field.type !== "boolean",
    restrictedPicklist: field.restricted === true,
    picklistValues: (field.values ?? []).map((value) => ({
      active: true,
      defaultValue: field.initial === value,
      label: value,
      validFor: null,
      value,
    })),
    referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
    relationshipName: field.relationship ?? null,
    deprecatedAndHidden: false,
    soapType: soapType(field),
  };
}

function soapType(field: FieldSpec): string {
  if (field.type === "id" || field.type === "reference") return "tns:ID";
  if (field.type === "boolean" || field.type === "int" || field.type === "date") return `xsd:${field.type}`;
  if (field.type === "datetime") return "xsd:dateTime";
  if (field.type === "anyType") return "xsd:anyType";
  return NUMBER_TYPES.has(field.type) ? "xsd:double" : "xsd:string";
}
