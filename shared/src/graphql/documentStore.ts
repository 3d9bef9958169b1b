import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode } from 'graphql';

/**
 * The size limit in bytes of the documents as JSON. A parsed document takes four times its JSON on the heap (measured 2026-11-30), so the limit is
 * about 16 MB of heap. Apollo Server's default of 30 MiB would be about 120 MB, and a client fills it with documents that differ in a name.
 */
const maxSize = 4 * 1024 * 1024;

/** Creates the cache in which Apollo Server keeps parsed and validated documents. The least recently used document leaves first. */
export function createDocumentStore(): InMemoryLRUCache<DocumentNode> {
  return new InMemoryLRUCache<DocumentNode>({ maxSize });
}
