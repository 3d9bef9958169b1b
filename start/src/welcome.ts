import type { SampleToken } from './sampleTokens.js';
import type { System } from './system.js';

/** What `npm start` prints last: tokens to sign in with, then where to go, and a line to paste. */
export function welcome({ url, sampleTokens, hasSignIn, hasPages }: Omit<System, 'failed' | 'stop'>): string {
  const lines = [
    '',
    ...(sampleTokens.length > 0 ? tokens(sampleTokens) : []),
    `The graph answers at          ${url}/graphql`,
    ...(hasPages ? [`Apollo Sandbox                ${url}/`, `An explorer without internet  ${url}/explorer`] : []),
    '',
    ...(sampleTokens.length > 0 ? ['Paste this:', '', curl(url, lawyerOf(sampleTokens).token)] : [howToSignIn(hasSignIn)]),
  ];
  return `${lines.join('\n')}\n`;
}

function howToSignIn(hasSignIn: boolean): string {
  return hasSignIn
    ? 'Send the tokens of your sign-in system: Authorization: Bearer <token>.'
    : 'This database holds no sample people, and no sign-in system is configured. Set BAILIWICK_JWKS_URL or BAILIWICK_JWT_PUBLIC_KEY.';
}

function tokens(sampleTokens: readonly SampleToken[]): string[] {
  return [
    'Tokens of the sample people, good for 7 days:',
    '',
    ...sampleTokens.flatMap(({ label, token }) => [`${label}:`, token, '']),
  ];
}

function lawyerOf(sampleTokens: readonly SampleToken[]): SampleToken {
  return sampleTokens.find(({ role }) => role === 'Lawyer') ?? sampleTokens[0]!;
}

function curl(url: string, token: string): string {
  const query =
    '{ me { fullName roles } legalCases(first: 3) { totalCount nodes { caseNumber title lead { fullName orgUnit { name } } } } }';
  return `curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${JSON.stringify({ query })}'`;
}
