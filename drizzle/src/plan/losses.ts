import type { Client } from 'pg';
import type { GuardNote, RehearsedFile } from './rehearse.js';

/** Something that was there before the rehearsal and would not be there, or not be the same, after it. */
export interface Loss {
  /** `rows` for deleted ones, `values` for rows that are changed or written anew in a way the guard refuses, `protection`; else what is dropped. */
  readonly kind: string;
  /** As it is named now. */
  readonly name: string;
  /** Rows in it now, or rows deleted or changed; null where there is nothing to count. */
  readonly rows: number | null;
  /** For a column: how many rows have a value in it. For deleted or changed rows: of how many. */
  readonly of: number | null;
  /** What the guard says to it; null for what the guard lets pass. */
  readonly sentence: string | null;
  /** Line of the statement in the file; null where no single statement is known. */
  readonly line: number | null;
}

interface Thing {
  readonly class: string;
  readonly id: number | string;
  readonly sub?: number;
  readonly kind: string;
  readonly rows?: number;
  readonly change?: string;
  readonly note: GuardNote;
}

interface Counted {
  readonly class: string;
  readonly id: string;
  readonly sub: number;
  readonly name: string;
  readonly rows: string | null;
  readonly filled: string | null;
}

/** The things a note is about, by their place in the catalogue (drizzle/init/7_guard_triggers.sql says what it notes). */
function thingsOf(note: GuardNote): Thing[] {
  const took = (note.took ?? {}) as Record<string, unknown> | Record<string, unknown>[];
  if (Array.isArray(took)) {
    const kind = note.code === 'TRUNCATE_REFUSED' ? 'rows' : note.code === 'PROTECTION_REFUSED' ? 'protection' : undefined;
    return took.map((thing) => ({ ...(thing as unknown as Thing), kind: kind ?? String(thing.kind), note }));
  }
  const isDelete = note.code === 'MASS_CHANGE_REFUSED' && note.command === 'DELETE';
  return [
    {
      class: 'pg_class',
      id: took.id as number,
      kind: isDelete ? 'rows' : 'values',
      rows: took.rows === null ? undefined : Number(took.rows),
      note,
    },
  ];
}

const keyOf = ({ class: of, id, sub }: { class: string; id: number | string; sub?: number }): string => `${of}:${id}:${sub ?? 0}`;

/**
 * What each file would lose of that which is there now. What the files themselves make and take away again is no loss.
 * @param snapshot a session with a snapshot from before the rehearsal, which is over by now.
 */
export async function lossesOf(rehearsed: readonly RehearsedFile[], snapshot: Client): Promise<Loss[][]> {
  const things = rehearsed.map(({ notes }) => notes.flatMap(thingsOf));
  const deleted = rehearsed.map(({ rows }) => rows.filter((row) => row.deleted > 0));
  const asked = [
    ...things
      .flat()
      .filter(({ id }) => id)
      .map(({ class: of, id, sub = 0 }) => ({ class: of, id: Number(id), sub })),
    ...deleted.flat().map(({ id }) => ({ class: 'pg_class', id: Number(id), sub: 0 })),
  ];
  if (things.flat().length === 0 && asked.length === 0) return rehearsed.map(() => []);
  const unique = [...new Map(asked.map((one) => [keyOf(one), one])).values()];
  const { rows } = await snapshot.query<Counted>(
    `/* db:countLost */ select class, id::text, sub, name, rows::text, filled::text from guard.count_lost($1)`,
    [JSON.stringify(unique)],
  );
  const counted = new Map(rows.map((one) => [keyOf(one), one]));
  return rehearsed.map((one, index) => [
    ...lossesOfNotes(one, things[index] ?? [], counted),
    ...lossesOfDeletes(deleted[index] ?? [], things[index] ?? [], counted),
  ]);
}

function lossesOfNotes({ file }: RehearsedFile, things: readonly Thing[], counted: ReadonlyMap<string, Counted>): Loss[] {
  // A TRUNCATE asks the guard once for each table of its cascade.
  const once = new Map(things.map((thing) => [`${thing.kind} ${keyOf(thing)} ${thing.change ?? ''}`, thing]));
  return [...once.values()].flatMap((thing): Loss[] => {
    const found = counted.get(keyOf(thing));
    // What is not known to be new counts as lost.
    if (!thing.id)
      return [{ kind: thing.kind, name: thing.note.sentence, rows: null, of: null, sentence: thing.note.sentence, line: null }];
    // Deleted rows are told from the server's counters, which also know of those that the guard lets pass.
    if (!found || (thing.kind === 'rows' && thing.note.code === 'MASS_CHANGE_REFUSED')) return [];
    const all = found.rows === null ? null : Number(found.rows);
    const common = { name: found.name, sentence: thing.note.sentence, line: lineOf(file.sql, thing.note.statement.offset) };
    if (thing.kind === 'protection')
      return [{ kind: 'protection', rows: null, of: null, ...common, name: thing.change ?? found.name }];
    if (thing.kind === 'column') return [{ kind: 'column', rows: all, of: Number(found.filled), ...common }];
    if (thing.kind === 'values')
      return all ? [{ kind: 'values', rows: Math.min(thing.rows ?? all, all), of: all, ...common }] : [];
    if (thing.kind === 'rows') return all ? [{ kind: 'rows', rows: all, of: all, ...common }] : [];
    return [{ kind: thing.kind, rows: thing.kind === 'table' ? all : null, of: null, ...common }];
  });
}

function lossesOfDeletes(
  deleted: readonly { id: string; deleted: number }[],
  things: readonly Thing[],
  counted: ReadonlyMap<string, Counted>,
): Loss[] {
  return deleted.flatMap((change): Loss[] => {
    const found = counted.get(keyOf({ class: 'pg_class', id: change.id }));
    const all = Number(found?.rows ?? 0);
    const isTold = things.some(
      ({ kind, note, id, sub }) => String(id) === change.id && !sub && (kind === 'table' || note.code === 'TRUNCATE_REFUSED'),
    );
    if (!found || all === 0 || isTold) return [];
    const note = things.find(({ kind, id }) => kind === 'rows' && String(id) === change.id)?.note;
    return [
      {
        kind: 'rows',
        name: found.name,
        rows: Math.min(change.deleted, all),
        of: all,
        sentence: note?.sentence ?? null,
        line: null,
      },
    ];
  });
}

const lineOf = (sql: string, offset: number): number => sql.slice(0, offset).split('\n').length;

const number = (value: number): string => value.toLocaleString('en-US');
const counted = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

/** One loss in words: `table case_management.parties (4,120 rows)`. */
export function describeLoss({ kind, name, rows, of }: Loss): string {
  if (kind === 'rows') return `${number(rows ?? 0)} of the ${counted(of ?? 0, 'row')} of ${name}`;
  if (kind === 'values') return `values in ${number(rows ?? 0)} of the ${counted(of ?? 0, 'row')} of ${name}`;
  if (kind === 'protection') return name;
  if (kind === 'column') return `column ${name} (${counted(rows ?? 0, 'row')}, ${number(of ?? 0)} with a value)`;
  return `${kind} ${name}${rows === null ? '' : ` (${counted(rows, 'row')})`}`;
}
