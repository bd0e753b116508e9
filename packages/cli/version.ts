// The version of this program.
import manifest from './package.json' with { type: 'json' }

/** As in the package. */
export const VERSION: string = manifest.version
