import { newId } from '@bailiwick/kernel/postgres';
import { withSession } from '@bailiwick/database/setup/connect';
import type { TestDatabase } from './database.js';

/** Columns in camel case with their values. */
export type SeedValues = Record<string, unknown>;

/**
 * Rows for a test, named as the test speaks of them and written as superuser:
 * `const rows = seed(database).orgUnit('hq').person('ann', { roles: ['Lawyer'], orgUnit: 'hq' }); await rows.write(); rows.id('ann')`.
 */
export function seed(database: TestDatabase): Seed {
  return new Seed(database);
}

export class Seed {
  readonly #database: TestDatabase;
  readonly #ids = new Map<string, string>();
  #pending: { table: string; values: SeedValues }[] = [];

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  /** The id of a named row. */
  id(name: string): string {
    const found = this.#ids.get(name);
    if (found === undefined) throw new Error(`No row is named "${name}" in this seed.`);
    return found;
  }

  /** Any row. Keys are columns in camel case; `name` makes its id known. */
  row(table: string, name: string, values: SeedValues): this {
    const id = (values['id'] as string | undefined) ?? newId();
    this.#ids.set(name, id);
    this.#pending.push({ table, values: { ...values, id } });
    return this;
  }

  orgUnit(name: string, { parent, ...values }: SeedValues & { parent?: string } = {}): this {
    return this.row('public.org_units', name, { code: name, name, parentId: this.#idOrNull(parent), ...values });
  }

  person(name: string, { orgUnit, ...values }: SeedValues & { orgUnit?: string; roles?: string[] } = {}): this {
    return this.row('public.people', name, { fullName: name, roles: [], orgUnitId: this.#idOrNull(orgUnit), ...values });
  }

  notification(name: string, { recipient, ...values }: SeedValues & { recipient: string }): this {
    return this.row('public.notifications', name, {
      recipientId: this.id(recipient),
      system: 'case_management',
      title: name,
      ...values,
    });
  }

  legalCase(name: string, { orgUnit, ...values }: SeedValues & { orgUnit?: string } = {}): this {
    return this.row('case_management.legal_cases', name, { title: name, orgUnitId: this.#idOrNull(orgUnit), ...values });
  }

  /** Somebody's work on the case; `values` may end it or give another role than member. */
  assign(legalCase: string, person: string, values: SeedValues = {}): this {
    return this.onCase('case_assignments', legalCase, `${person} on ${legalCase}`, { personId: this.id(person), ...values });
  }

  party(legalCase: string, name: string, values: SeedValues = {}): this {
    return this.onCase('parties', legalCase, name, { name, ...values });
  }

  /** A row of a table whose rows hang on a case, for example `case_events`. */
  onCase(table: string, legalCase: string, name: string, values: SeedValues): this {
    // The trigger of the table fills the true value in.
    return this.row(`case_management.${table}`, name, { caseId: this.id(legalCase), caseIsRestricted: false, ...values });
  }

  engagement(name: string, { orgUnit, lead, ...values }: SeedValues & { orgUnit?: string; lead?: string } = {}): this {
    const ids = { orgUnitId: this.#idOrNull(orgUnit), leadId: this.#idOrNull(lead) };
    return this.row('audit_system.engagements', name, { title: name, ...ids, ...values });
  }

  /** Somebody who works on the engagement. */
  member(engagement: string, person: string, values: SeedValues = {}): this {
    const ids = { engagementId: this.id(engagement), personId: this.id(person) };
    return this.row('audit_system.engagement_members', `${person} on ${engagement}`, { ...ids, ...values });
  }

  workpaper(name: string, { engagement, ...values }: SeedValues & { engagement: string }): this {
    return this.row('audit_system.workpapers', name, { title: name, engagementId: this.id(engagement), ...values });
  }

  evidence(name: string, { workpaper, ...values }: SeedValues & { workpaper: string }): this {
    const row = { workpaperId: this.id(workpaper), fileName: name, filePath: `/files/${name}`, ...values };
    return this.row('audit_system.evidence', name, row);
  }

  finding(name: string, { engagement, ...values }: SeedValues & { engagement: string }): this {
    return this.row('audit_system.findings', name, { title: name, engagementId: this.id(engagement), ...values });
  }

  recommendation(name: string, { finding, owner, ...values }: SeedValues & { finding: string; owner?: string }): this {
    const ids = { findingId: this.id(finding), ownerPersonId: this.#idOrNull(owner) };
    return this.row('audit_system.recommendations', name, { recommendationText: name, ...ids, ...values });
  }

  actionPlan(name: string, { recommendation, owner, ...values }: SeedValues & { recommendation: string; owner?: string }): this {
    const ids = { recommendationId: this.id(recommendation), ownerPersonId: this.#idOrNull(owner) };
    return this.row('audit_system.action_plans', name, { actionText: name, ...ids, ...values });
  }

  /** The recommendation bears on the case; the case may be a named row, or any id. */
  caseLink(recommendation: string, legalCase: string, values: SeedValues = {}): this {
    const ids = { recommendationId: this.id(recommendation), legalCaseId: this.#ids.get(legalCase) ?? legalCase };
    return this.row('audit_system.recommendation_case_links', `${recommendation} to ${legalCase}`, { ...ids, ...values });
  }

  /** Writes what is new since the last time, in the order it was named. */
  async write(): Promise<this> {
    const rows = this.#pending;
    this.#pending = [];
    await withSession(this.#database.operatorUrl, 'seed', async (client) => {
      await client.query('begin');
      for (const { table, values } of rows) {
        const columns = Object.keys(values).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
        const parameters = columns.map((_column, index) => `$${index + 1}`);
        const statement = `insert into ${table} (${columns.join(', ')}) values (${parameters.join(', ')})`;
        await client.query(statement, Object.values(values));
      }
      await client.query('commit');
    });
    return this;
  }

  /** Runs one statement as superuser, for what no application role may do. */
  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return withSession(this.#database.operatorUrl, 'seed', async (client) => {
      const { rows } = await client.query<Record<string, unknown>>(text, values);
      return rows;
    });
  }

  #idOrNull(name: string | undefined): string | null {
    return name === undefined ? null : this.id(name);
  }
}
