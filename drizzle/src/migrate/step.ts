import { AppError } from '@bailiwick/kernel/errors';

/** The steps of `migrate`, in their order. */
export const steps = [
  'lock',
  'checksums',
  'check',
  'plan',
  'approval',
  'backup',
  'restore point',
  'apply',
  'verify',
  'record',
] as const;
export type Step = (typeof steps)[number];

/** Runs one step; its error says which one it was. */
export async function atStep<T>(step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.step !== undefined) throw error;
    const { code, message, hint, field, cause } = error;
    throw new AppError(code, message, { hint, field, cause, step });
  }
}
