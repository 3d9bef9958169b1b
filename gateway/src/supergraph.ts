import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '@bailiwick/kernel/errors';
import { Kind, parse } from 'graphql';

/** A supergraph and the names of its subgraphs. */
export interface SupergraphFile {
  readonly sdl: string;
  readonly subgraphNames: readonly string[];
}

/** The committed supergraph. */
export const committedSupergraph = new URL('../supergraph.graphql', import.meta.url);

/** Reads a supergraph file. Throws CONFIG_INVALID if it is missing, or is not a composed supergraph. */
export function readSupergraph(file: URL): SupergraphFile {
  try {
    const sdl = readFileSync(file, 'utf8');
    return { sdl, subgraphNames: namesIn(sdl) };
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `The supergraph ${fileURLToPath(file)} can not be used: ${(cause as Error).message}`, {
      cause,
      hint: 'Write it with npm run compose.',
    });
  }
}

/** Reads the subgraph names. Composition writes them as the values of the enum join__Graph (https://specs.apollo.dev/join/v0.3). */
function namesIn(sdl: string): string[] {
  const graphs = parse(sdl).definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) throw new Error('it names no subgraphs.');
  return (graphs.values ?? []).flatMap((value) => {
    const name = value.directives
      ?.find((directive) => directive.name.value === 'join__graph')
      ?.arguments?.find((argument) => argument.name.value === 'name')?.value;
    return name?.kind === Kind.STRING ? [name.value] : [];
  });
}
