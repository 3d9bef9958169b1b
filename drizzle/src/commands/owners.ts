import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { openDatabase } from '../operator.js';
import { ownershipPage } from '../owners/ownershipPage.js';
import { readOwnership } from '../owners/readOwnership.js';
import { refuseStalePage, writePage } from '../pages/pageFile.js';
import { placeOf, withSession } from '../setup/connect.js';
import { printResult, tellStep } from './output.js';

interface OwnersFlags {
  to?: string;
  check?: boolean;
  json?: boolean;
  dataDir?: string;
}

/** Of the project: docs/ownership.md. */
export const ownershipFile = fileURLToPath(new URL('../../../docs/ownership.md', import.meta.url));

/** `db owners`: writes the page that says who owns what, from PostgreSQL's catalogue. */
export function registerOwners(program: Command): void {
  program
    .command('owners')
    .description(
      'write the ownership page from the database: every table, its team, roles, policies, foreign keys, and a picture',
    )
    .option('--to <file>', 'where the page is written (default: docs/ownership.md)')
    .option('--check', 'write nothing; refuse with exit code 2 when the page is not as the database is')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print what the page is made of as JSON, and write no page unless --to names one')
    .action(async ({ to, check, json, dataDir }: OwnersFlags) => {
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        tellStep(`Reading who owns what in database ${database} on ${host}:${port}.`);
        const ownership = await withSession(open.operatorUrl, 'owners', async (client) =>
          readOwnership(client, open.operatorUrl),
        );
        const page = ownershipPage(ownership);
        const path = to ?? ownershipFile;
        const { tables } = ownership;
        if (check) {
          await refuseStalePage(path, page, 'npm run db -- owners', `database ${database}`);
          printResult(json, { path, isStale: false, ...ownership }, `${path} is as the database is: ${tables.length} tables.`);
          return;
        }
        if (json && to === undefined) {
          printResult(json, ownership, '');
          return;
        }
        await writePage(path, page);
        printResult(
          json,
          { path, ...ownership },
          `Wrote ${tables.length} tables of ${ownership.schemas.length} schemas to ${path}.`,
        );
      } finally {
        await open.close();
      }
    });
}
