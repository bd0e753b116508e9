// The two functions the core is given because it may not compute them itself: a digest and a mask for secrets.

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. Injected: the core has no cryptography. */
export type Digest = (text: string) => string

/**
 * A stable mark for a secret value: equal values give equal marks, and the mark tells nothing of the value. Keyed
 * (HMAC), because a plain digest of a weak password can be guessed.
 */
export type Mask = (value: string) => string
