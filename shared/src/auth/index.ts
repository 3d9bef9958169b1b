export { createTokenVerifier } from './identity.js';
export type { Caller, TokenSettings, VerifyToken } from './identity.js';
