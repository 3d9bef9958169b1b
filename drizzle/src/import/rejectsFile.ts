import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { whyUnwritable } from '../embedded/place.js';
import { isDatabaseError } from '../migrate/failure.js';
import type { Mapping } from './mappingSchema.js';
import type { Progress } from './progress.js';
import type { SourceFile } from './sourceFiles.js';
import { columnIndex, distinctHeader } from './sourceFiles.js';
import { quoteName, quoteText } from './sql.js';
import type { StagedSource } from './staging.js';
import { createStage, stageFile } from './staging.js';

/** The columns that a rejects file puts before those of the source. `reject_source` says which source of the mapping a mended row goes to. */
export const rejectColumns = [
  'reject_source',
  'reject_file',
  'reject_line',
  'reject_column',
  'reject_value',
  'reject_reason',
  'reject_code',
  'reject_also',
];

/** Whether a header is that of a rejects file. */
export const isRejectsHeader = (header: string[]): boolean => rejectColumns.every((name) => header.includes(name));

const csvField = (value: string): string => (/[",\r\n]/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value);

/**
 * A spreadsheet takes a text that begins like this for a formula and runs it, whoever wrote the row. An apostrophe in front makes it a text
 * again; a text that has apostrophes there already gets one more, so that taking one away brings back what was there.
 */
const formula = `^''*[=+@\\t\\r-]`;
const guarded = (sql: string): string =>
  `case when ${sql} ~ E'${formula}' and ${sql} !~ '^-\\d+(\\.\\d+)?$' then '''' || ${sql} else ${sql} end`;
const unguarded = (sql: string): string =>
  `case when ${sql} ~ E'${formula.replace('*', '+')}' then substr(${sql}, 2) else ${sql} end`;
const guardedName = (name: string): string => (/^'*[=+@-]/.test(name) ? `'${name}` : name);
const unguardedName = (name: string): string => (/^'+[=+@-]/.test(name) ? name.slice(1) : name);

/**
 * Writes every rejected row with its first fault, the others in `reject_also`, and the columns of its source as they were read.
 * NULL is written bare and the empty text in quotes, so that the file can be mended and imported again. It appears whole or not at all.
 */
export async function writeRejects(client: ClientBase, sources: StagedSource[], path: string): Promise<void> {
  const counted = await client.query<{ source: number }>('select distinct source from pg_temp.rejected');
  const numbers = new Set(counted.rows.map((row) => row.source));
  const withRejects = sources.filter((source) => numbers.has(source.number));
  const union = [...new Set(withRejects.flatMap((source) => distinctHeader(source.header)))];
  const partial = `${path}.partial`;
  // What stands in it may be meant for few: restricted cases, people's data.
  await rm(partial, { force: true });
  const file = createWriteStream(partial, { mode: 0o600, flags: 'wx' });
  try {
    await once(file, 'open');
    file.write(
      `${[...rejectColumns, ...union.map((name) => csvField(guardedName(name.replace(/#\d+$/, (mark) => (isRepeat(name, union) ? '' : mark)))))].join(',')}\n`,
    );
    if (withRejects.length > 0) {
      const selects = withRejects.map((source) => rejectedRows(source, union));
      const copy = client.query(copyTo(`copy (${selects.join('\nunion all\n')}\norder by 1, 3) to stdout with (format csv)`));
      await pipeline(copy, file);
    } else {
      file.end();
      await once(file, 'close');
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    if (isDatabaseError(error)) throw error;
    throw new AppError(
      'BAD_USER_INPUT',
      `The rejects can not be written to ${path}: ${whyUnwritable(error)}. Nothing was imported.`,
      {
        hint: 'Give another place with --rejects.',
        cause: error,
      },
    );
  }
}

/** `REGISTERED IN ASP#2` is written with the name that the file gave it, behind the first of that name. */
const isRepeat = (name: string, union: string[]): boolean => union.includes(name.replace(/#\d+$/, ''));

function rejectedRows(source: StagedSource, union: string[]): string {
  const header = distinctHeader(source.header);
  const columns = union.map((name) => {
    const index = header.indexOf(name);
    return index < 0 ? 'null::text' : guarded(`s.c${index}`);
  });
  return `select ${quoteText(source.source)} as reject_source, ${quoteText(source.file)} as reject_file, s._line as reject_line,
    e.csv_column, ${guarded('e.value')}, e.reason, e.code, e.also${columns.map((sql) => `, ${sql}`).join('')}
  from (select line, (array_agg(csv_column order by n))[1] as csv_column, (array_agg(value order by n))[1] as value,
          (array_agg(reason order by n))[1] as reason, (array_agg(code order by n))[1] as code,
          nullif(array_to_string((array_agg(reason order by n))[2:], ' '), '') as also
        from pg_temp.rejected where source = ${source.number} group by line) e
  join ${quoteName(source.table)} s on s._line = e.line`;
}

/** Stages a mended rejects file: its rows go to the sources they came from. */
export async function stageRejectsFile(
  client: ClientBase,
  mapping: Mapping,
  file: SourceFile,
  progress: Progress,
): Promise<StagedSource[]> {
  const whole = await stageFile(client, file, 0, progress);
  const origin = columnIndex(file.header, 'reject_source');
  const kept = distinctHeader(file.header).flatMap((name, index) =>
    rejectColumns.includes(name) ? [] : [{ name: unguardedName(name), index }],
  );
  const unknown = await client.query<{ source: string }>(
    `select coalesce(c${origin}, '') as source from ${quoteName(whole.table)} where c${origin} is null or not c${origin} = any ($1) limit 1`,
    [Object.keys(mapping.sources)],
  );
  if (unknown.rows[0]) {
    throw new AppError(
      'SOURCE_INVALID',
      `${file.file} has rows of "${unknown.rows[0].source}", which is no source of the mapping ${mapping.name}.`,
      {
        hint: 'Import the file with the mapping that rejected its rows, and leave the reject columns as they are.',
      },
    );
  }
  const staged: StagedSource[] = [];
  for (const [i, source] of Object.keys(mapping.sources).entries()) {
    const table = await createStage(client, i + 1, kept.length);
    const filled = await client.query(
      `insert into ${quoteName(table)} select _line, ${kept.map(({ index }) => unguarded(`c${index}`)).join(', ')}, _fault from ${quoteName(whole.table)} where c${origin} = $1 order by _line`,
      [source],
    );
    if (!filled.rowCount) continue;
    // The names keep their #2, so that a repeated column is found again.
    staged.push({ source, number: i + 1, file: file.file, header: kept.map(({ name }) => name), table, rows: filled.rowCount });
  }
  return staged;
}
