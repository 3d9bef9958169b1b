import { readdirSync, readFileSync } from 'node:fs';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';

/** An example operation from gateway/operations, for the landing page and the explorer. */
export interface ExampleOperation {
  /** The file name without its extension, for example `caseList`. */
  name: string;
  kind: 'query' | 'mutation';
  /** The comment at the top of the file. It says what the operation is for. */
  description: string;
  document: string;
  /** The text of <name>.variables.json, or an empty string without that file. */
  variables: string;
}

const folder = new URL('../../operations/', import.meta.url);
/** The operations at the top of the list, in reading order. The others follow, queries before mutations. */
const topOperations = [
  'me',
  'agencyOverview',
  'caseList',
  'caseDetail',
  'findingsOverview',
  'search',
  'orgTree',
  'myNotifications',
];

/** Reads the example operations, in display order. Throws if a file is not a valid document with one named operation. */
export function readOperations(): ExampleOperation[] {
  const files = readdirSync(folder);
  const operations = files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => readOperation(file.slice(0, -'.graphql'.length), files));
  return operations.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

function readOperation(name: string, files: string[]): ExampleOperation {
  const document = readFileSync(new URL(`${name}.graphql`, folder), 'utf8');
  const operation = getOperationAST(parse(document));
  if (!operation?.name) throw new Error(`gateway/operations/${name}.graphql does not hold exactly one operation with a name.`);
  const variablesFile = `${name}.variables.json`;
  return {
    name,
    kind: operation.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query',
    description: leadingComment(document),
    document,
    variables: files.includes(variablesFile) ? readFileSync(new URL(variablesFile, folder), 'utf8').trim() : '',
  };
}

function leadingComment(document: string): string {
  const lines = document.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s?/, ''))
    .join(' ');
}

function rank({ name, kind }: ExampleOperation): number {
  const index = topOperations.indexOf(name);
  return index >= 0 ? index : topOperations.length + (kind === 'mutation' ? 1 : 0);
}
