PRAGMA application_id = 1299412050;
PRAGMA user_version = 1;
BEGIN;
CREATE TABLE migrations (
           version INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, at TEXT NOT NULL
         ) STRICT;
CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE apps (
  id INTEGER PRIMARY KEY,
  cluster TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  next_history INTEGER NOT NULL DEFAULT 0,
  UNIQUE (cluster, namespace, name)
) STRICT;
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
CREATE TABLE approvals (
  plan TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  accepts TEXT NOT NULL,
  PRIMARY KEY (plan, by)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE dry_runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  cluster TEXT NOT NULL,
  digest TEXT NOT NULL,
  resource_version TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (cluster, digest)
) STRICT;
INSERT INTO migrations (version, name, digest, at) VALUES (1, 'tables of the first version', '169749741e7bb452e330558ced37486cb1accaa60851cf5235af9b52d08125ac', '2026-03-01T12:00:00.000Z');
INSERT INTO settings (name, value) VALUES ('key', '3b3dc19c555795d1');
INSERT INTO apps (id, cluster, namespace, name, next_history) VALUES (1, 'cluster-1', 'argocd', 'shop', 2);
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, '', 'Namespace', '', 'o''shop', 'apps/v1', 'applied', 'uid-x', 0, 0, 'shop/web.yaml', 1, 3, 'c0ffee', 'source-1', 'digest-1', 0, 'yes', 'confirm');
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, 'apps', 'Deployment', 'shop', 'db', 'apps/v1', 'deleting', 'uid-db', 0, 0, 'db.yaml', 2, NULL, 'c0ffee', 'source-1', 'digest-1', 0, 'yes', 'confirm');
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, 'apps', 'Deployment', 'shop', 'new', 'apps/v1', 'intended', NULL, 0, 1, 'shop/web.yaml', 1, 3, 'c0ffee', 'source-1', 'digest-1', 0, 'yes', 'confirm');
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, 'apps', 'Deployment', 'shop', 'web', 'apps/v1', 'applied', 'uid-web', 1, 2, 'shop/web.yaml', 1, 3, 'c0ffee', 'source-1', 'digest-1', 1, 'no', 'confirm');
INSERT INTO applications (digest, sealed) VALUES ('spec-1', X'01465d5f974e582078a1487b382e66419637ac26fc296a0c36c3f606857cab81d2c9fd75b84ad8d424f8c69e50fde07d7b3e265112458b8a88eb46e5d4a6c245caf00580c2af8c39d10abbe12fe2b060ac07826104123fddffad3df530627f1889e4c8ff2317');
INSERT INTO plans (id, app, at, body) VALUES ('1111aaaa', 1, '2026-03-01T12:01:00.000Z', '{"schema":"mainstay.dev/plan/v1","id":"1111aaaa","app":{"namespace":"argocd","name":"shop"},"project":"default","intent":{"kind":"sync","prune":true,"only":[],"revision":null},"cluster":{"id":"cluster-1","name":"test","server":"https://127.0.0.1:6443"},"namespace":"shop","revisions":[{"commit":"c0ffee","subject":"first","author":"ann","committedAt":"2026-03-01T12:00:00.000Z"}],"basis":{"application":"spec-1","desired":"desired-1","inventory":"inventory-1","gaps":[]},"steps":[],"records":[],"findings":[],"verdict":"proceed","totals":{"objects":0,"same":0,"create":0,"update":0,"delete":0,"kept":0,"unseen":0}}');
INSERT INTO plans (id, app, at, body) VALUES ('2222bbbb', 1, '2026-03-01T12:02:00.000Z', '{"schema":"mainstay.dev/plan/v1","id":"2222bbbb","app":{"namespace":"argocd","name":"shop"},"project":"default","intent":{"kind":"restore","entries":["t"]},"cluster":{"id":"cluster-1","name":"test","server":"https://127.0.0.1:6443"},"namespace":"shop","revisions":[{"commit":"c0ffee","subject":"first","author":"ann","committedAt":"2026-03-01T12:00:00.000Z"}],"basis":{"application":"spec-1","desired":"desired-1","inventory":"inventory-1","gaps":[]},"steps":[],"records":[],"findings":[],"verdict":"proceed","totals":{"objects":0,"same":0,"create":0,"update":0,"delete":0,"kept":0,"unseen":0}}');
INSERT INTO approvals (plan, by, at, accepts) VALUES ('1111aaaa', 'ann', '2026-03-01T12:03:00.000Z', '["precious-kind core/x"]');
INSERT INTO runs (seq, id, app, plan, by, pid, host, started_at, ended_at, outcome) VALUES (1, '2b7b0bb9fc7fea7b', 1, '1111aaaa', 'ann', 4711, 'host-1', '2026-03-01T12:04:00.000Z', '2026-03-01T12:05:00.000Z', 'succeeded');
INSERT INTO events (run, seq, body) VALUES ('2b7b0bb9fc7fea7b', 1, '{"kind":"run-started","at":"2026-03-01T12:04:00.000Z","plan":"1111aaaa","by":"ann"}');
INSERT INTO events (run, seq, body) VALUES ('2b7b0bb9fc7fea7b', 2, '{"kind":"step-done","at":"2026-03-01T12:04:00.000Z","step":"apply x","result":{"kind":"created","uid":"u"}}');
INSERT INTO history (app, id, plan, revisions, application, started_at, deployed_at, by) VALUES (1, 1, '1111aaaa', '[{"commit":"c0ffee","subject":"first","author":"ann","committedAt":"2026-03-01T12:00:00.000Z"}]', 'spec-1', '2026-03-01T12:04:00.000Z', '2026-03-01T12:05:00.000Z', 'bob');
INSERT INTO trash (seq, id, app, api_group, kind, namespace, name, api_version, uid, plan, step, at, by, entry, sealed) VALUES (1, 'b2c5c750ecbbf27c', 1, '', 'Secret', 'shop', 'db', 'v1', 'uid-db', '1111aaaa', 'delete Secret/shop/db', '2026-03-01T12:00:00.000Z', 'ann', '{"ref":{"group":"apps","kind":"Deployment","namespace":"shop","name":"db"},"apiVersion":"apps/v1","state":{"kind":"applied","uid":"uid-db"},"wave":0,"order":0,"origin":{"file":"shop/web.yaml","document":1,"line":3},"commit":"c0ffee","sourceDigest":"source-1","digest":"digest-1","adopted":false,"prune":"yes","delete":"confirm"}', X'01826e6cdc73c63b31fab97232697a2b82e4318ffd4358e5b9b384f3a7dae30418a44177a67ea247d7f16e88c7e90550814a837e309c04789434b9368a46b13517abcf76b00c0e38d2391c0806e7cbe7042c599cdb359715bae2232238762210828e8e07e0ea90f08680ef128c246e7fc1dba317ad43da96e3ad3cd3999c530f6d7e106418a695ffc49ca539c887019752324aa65457e96153b131cf7f52490aa7fdd11f329914855bc9aba7464212a63816ef11f882e627e0a34f367e61a2');
INSERT INTO trash (seq, id, app, api_group, kind, namespace, name, api_version, uid, plan, step, at, by, entry, sealed) VALUES (2, '9c7e38d7eb714230', 1, '', 'Secret', 'shop', 'db', 'v1', 'uid-db', '1111aaaa', 'delete Secret/shop/db', '2026-03-01T12:00:00.000Z', 'ann', NULL, X'01a3fec73ca66cb4fc5b83a5c5e2c1a43a62c0aa4e9d8d6359d148c74807002737a628959ceff8ef6c1224d8a7ea61b9d12b4ba99d66b7c07c89d3a3e49c8cf46ef4ca1b05f1a8aa9b3fa5a17f463213a7d3779dc85dc79a26a3044db3223fdf91a16c421f9d878e85169344053785dc43ab5e6b7e63ee401de2540147528de9e7e42c9e307cd3ac54e03ea345f47dae3ed9b027dff9b3de6f80a213d5fbf4afe39932532b6d');
INSERT INTO dry_runs (seq, cluster, digest, resource_version, sealed) VALUES (1, 'cluster-1', 'digest-1', '7', X'01955df998ebbf4cf3844ec861ca440e5f47a6eb2f5b12b0280e64cf47557f76e25ef8c539695600bd3666796013c5469888af866e01a60b5025c8a5d2aaca7d16f20194aa97f7580a072a18873bed3623729c96b7f612c147859fbda6133b490fff2d7c347ee75cd25386d75830a885f188dcb94b5168fdab84b83e15ea4e988026de1d10e4e67dae3dcf09b1f35e227f621023045b948eefa1a26ed9b49c42f64cec0a4edab461b2dd29a1a811db60f8ae62c5580183db311c4bed448f23bd19c4a2176afdc7e424459941714f265562dd9016e748664f03f485f342b695788587d1c0e63eefb9f2db205fcfccb2f4de11870e7bcf');
CREATE INDEX inventory_by_uid ON inventory (uid) WHERE uid IS NOT NULL;
CREATE INDEX plans_by_app ON plans (app, at);
CREATE UNIQUE INDEX runs_open ON runs (app) WHERE outcome IS NULL;
CREATE INDEX runs_by_plan ON runs (plan);
CREATE INDEX history_by_plan ON history (plan);
CREATE INDEX trash_by_app ON trash (app);
CREATE INDEX trash_by_plan ON trash (plan);
COMMIT;
