import type { Command } from 'commander';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { initialiseDatabase } from '../setup/init.js';
import { printResult, tellStep } from './output.js';

interface InitFlags {
  json?: boolean;
  dataDir?: string;
  newPasswords?: boolean;
}

/** `db init`: once for each database, as superuser. Safe to run again. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .description(
      'make the roles, schemas, identity and guard of a database, and set the passwords (once, as superuser; safe to repeat)',
    )
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--new-passwords', 'give roles that exist already new passwords; locks out what runs with the old ones')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, dataDir, newPasswords }: InitFlags) => {
      const open = await openDatabase({ dataDir, create: true, newPasswords, onStep: tellStep });
      try {
        await initialiseDatabase({ ...open, onStep: tellStep });
        const { host, port, database } = placeOf(open.operatorUrl);
        printResult(
          json,
          { host, port, database, initialised: true },
          `Database ${database} on ${host}:${port} is initialised. Next: npm run db -- migrate`,
        );
      } finally {
        await open.close();
      }
    });
}
