import type { FastifyRequest } from 'fastify';
import { isLoopbackAddress, isLoopbackName } from '../http/loopback.js';
import type { PageData } from './pageData.js';

/**
 * Returns the data that a page may show to a visitor. Sample tokens are for visitors on this machine: the connection comes from it, nothing forwarded the
 * request, and the page was asked for under a loopback name. A site whose own name leads here could read the page otherwise (DNS rebinding).
 */
export function dataFor(request: FastifyRequest, data: PageData): PageData {
  return isLocal(request) || data.sampleTokens.length === 0 ? data : { ...data, sampleTokens: [], tokensWithheld: true };
}

/** Headers that proxies add. One that adds none, and asks under a loopback name, can't be told from a browser on this machine. */
const forwardingHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

function isLocal({ ip, hostname, headers }: FastifyRequest): boolean {
  const isForwarded = forwardingHeaders.some((name) => headers[name] !== undefined);
  return !isForwarded && isLoopbackAddress(ip) && isLoopbackName(hostname);
}
