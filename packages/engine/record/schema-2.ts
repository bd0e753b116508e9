// The second step: what is written down on this machine of how repositories are reached.

/** Names in clear, so that they can be found; everything else is encrypted. */
export const SCHEMA_2 = `
CREATE TABLE accesses (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
`
