/** The teams that own tables; each has its own schema, its own deployer and its own app role. */
export const bailiwicks = ['shared_tables', 'case_management', 'audit_system'] as const;
export type Bailiwick = (typeof bailiwicks)[number];

/** The PostgreSQL roles that log in, apart from the operator. */
export const loginRoles = [
  'shared_tables_app',
  'shared_tables_deployer',
  'case_management_app',
  'case_management_deployer',
  'audit_system_app',
  'audit_system_deployer',
  'backup_reader',
] as const;
export type LoginRole = (typeof loginRoles)[number];

/** Passwords. A role that is absent is one whose password somebody else keeps, or one that needs none on this server. */
export interface Credentials {
  readonly superuser?: string;
  readonly roles: Readonly<Partial<Record<LoginRole, string>>>;
}

/** The role that runs a bailiwick's migrations. */
export function deployerOf(owner: Bailiwick): LoginRole {
  return `${owner}_deployer`;
}

/** The schema that holds a bailiwick's tables. */
export function schemaOf(owner: Bailiwick): string {
  return owner === 'shared_tables' ? 'public' : owner;
}

/** What the embedded server keeps for its roles, the operator `postgres` among them. */
export function fromEmbedded({ postgres, ...roles }: Readonly<Record<LoginRole | 'postgres', string>>): Credentials {
  return { superuser: postgres, roles };
}
