import { Option } from 'commander';
import type { Command } from 'commander';
import { exportData, exportedSchemas } from '../export/exportData.js';
import { mappingFile } from '../export/mapping.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { number } from './backup.js';
import { printResult, tellStep } from './output.js';

interface ExportFlags {
  to: string;
  schema?: string;
  format: 'csv' | 'sql';
  json?: boolean;
  dataDir?: string;
}

/** `db export`: rows that a person can read and a spreadsheet can open, and that `db import` brings back as they were. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description(
      'write rows for people: a CSV file a table, with a mapping that imports them back, or one file of SQL; complete, or not there',
    )
    .requiredOption('--to <folder>', 'the folder to make; an older export in it is replaced, anything else refused')
    .addOption(new Option('--schema <schema>', 'only the rows of this schema').choices(exportedSchemas))
    .addOption(
      new Option('--format <format>', 'csv: a file a table; sql: one file for psql').choices(['csv', 'sql']).default('csv'),
    )
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async ({ to, schema, format, json, dataDir }: ExportFlags) => {
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        tellStep(
          `Exporting ${schema ? `schema ${schema} of ` : ''}database ${database} on ${host}:${port} to ${to} as ${format}.`,
        );
        const began = performance.now();
        const { path, manifest } = await exportData({
          ...open,
          folder: to,
          kind: format,
          onlySchema: schema,
          onStep: tellStep,
          progress: streamProgress(process.stderr),
        });
        const { tables, files, takenAt } = manifest;
        const rows = tables.reduce((sum, table) => sum + table.rows, 0);
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        const seconds = (performance.now() - began) / 1000;
        const next =
          format === 'csv'
            ? `npm run db -- import ${path}/${mappingFile} --from ${path}`
            : `psql --no-psqlrc --set ON_ERROR_STOP=1 --file ${path}/data.sql <database>`;
        printResult(
          json,
          { path, format, takenAt, onlySchema: schema ?? null, tables, rows, bytes, seconds },
          `Exported ${number(rows)} rows of ${tables.length} tables in ${number(bytes)} bytes, ${seconds.toFixed(1)} s: ${path}\nBack into a migrated database: ${next}`,
        );
      } finally {
        await open.close();
      }
    });
}
