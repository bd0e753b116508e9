// Types of the key derivation that OpenSSH protects private keys with: the package has none of its own.
declare module 'bcrypt-pbkdf' {
  /** Writes the derived key into `key`; 0 where that worked. */
  export function pbkdf(
    password: Uint8Array,
    passwordLength: number,
    salt: Uint8Array,
    saltLength: number,
    key: Uint8Array,
    keyLength: number,
    rounds: number,
  ): number
}
