import pg from 'pg';

/** Quotes an identifier, schema and name apart: `public.people` becomes `"public"."people"`. */
export function quoteName(name: string): string {
  return name.split('.').map(pg.escapeIdentifier).join('.');
}

/** Quotes a text that this code itself wrote. What comes from a mapping or a file is bound, never quoted. */
export const quoteText = pg.escapeLiteral;

/** Collects the values of one statement: `bind` keeps the value and returns the placeholder that stands for it. */
export class Bindings {
  readonly values: unknown[] = [];
  readonly #known = new Map<string, string>();

  /** A text value, the same placeholder for the same text. */
  text(value: string): string {
    return this.#once(`t${value}`, value, 'text');
  }

  texts(values: readonly string[]): string {
    return this.#once(`a${JSON.stringify(values)}`, values, 'text[]');
  }

  #once(key: string, value: unknown, type: string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.values.push(value);
    const placeholder = `$${this.values.length}::${type}`;
    this.#known.set(key, placeholder);
    return placeholder;
  }
}

export interface Statement {
  text: string;
  values: unknown[];
}

/** A statement with the values that its text really names, numbered anew: PostgreSQL refuses a parameter whose type nothing tells. */
export function statement(text: string, bindings: Bindings): Statement {
  const used: unknown[] = [];
  const numbers = new Map<string, number>();
  const renumbered = text.replace(/\$(\d+)(::text(?:\[\])?)/g, (_match, number: string, type: string) => {
    let place = numbers.get(number);
    if (place === undefined) {
      used.push(bindings.values[Number(number) - 1]);
      place = used.length;
      numbers.set(number, place);
    }
    return `$${place}${type}`;
  });
  return { text: renumbered, values: used };
}
