import { readFile } from 'node:fs/promises';
import { withSession } from '@bailiwick/database/setup/connect';
import { ownershipPage } from '@bailiwick/database/owners/ownershipPage';
import { readOwnership } from '@bailiwick/database/owners/readOwnership';
import { commandsPage } from '@bailiwick/database/pages/commandsPage';
import { firstDifference } from '@bailiwick/database/pages/markdown';
import { createProgram } from '@bailiwick/database/program';
import { createTestDatabase } from '../../tests/support/database.js';

const remedy = 'Run npm run docs, and commit the page.';

async function page(name: string): Promise<string> {
  return readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

test('docs/commands.md has every verb with its arguments and options as its help has them', async () => {
  const program = await createProgram();
  const text = await page('commands.md');
  for (const verb of program.commands) {
    expect(text).toContain(`\n## ${verb.name()}\n`);
    for (const option of verb.options) expect(text).toContain(`| \`${option.flags}\` |`);
  }
  expect({ remedy, difference: firstDifference(text, commandsPage(program)) }).toEqual({ remedy, difference: undefined });
});

test('docs/ownership.md is what a migrated database says', async () => {
  const database = await createTestDatabase();
  try {
    const ownership = await withSession(database.operatorUrl, 'tests', async (client) =>
      readOwnership(client, database.operatorUrl),
    );
    const difference = firstDifference(await page('ownership.md'), ownershipPage(ownership));
    expect({ remedy, difference }).toEqual({ remedy, difference: undefined });
  } finally {
    await database.drop();
  }
});
