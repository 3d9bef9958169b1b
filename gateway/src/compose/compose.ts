import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { AppError } from '@bailiwick/kernel/errors';
import { GraphQLError, getLocation, Kind, parse, Source, visit } from 'graphql';
import type { ASTNode, DocumentNode } from 'graphql';

/** The schema of one subgraph. */
export interface SubgraphSchema {
  /** The subgraph's name in the supergraph, for example `audit`. */
  name: string;
  /** The subgraph's schema.graphql. */
  schemaFile: URL;
}

/**
 * Composes subgraph schemas and returns the supergraph. Its URLs are placeholders (.invalid, RFC 2606), because each process configures the real ones.
 * Throws COMPOSITION_FAILED, which names the subgraph, field and line of every error.
 */
export function composeSupergraph(schemas: readonly SubgraphSchema[]): string {
  const documents = new Map(schemas.map(({ name, schemaFile }) => [name, readSchema(name, schemaFile)]));
  const result = composeServices(
    [...documents].map(([name, typeDefs]) => ({ name, url: `http://${name}.invalid/graphql`, typeDefs })),
  );
  if (result.errors) throw compositionFailed(result.errors.map((error) => explain(error, documents)));
  return `# Composed from subgraphs/*/schema.graphql. Written by: npm run compose\n${result.supergraphSdl}\n`;
}

function readSchema(name: string, schemaFile: URL): DocumentNode {
  let text: string;
  try {
    text = readFileSync(schemaFile, 'utf8');
  } catch (cause) {
    throw new AppError('COMPOSITION_FAILED', `The schema of the subgraph ${name} can not be read: ${(cause as Error).message}.`, {
      cause,
      hint: `Its contract belongs in subgraphs/${name}/schema.graphql.`,
    });
  }
  try {
    return parse(new Source(text, `subgraphs/${name}/schema.graphql`));
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw compositionFailed([
      `[${name}] ${cause.message} (subgraphs/${name}/schema.graphql, line ${cause.locations?.[0]?.line ?? 1})`,
    ]);
  }
}

function compositionFailed(problems: string[]): AppError {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  return new AppError(
    'COMPOSITION_FAILED',
    `The subgraph schemas do not compose (${count}):\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    {
      hint: 'Correct the schema.graphql of the subgraph named. The committed supergraph was left as it is.',
    },
  );
}

/** @apollo/composition adds the subgraph's name to each AST node of an error. */
type CompositionNode = ASTNode & { subgraph?: string };

function explain(error: GraphQLError, documents: Map<string, DocumentNode>): string {
  const places = (error.nodes ?? []).flatMap((node: CompositionNode) => {
    const name = node.subgraph;
    const document = name === undefined ? undefined : documents.get(name);
    if (name === undefined || document === undefined || node.loc === undefined) return [];
    const { line } = getLocation(node.loc.source, node.loc.start);
    const coordinate = coordinateAt(document, node.loc.start);
    return [`subgraphs/${name}/schema.graphql, line ${line}${coordinate ? `: ${coordinate}` : ''}`];
  });
  const code = typeof error.extensions['code'] === 'string' ? `${error.extensions['code']}: ` : '';
  const message = error.message.trim().replaceAll('\n', '\n  ');
  return places.length === 0 ? `${code}${message}` : `${code}${message} (${[...new Set(places)].join('; ')})`;
}

/** Returns the schema coordinate at a position of a schema document: `Type.field`, or `Type` outside of its fields. */
function coordinateAt(document: DocumentNode, position: number): string | undefined {
  let type: string | undefined;
  let field: string | undefined;
  const covers = (node: ASTNode) => node.loc !== undefined && node.loc.start <= position && position < node.loc.end;
  visit(document, {
    enter(node) {
      if (node.kind === Kind.DOCUMENT) return undefined;
      if (!covers(node)) return false;
      if (
        node.kind === Kind.FIELD_DEFINITION ||
        node.kind === Kind.INPUT_VALUE_DEFINITION ||
        node.kind === Kind.ENUM_VALUE_DEFINITION
      )
        field ??= node.name.value;
      else if (node.kind.endsWith('TypeDefinition') || node.kind.endsWith('TypeExtension'))
        type = (node as { name: { value: string } }).name.value;
      return undefined;
    },
  });
  return field === undefined ? type : `${type}.${field}`;
}
