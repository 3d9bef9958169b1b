import { readFile } from 'node:fs/promises';
import { generateResolverTypes, subgraphNames } from '../subgraphs/codegen.js';

test.each(subgraphNames)(
  'the resolver types of the %s subgraph are those of its schema (if not: npm run codegen)',
  async (name) => {
    const committed = await readFile(new URL(`../subgraphs/${name}/src/__generated__/resolvers.ts`, import.meta.url), 'utf8');
    expect(await generateResolverTypes(name)).toBe(committed);
  },
);
