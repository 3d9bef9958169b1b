import { readdirSync, readFileSync } from 'node:fs';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';

/** An example operation of gateway/operations, as the two pages offer it. */
export interface ExampleOperation {
  /** The file's name without its ending: `caseList`. */
  name: string;
  kind: 'query' | 'mutation';
  /** The comment at the head of the file: what the operation is for. */
  description: string;
  document: string;
  /** The values of <name>.variables.json, as text; empty without that file. */
  variables: string;
}

const folder = new URL('../../operations/', import.meta.url);
/** A good order to read them in; what is not named follows, queries before mutations. */
const firstOnes = ['me', 'agencyOverview', 'caseList', 'caseDetail', 'findingsOverview', 'search', 'orgTree', 'myNotifications'];

/** Reads the example operations, in the order in which they are shown. Throws when a file is no valid document of one named operation. */
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
  const place = firstOnes.indexOf(name);
  return place >= 0 ? place : firstOnes.length + (kind === 'mutation' ? 1 : 0);
}
