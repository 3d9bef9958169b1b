import { fileURLToPath } from 'node:url';
import { tellStep } from '../commands/output.js';
import { ownershipFile } from '../commands/owners.js';
import { withScratchDatabase } from '../embedded/scratch.js';
import { migrateDatabase } from '../migrate/migrate.js';
import { ownershipPage } from '../owners/ownershipPage.js';
import { readOwnership } from '../owners/readOwnership.js';
import { createProgram } from '../program.js';
import { withSession } from '../setup/connect.js';
import { initialiseDatabase } from '../setup/init.js';
import { commandsPage } from './commandsPage.js';
import { writePage } from './pageFile.js';

/** `npm run docs`: makes every page anew that is made of something else. */
const commandsFile = fileURLToPath(new URL('../../../docs/commands.md', import.meta.url));
await writePage(commandsFile, commandsPage(await createProgram()));
tellStep(`Wrote ${commandsFile}.`);

await withScratchDatabase('docs', async (database) => {
  await initialiseDatabase(database);
  await migrateDatabase(database);
  const ownership = await withSession(database.operatorUrl, 'docs', async (client) =>
    readOwnership(client, database.operatorUrl),
  );
  await writePage(ownershipFile, ownershipPage(ownership));
  tellStep(`Wrote ${ownershipFile}.`);
});
