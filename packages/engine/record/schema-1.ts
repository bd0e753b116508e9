// The tables of the record database, version 1. Published: changes are further migrations, never edits here.

/** SQL of migration 1. */
export const SCHEMA_1 = `
-- Facts about this database itself: the fingerprint of its key.
CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One application in one cluster: what every other record belongs to.
CREATE TABLE apps (
  id INTEGER PRIMARY KEY,
  cluster TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  next_history INTEGER NOT NULL DEFAULT 0,
  UNIQUE (cluster, namespace, name)
) STRICT;

-- What is recorded as ours. namespace '' means cluster-scoped.
CREATE TABLE inventory (
  app INTEGER NOT NULL REFERENCES apps (id),
  api_group TEXT NOT NULL,
  kind TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  api_version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intended', 'applied', 'deleting')),
  uid TEXT,
  wave INTEGER NOT NULL,
  position INTEGER NOT NULL,
  origin_file TEXT NOT NULL,
  origin_document INTEGER NOT NULL,
  origin_line INTEGER,
  commit_id TEXT NOT NULL,
  source_digest TEXT NOT NULL,
  digest TEXT NOT NULL,
  adopted INTEGER NOT NULL CHECK (adopted IN (0, 1)),
  prune_option TEXT NOT NULL CHECK (prune_option IN ('yes', 'no', 'confirm')),
  delete_option TEXT NOT NULL CHECK (delete_option IN ('yes', 'no', 'confirm')),
  PRIMARY KEY (app, api_group, kind, namespace, name),
  CHECK ((state = 'intended') = (uid IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX inventory_by_uid ON inventory (uid) WHERE uid IS NOT NULL;

-- Application manifests by the digest of their spec, encrypted: Helm values may hold secrets.
CREATE TABLE applications (
  digest TEXT NOT NULL PRIMARY KEY,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
  id TEXT NOT NULL PRIMARY KEY,
  app INTEGER NOT NULL REFERENCES apps (id),
  at TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX plans_by_app ON plans (app, at);

CREATE TABLE approvals (
  plan TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  accepts TEXT NOT NULL,
  PRIMARY KEY (plan, by)
) STRICT, WITHOUT ROWID;

-- pid and host name the process that runs (or ran) it, for messages; whether it lives is told by its lock.
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  app INTEGER NOT NULL REFERENCES apps (id),
  plan TEXT NOT NULL,
  by TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'stale')),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
) STRICT;
CREATE UNIQUE INDEX runs_open ON runs (app) WHERE outcome IS NULL;
CREATE INDEX runs_by_plan ON runs (plan);

CREATE TABLE events (
  run TEXT NOT NULL REFERENCES runs (id),
  seq INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  app INTEGER NOT NULL REFERENCES apps (id),
  id INTEGER NOT NULL,
  plan TEXT NOT NULL,
  revisions TEXT NOT NULL,
  application TEXT NOT NULL,
  started_at TEXT NOT NULL,
  deployed_at TEXT NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (app, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_plan ON history (plan);

-- Objects as they were before a destructive step; the object itself is encrypted.
CREATE TABLE trash (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  app INTEGER NOT NULL REFERENCES apps (id),
  api_group TEXT NOT NULL,
  kind TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  api_version TEXT NOT NULL,
  uid TEXT NOT NULL,
  plan TEXT NOT NULL,
  step TEXT NOT NULL,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  entry TEXT,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX trash_by_app ON trash (app);
CREATE INDEX trash_by_plan ON trash (plan);

-- Answers of dry runs, encrypted: one a manifest and cluster, for the resourceVersion that was asked about last.
CREATE TABLE dry_runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  cluster TEXT NOT NULL,
  digest TEXT NOT NULL,
  resource_version TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (cluster, digest)
) STRICT;
`
