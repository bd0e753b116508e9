// The hashes of OpenSSH's known_hosts, for the core, which may not compute them.
import { createHash, createHmac } from 'node:crypto'
import type { HostHashes } from '@mainstay/core/repository/known-hosts.ts'

/** By node:crypto. */
export const HOST_HASHES: HostHashes = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
  hmacSha1: (key, text) => createHmac('sha1', key).update(text).digest('base64'),
}
