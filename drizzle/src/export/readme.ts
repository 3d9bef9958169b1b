import type { ExportManifest } from './exportData.js';
import { mappingFile } from './mapping.js';

/** README.md of an export: what it is, for whoever finds the folder in ten years. */
export function exportReadme(manifest: ExportManifest): string {
  const { database, takenAt, serverVersion, tables, kind, schemas } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const head = [
    `# Export of ${database}`,
    '',
    `Taken ${takenAt} from PostgreSQL ${serverVersion}: ${rows.toLocaleString('en-US')} rows of ${tables.length} tables in ${schemas.join(', ')}.`,
    'All tables show the same moment. The numbers of `export.json` say what they held.',
    '',
  ];
  return [...head, ...(kind === 'csv' ? csvPart(manifest) : sqlPart(manifest)), ...tablePart(manifest), ''].join('\n');
}

function csvPart({ files }: ExportManifest): string[] {
  const roles = files.some(({ file }) => file === 'identity.roles.csv');
  return [
    'One CSV file a table (RFC 4180, UTF-8 with a byte order mark), the columns named in the first line, sorted by the primary key.',
    '',
    '- An empty field is NULL, `""` is the empty text.',
    '- Times are in UTC, lists are written `{one,"two words"}`, yes and no are `true` and `false`.',
    '- **A spreadsheet changes what it opens**: it drops leading zeros, makes dates of what looks like one, can not tell NULL from the empty text, and runs a text that',
    '  begins with `=`, `+`, `-` or `@` as a formula. Nothing was altered here to prevent that. Bring the files in as text (Data, From Text/CSV, every column as text), and do',
    '  not save over them: what a spreadsheet has saved is no longer what the database held.',
    '- Columns that PostgreSQL computes are left out.',
    '',
    'Back into a migrated database, with ids, times and versions as they were:',
    '',
    '```',
    `npm run db -- import <this folder>/${mappingFile} --from <this folder>`,
    '```',
    '',
    'Rows that are there and equal are left alone, so it can be repeated.' +
      (roles
        ? ' `identity.roles.csv` is for reading: an import gives nobody a right. Roles that the database lacks must be added there first.'
        : ''),
    '',
  ];
}

function sqlPart({ files }: ExportManifest): string[] {
  return [
    'One file of SQL. Into a migrated database without rows, as a superuser (row security holds everybody else to what they may see):',
    '',
    '```',
    `psql --no-psqlrc --set ON_ERROR_STOP=1 --file ${files.find(({ file }) => file.endsWith('.sql'))?.file ?? ''} <database>`,
    '```',
    '',
    'It is one transaction: all rows, or none.',
    '',
  ];
}

function tablePart({ tables }: ExportManifest): string[] {
  return [
    '| table | rows | file |',
    '| --- | --- | --- |',
    ...tables.map(({ schema, name, rows, file }) => `| ${schema}.${name} | ${rows} | ${file} |`),
  ];
}
