// The tag of a container image, which decides how often it is pulled.

/** The tag of an image's name; `latest` where it has neither tag nor digest, empty where it has only a digest. */
export function imageTag(image: string): string {
  const at = image.indexOf('@')
  const name = at === -1 ? image : image.slice(0, at)
  const last = name.slice(name.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  if (colon !== -1) return last.slice(colon + 1)
  // A name that cannot be read at all has no tag either.
  return at === -1 && isReadable(image) ? 'latest' : ''
}

const NAME =
  /^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/

function isReadable(image: string): boolean {
  return NAME.test(image)
}

/** `Always` for `latest`, else `IfNotPresent`. */
export function pullPolicy(image: string): string {
  return imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent'
}
