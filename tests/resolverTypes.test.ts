import { readFile } from 'node:fs/promises';
import { generateFiles, subgraphNames } from '../subgraphs/codegen.js';

test.each(subgraphNames)(
  'what is generated of the %s subgraph is that of its schema (if not: npm run codegen)',
  async (subgraph) => {
    for (const [name, text] of Object.entries(await generateFiles(subgraph))) {
      const committed = await readFile(new URL(`../subgraphs/${subgraph}/src/__generated__/${name}`, import.meta.url), 'utf8');
      expect(text).toBe(committed);
    }
  },
);
