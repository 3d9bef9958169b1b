/** What an engagement looks at. */
export type AuditTopic = 'payroll' | 'procurement' | 'revenue' | 'assets' | 'systems' | 'claims' | 'records' | 'fleet' | 'grants';

/**
 * One thing that auditors find. `{unit}` is the audited unit; `{number}`, `{total}` (the larger one), `{few}`, `{amount}`, `{year}` and
 * `{place}` are drawn.
 */
export interface FindingTheme {
  topic: AuditTopic;
  impactArea: string;
  titles: readonly string[];
  conditions: readonly string[];
  criteria: readonly string[];
  causes: readonly string[];
  effects: readonly string[];
  recommendations: readonly string[];
  actions: readonly string[];
}
