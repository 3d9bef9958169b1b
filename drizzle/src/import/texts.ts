import { derivedId } from './derivedId.js';
import type { Condition, TextSpec } from './mappingSchema.js';
import { columnIndex } from './sourceFiles.js';
import type { Bindings } from './sql.js';

/** A text that SQL makes from a staged row, and the CSV columns it is made of, for messages. */
export interface TextSql {
  sql: string;
  label: string;
}

export interface TextSourceOptions {
  header: string[];
  quotedEmpty: 'empty' | 'nothing';
  /** The column that names a row's predecessor, for a source whose rows are chains. */
  chainParent: string | undefined;
}

/** The staged source that texts are read from, `s` in SQL; it gathers the columns that the file lacks, so that all are told at once. */
export class TextSource {
  readonly missing = new Set<string>();
  readonly bindings: Bindings;
  readonly #options: TextSourceOptions;

  constructor(options: TextSourceOptions, bindings: Bindings) {
    this.#options = options;
    this.bindings = bindings;
  }

  get header(): string[] {
    return this.#options.header;
  }

  private isChainColumn(name: string): boolean {
    return this.#options.chainParent !== undefined && (name === 'chain.root' || name === 'chain.position');
  }

  /** The column as SQL; an optional column that is absent is NULL. */
  column(name: string, isOptional = false): string {
    if (this.isChainColumn(name)) return `s.${name.replace('.', '_')}`;
    const index = columnIndex(this.header, name);
    if (index >= 0) return this.#options.quotedEmpty === 'nothing' ? `nullif(s.c${index}, '')` : `s.c${index}`;
    if (!isOptional) this.missing.add(name);
    return 'null::text';
  }

  /** Alternatives are older and later names of one column: at least one must be there. */
  private anyColumn(names: string[], isOptional: boolean): TextSql {
    if (names[0] !== undefined && this.isChainColumn(names[0]))
      return { sql: this.column(names[0]), label: this.#options.chainParent ?? '' };
    const present = names.filter((name) => columnIndex(this.header, name) >= 0);
    const label = present[0] ?? names[0] ?? '';
    if (present.length > 1) return { sql: `coalesce(${present.map((name) => this.column(name)).join(', ')})`, label };
    return { sql: this.column(label, isOptional), label };
  }

  /** A template is NULL when one of its columns is: half a key is no key. */
  private template(template: string, isOptional: boolean): TextSql {
    const names: string[] = [];
    const parts = template.split(/(\{[^}]+\})/).filter((part) => part !== '');
    const sql = parts.map((part) => {
      if (!part.startsWith('{')) return this.bindings.text(part);
      // {File No|Case No}: older and later names of one column.
      const column = this.anyColumn(part.slice(1, -1).split('|'), isOptional);
      names.push(column.label);
      return column.sql;
    });
    return { sql: `(${sql.join(' || ')})`, label: names.join(' + ') };
  }

  text(spec: TextSpec): TextSql {
    const origin = this.origin(spec);
    let { sql } = origin;
    if (spec.split) {
      const divider = spec.split.at.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
      sql = `nullif(btrim((regexp_split_to_array(${sql}, ${this.bindings.text(divider)}, 'i'))[${spec.split.part}]), '')`;
    }
    if (spec.extract !== undefined) sql = `substring(${sql} from ${this.bindings.text(spec.extract)})`;
    if (spec.trim) sql = `btrim(${sql})`;
    if (spec.idOf !== undefined) sql = `${derivedId(spec.idOf, sql)}::text`;
    return { sql, label: origin.label };
  }

  private origin(spec: TextSpec): TextSql {
    const isOptional = spec.optional ?? false;
    if (spec.column) return this.anyColumn(spec.column, isOptional);
    if (spec.template !== undefined) return this.template(spec.template, isOptional);
    if (spec.earliest) {
      const dates = spec.earliest.map((name) => `left(nullif(btrim(${this.column(name, isOptional)}), ''), 10)`);
      return { sql: `least(${dates.join(', ')})`, label: spec.earliest.join(' + ') };
    }
    return { sql: spec.value === null || spec.value === undefined ? 'null::text' : this.bindings.text(spec.value), label: '' };
  }

  /** The condition as SQL that is true or false, never NULL. */
  condition(condition: Condition): string {
    const value = this.column(condition.column, true);
    const { bindings } = this;
    if (condition.is) return `coalesce(${alike(value)} = any (${bindings.texts(condition.is.map(alikeText))}), false)`;
    if (condition.isNot) return `coalesce(${alike(value)} <> all (${bindings.texts(condition.isNot.map(alikeText))}), true)`;
    if (condition.matches !== undefined) return `coalesce(${value} ~ ${bindings.text(condition.matches)}, false)`;
    return `(nullif(btrim(${value}), '') is ${condition.present ? 'not ' : ''}null)`;
  }
}

/** Two spellings of one word are alike: case does not count, and space, hyphen and underscore are one. */
export const alike = (sql: string): string => `translate(lower(btrim(${sql})), ' -', '__')`;
export const alikeText = (text: string): string => text.trim().toLowerCase().replace(/[ -]/g, '_');
