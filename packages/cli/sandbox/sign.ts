// Signs the tokens of a sandbox: with a secret of its own, which its seed does not tell.
import { createHmac, randomBytes } from 'node:crypto'
import type { Sign } from '@mainstay/sandbox/verbs/target.ts'

/** A signature by a fresh secret: HMAC-SHA-256, as `HS256` of a JSON Web Token says. */
export function freshSign(): Sign {
  const secret = randomBytes(32)
  return (text) => createHmac('sha256', secret).update(text).digest('base64url')
}
