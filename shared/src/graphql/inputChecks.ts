import { AppError, shorten } from '../errors/AppError.js';
import { isUuid } from '../postgres/ids.js';

/** Several things that are wrong with one input, told together. */
export class InputErrors extends Error {
  readonly errors: readonly AppError[];

  constructor(errors: readonly AppError[]) {
    super(errors.map((error) => error.message).join(' '));
    this.name = 'InputErrors';
    this.errors = errors;
  }
}

export interface TextCheck {
  /** The subject of a message, for example `The title`. */
  readonly what: string;
  /** In characters. An index takes about 2,700 bytes at the most. */
  readonly most: number;
  /** The next step where the text is empty, as a full sentence. */
  readonly hint?: string;
}

/** Collects what is wrong with the input of a mutation, so that the caller is told everything at once. `field` is a path below `input`. */
export class InputChecks {
  readonly #errors: AppError[] = [];

  /** Notes that a field can't be used; `hint` says what to do next. */
  refuse(field: string, message: string, hint: string): void {
    this.#errors.push(new AppError('BAD_USER_INPUT', message, { field: `input.${field}`, hint }));
  }

  /** Returns the text without the space around it. Refuses an empty one and one that is too long. */
  text(field: string, text: string, { what, most, hint }: TextCheck): string {
    const trimmed = text.trim();
    const { length } = trimmed;
    const range = `Give 1 to ${most} characters.`;
    if (length === 0) this.refuse(field, `${what} is empty.`, hint ?? range);
    if (length > most) this.refuse(field, `${what} has ${length} characters.`, range);
    return trimmed;
  }

  /** The same for a text that may be absent. */
  optionalText<Absent extends null | undefined>(field: string, text: string | Absent, check: TextCheck): string | Absent {
    return typeof text === 'string' ? this.text(field, text, check) : text;
  }

  /** Returns why something is done. Refuses fewer than five characters: what is typed only to get past the field is no reason. */
  reason(reason: string): string {
    const trimmed = this.text('reason', reason, { what: 'The reason', most: 2_000, hint: 'Say in a few words why.' });
    if (trimmed.length > 0 && trimmed.length < 5)
      this.refuse('reason', `The reason "${trimmed}" is too short.`, 'Say in a few words why: 5 to 2000 characters.');
    return trimmed;
  }

  /** Refuses null for a field that may be left out, and can't be emptied. */
  notNull(field: string, value: unknown): void {
    if (value === null) this.refuse(field, `The ${field} is null.`, 'Leave it out to keep it as it is, or give a value.');
  }

  /** Returns an id in lower case, as PostgreSQL writes it; null where none is given. Refuses what is no UUID. */
  id(field: string, id: string | null | undefined): string | null {
    if (id == null) return null;
    if (!isUuid(id))
      this.refuse(field, `"${shorten(id)}" is not an id.`, 'Use an id that the graph gave out: a UUID of 36 characters.');
    return id.toLowerCase();
  }

  /** Returns a day. Refuses one that has not begun anywhere on earth (UTC+14 has it first). `what` is the subject of the message. */
  pastDay<Absent extends null | undefined>(field: string, day: string | Absent, what: string): string | Absent {
    const latest = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
    if (typeof day === 'string' && day > latest)
      this.refuse(field, `${what} is ${day}, which lies ahead.`, 'Give today or an earlier day.');
    return day;
  }

  /** Returns a list, empty where none is given. Refuses one with more than `most` entries, and returns none of them then. `what` are the entries. */
  list<Entry>(field: string, list: readonly Entry[] | null | undefined, what: string, most: number): readonly Entry[] {
    const { length } = (list ??= []);
    if (length <= most) return list;
    this.refuse(field, `${length} ${what} are given.`, `Give at most ${most}.`);
    return [];
  }

  /** Throws InputErrors where anything was refused. */
  done(): void {
    if (this.#errors.length > 0) throw new InputErrors(this.#errors);
  }
}
