import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { Kind, parse } from 'graphql';
import type { DefinitionNode, DirectiveNode, DocumentNode } from 'graphql';

/** The folders beside this file that hold a subgraph. */
export const subgraphNames = readdirSync(new URL('.', import.meta.url)).filter((name) =>
  existsSync(new URL(`./${name}/schema.graphql`, import.meta.url)),
);

/** The files that are generated of one subgraph, by their names in `src/__generated__`. */
export async function generateFiles(subgraph: string): Promise<Record<string, string>> {
  const folder = new URL(`./${subgraph}/`, import.meta.url);
  const schema = parse(await readFile(new URL('schema.graphql', folder), 'utf8'));
  const tables = await readFile(new URL('src/tables.ts', folder), 'utf8');
  return {
    'resolvers.ts': await resolverTypes(subgraph, schema, tables),
    'resolverMap.ts': resolverMap(schema, tables, findSources(new URL('src/', folder))),
  };
}

/**
 * The resolver types. Behind a type stands a row of the database where tables.ts has a type `<Type>Row`, or an entity of another subgraph. A resolver knows
 * the id of either. What else a field reads of its row, it names (kernel, graphql/fields.ts).
 */
async function resolverTypes(subgraph: string, schema: DocumentNode, tables: string): Promise<string> {
  const rows = Array.from(tables.matchAll(/^export type (\w+)Row =/gm), ([, type]) => type!);
  const objects = schema.definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION);
  const has = ({ directives }: { readonly directives?: readonly DirectiveNode[] }, directive: string) =>
    directives?.some(({ name }) => name.value === directive);
  // An entity with @external fields brings them along with its reference: its type is that of the schema.
  const entities = objects.filter((type) => has(type, 'key') && !type.fields?.some((field) => has(field, 'external')));
  const connections = objects.map(({ name }) => name.value).filter((name) => name.endsWith('Connection'));
  const known = new Set(objects.map(({ name }) => name.value));
  const mappers = {
    ...Object.fromEntries(
      [...rows.filter((type) => known.has(type)), ...entities.map(({ name }) => name.value)].map((type) => [
        type,
        '{ id: string }',
      ]),
    ),
    ...Object.fromEntries(connections.map((type) => [type, 'Connection'])),
    ...Object.fromEntries(connections.map((type) => [type.replace(/Connection$/, 'Edge'), "Connection['edges'][number]"])),
    PageInfo: "Connection['pageInfo']",
  };
  const output = await codegen({
    filename: `${subgraph}/src/__generated__/resolvers.ts`,
    documents: [],
    schema,
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers: typescriptResolvers },
    config: {
      federation: true,
      contextType: '@bailiwick/kernel/graphql#RequestContext',
      mappers,
      enumsAsTypes: true,
      scalars: { ID: 'string', DateTime: 'string', Date: 'string', Decimal: 'string', BigInt: 'string' },
      useTypeImports: true,
      maybeValue: 'T | null | undefined',
    },
  });
  return `${header}import type { Connection } from '@bailiwick/kernel/pagination';\n${withDatabaseValues(output)}`;
}

const header = '/* Generated from schema.graphql by `npm run codegen`. Do not edit. */\n';

/** Inside the service an enumeration has the values of the database (kernel, enums.ts): lower case, but for the names of orders. */
function withDatabaseValues(output: string): string {
  return output.replace(/^export type (?!\w+Order =)\w+ =\n(?: +\/\*\*.*\n +\| '[A-Z0-9_]+';?\n)+/gm, (type) =>
    type.replace(/\| '([A-Z0-9_]+)'/g, (value) => value.toLowerCase()),
  );
}

interface Source {
  /** Without its ending. */
  readonly name: string;
  /** From `src/__generated__`. */
  readonly path: string;
}

