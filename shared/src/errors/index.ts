export { AppError, causesOf, findAppError, shorten } from './AppError.js';
export { errorCatalogue } from './catalogue.js';
export type { ErrorCode } from './catalogue.js';
