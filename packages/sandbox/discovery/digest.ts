// Tags of documents: texts that change with the document. Nobody takes them for a proof.

/** 128 hexadecimal digits, as many as the real server's. */
export function digest(text: string): string {
  const words = new Uint32Array(16)
  for (let word = 0; word < words.length; word++) words[word] = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b1)
  for (let at = 0; at < text.length; at++) {
    const word = at & 15
    // Each word sees every sixteenth character and its neighbour, so that a change anywhere is seen.
    words[word] =
      Math.imul((words[word] ?? 0) ^ text.charCodeAt(at), 0x01000193) ^ ((words[(word + 15) & 15] ?? 0) >>> 7)
  }
  return [...words]
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')
    .toUpperCase()
}