/** The files of the rooms below `src`: one folder for each entity. */
function findSources(src: URL): Source[] {
  return readdirSync(src, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== '__generated__')
    .flatMap(({ name: room }) =>
      readdirSync(new URL(`${room}/`, src))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => ({ name: file.slice(0, -3), path: `../${room}/${file.slice(0, -3)}.js` })),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The resolvers of all types, found by the names of their files: `<Type>.ts` for a type, `queries.ts` for fields of Query, `<mutation>.ts` for a
 * field of Mutation. Throws where a mutation of the schema has no file.
 */
function resolverMap({ definitions }: DocumentNode, tables: string, sources: readonly Source[]): string {
  const rows = Array.from(tables.matchAll(/^export type (\w+)Row = typeof (\w+)/gm), ([, type, table]) => ({
    type: type!,
    table: table!,
  })).filter(({ type }) => definitions.some((definition) => nameOf(definition) === type));
  const types = sources.filter(({ name }) => /^[A-Z]/.test(name));
  const queries = sources.filter(({ name }) => name === 'queries');
  const mutations = fieldsOf(definitions, 'Mutation').map((field) => {
    const source = sources.find(({ name }) => name === field);
    if (source === undefined) throw new Error(`The mutation ${field} has no file src/<entity>/${field}.ts.`);
    return source;
  });
  const scalarNames = definitions.filter(({ kind }) => kind === Kind.SCALAR_TYPE_DEFINITION).map(nameOf);
  const enums = definitions.filter((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION);
  const queriesName = ({ path }: Source): string => `${path.split('/')[1]!}Queries`;
  return [
    header.trimEnd(),
    `import { enumValues, scalars } from '@bailiwick/kernel/graphql';`,
    ...types.map(({ name, path }) => `import { ${name} } from '${path}';`),
    ...mutations.map(({ name, path }) => `import { ${name} } from '${path}';`),
    ...queries.map((source) => `import { queries as ${queriesName(source)} } from '${source.path}';`),
    `import { ${rows.map(({ table }) => table).join(', ')} } from '../tables.js';`,
    `import type { Resolvers } from './resolvers.js';`,
    '',
    'const enums = {',
    ...enums
      .filter(({ name }) => !name.value.endsWith('Order'))
      .map(({ name, values }) => `  ${name.value}: enumValues([${values!.map((value) => `'${value.name.value}'`).join(', ')}]),`),
    '};',
    '',
    '/** Everything that the subgraph resolves. A field that is a column of its row needs no resolver. */',
    'export const resolvers: Resolvers = {',
    ...scalarNames.map((name) => `  ${name}: scalars.${name},`),
    '  ...enums,',
    `  Query: { ${queries.map((source) => `...${queriesName(source)}`).join(', ')} },`,
    ...(mutations.length > 0 ? [`  Mutation: { ${mutations.map(({ name }) => name).join(', ')} },`] : []),
    ...types.map(({ name }) => `  ${name},`),
    '};',
    '',
    '/** The table whose rows stand behind a type. */',
    'export const tablesByType = {',
    ...rows.map(({ type, table }) => `  ${type}: ${table},`),
    '};',
    '',
  ].join('\n');
}

const nameOf = (definition: DefinitionNode): string => ('name' in definition && definition.name ? definition.name.value : '');

function fieldsOf(definitions: readonly DefinitionNode[], type: string): string[] {
  const found = definitions.find((definition) => nameOf(definition) === type);
  return found?.kind === Kind.OBJECT_TYPE_DEFINITION ? (found.fields ?? []).map(({ name }) => name.value) : [];
}

if (import.meta.filename === process.argv[1]) {
  for (const subgraph of subgraphNames) {
    const target = new URL(`./${subgraph}/src/__generated__/`, import.meta.url);
    await mkdir(target, { recursive: true });
    for (const [name, text] of Object.entries(await generateFiles(subgraph))) {
      await writeFile(new URL(name, target), text);
      console.log(`wrote subgraphs/${subgraph}/src/__generated__/${name}`);
    }
  }
}
