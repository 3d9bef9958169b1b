/** How long a rehearsal may stand in other people's way, in milliseconds; 0 is no limit. */
export interface RehearsalLimits {
  /** For a lock that somebody else holds. While we wait for it, everybody who comes after us waits too. */
  readonly lock: number;
  /** For one statement. */
  readonly statement: number;
}

export const defaultLimits: RehearsalLimits = { lock: 2_000, statement: 60_000 };
