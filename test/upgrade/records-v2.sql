PRAGMA application_id = 1299412050;
PRAGMA user_version = 2;
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
CREATE TABLE accesses (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO migrations (version, name, digest, at) VALUES (1, 'tables of the first version', '169749741e7bb452e330558ced37486cb1accaa60851cf5235af9b52d08125ac', '2026-03-01T12:00:00.000Z');
INSERT INTO migrations (version, name, digest, at) VALUES (2, 'how repositories are reached', '4668653c7aa2cad8834096944c76555c3c3bcea12451e4c9f459d7ce5bd8bd8c', '2026-03-01T12:00:00.000Z');
INSERT INTO settings (name, value) VALUES ('key', '0c4bd1c717b3c916');
INSERT INTO apps (id, cluster, namespace, name, next_history) VALUES (1, 'cluster-1', 'argocd', 'shop', 2);
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, '', 'Namespace', '', 'o''shop', 'apps/v1', 'applied', 'uid-x', 0, 0, 'shop/web.yaml', 1, 3, 'c0ffee', 'source-1', 'digest-1', 0, 'yes', 'confirm');
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, 'apps', 'Deployment', 'shop', 'db', 'apps/v1', 'deleting', 'uid-db', 0, 0, 'db.yaml', 2, NULL, 'c0ffee', 'source-1', 'digest-1', 0, 'yes', 'confirm');
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, 'apps', 'Deployment', 'shop', 'new', 'apps/v1', 'intended', NULL, 0, 1, 'shop/web.yaml', 1, 3, 'c0ffee', 'source-1', 'digest-1', 0, 'yes', 'confirm');
INSERT INTO inventory (app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document, origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option) VALUES (1, 'apps', 'Deployment', 'shop', 'web', 'apps/v1', 'applied', 'uid-web', 1, 2, 'shop/web.yaml', 1, 3, 'c0ffee', 'source-1', 'digest-1', 1, 'no', 'confirm');
INSERT INTO applications (digest, sealed) VALUES ('spec-1', X'0128748e498f38dad0a4567bf4774a09506417a146af1fc15603504d90deab0bd3aa6a4d8cfa8c52b958de46524fb21fc6d387534b32edc3b831d40f3bc8129f3887835fceafb594412a751c1aabea36783c96494d6f16229bbccaaee513994390135c3852e4');
INSERT INTO plans (id, app, at, body) VALUES ('1111aaaa', 1, '2026-03-01T12:01:00.000Z', '{"schema":"mainstay.dev/plan/v1","id":"1111aaaa","app":{"namespace":"argocd","name":"shop"},"project":"default","intent":{"kind":"sync","prune":true,"only":[],"revision":null},"cluster":{"id":"cluster-1","name":"test","server":"https://127.0.0.1:6443"},"namespace":"shop","revisions":[{"commit":"c0ffee","subject":"first","author":"ann","committedAt":"2026-03-01T12:00:00.000Z"}],"basis":{"application":"spec-1","desired":"desired-1","inventory":"inventory-1","gaps":[]},"steps":[],"records":[],"findings":[],"verdict":"proceed","totals":{"objects":0,"same":0,"create":0,"update":0,"delete":0,"kept":0,"unseen":0}}');
INSERT INTO plans (id, app, at, body) VALUES ('2222bbbb', 1, '2026-03-01T12:02:00.000Z', '{"schema":"mainstay.dev/plan/v1","id":"2222bbbb","app":{"namespace":"argocd","name":"shop"},"project":"default","intent":{"kind":"restore","entries":["t"]},"cluster":{"id":"cluster-1","name":"test","server":"https://127.0.0.1:6443"},"namespace":"shop","revisions":[{"commit":"c0ffee","subject":"first","author":"ann","committedAt":"2026-03-01T12:00:00.000Z"}],"basis":{"application":"spec-1","desired":"desired-1","inventory":"inventory-1","gaps":[]},"steps":[],"records":[],"findings":[],"verdict":"proceed","totals":{"objects":0,"same":0,"create":0,"update":0,"delete":0,"kept":0,"unseen":0}}');
INSERT INTO approvals (plan, by, at, accepts) VALUES ('1111aaaa', 'ann', '2026-03-01T12:03:00.000Z', '["precious-kind core/x"]');
INSERT INTO runs (seq, id, app, plan, by, pid, host, started_at, ended_at, outcome) VALUES (1, 'f77f9f46fe83efe6', 1, '1111aaaa', 'ann', 4711, 'host-1', '2026-03-01T12:04:00.000Z', '2026-03-01T12:05:00.000Z', 'succeeded');
INSERT INTO events (run, seq, body) VALUES ('f77f9f46fe83efe6', 1, '{"kind":"run-started","at":"2026-03-01T12:04:00.000Z","plan":"1111aaaa","by":"ann"}');
INSERT INTO events (run, seq, body) VALUES ('f77f9f46fe83efe6', 2, '{"kind":"step-done","at":"2026-03-01T12:04:00.000Z","step":"apply x","result":{"kind":"created","uid":"u"}}');
INSERT INTO history (app, id, plan, revisions, application, started_at, deployed_at, by) VALUES (1, 1, '1111aaaa', '[{"commit":"c0ffee","subject":"first","author":"ann","committedAt":"2026-03-01T12:00:00.000Z"}]', 'spec-1', '2026-03-01T12:04:00.000Z', '2026-03-01T12:05:00.000Z', 'bob');
INSERT INTO trash (seq, id, app, api_group, kind, namespace, name, api_version, uid, plan, step, at, by, entry, sealed) VALUES (1, '395b3e91ceb46a61', 1, '', 'Secret', 'shop', 'db', 'v1', 'uid-db', '1111aaaa', 'delete Secret/shop/db', '2026-03-01T12:00:00.000Z', 'ann', '{"ref":{"group":"apps","kind":"Deployment","namespace":"shop","name":"db"},"apiVersion":"apps/v1","state":{"kind":"applied","uid":"uid-db"},"wave":0,"order":0,"origin":{"file":"shop/web.yaml","document":1,"line":3},"commit":"c0ffee","sourceDigest":"source-1","digest":"digest-1","adopted":false,"prune":"yes","delete":"confirm"}', X'0192a6567a21cc28a3dd8a3db1ec3c234287c07a7550baebd7d450a8c6d307bc00672a198f508cdf0a9b73c09b0f24d107cc094394bc3f4cff8ace8b952d54c4f34b6fbaa2ad489c16405806f79647d1220b2bb6d0d9273c3d0f9c21771d6e155bcab25b22e3e35e74336313d010000546bc65cd27cf381128f5e42ccb7b8be79ba28266af79631d2955b34fc5a3f87a77a556617be9c6f3ac7a603b6ac6b42a9b3f12a4371fd53f3c8a57ad955611093ed10f6cbce3bf4ce48d92ec261f6b');
INSERT INTO trash (seq, id, app, api_group, kind, namespace, name, api_version, uid, plan, step, at, by, entry, sealed) VALUES (2, '8f0aeb3cb740b817', 1, '', 'Secret', 'shop', 'db', 'v1', 'uid-db', '1111aaaa', 'delete Secret/shop/db', '2026-03-01T12:00:00.000Z', 'ann', NULL, X'01240d1df5b7a97b664bfa01651b056fc0d78aff5084caa364746f59ece45bbfc0f77c3739109980e0dfba6bcff0e070801f3691f5f861b76094f7a12aef42d3b6fa50914531e879b855eeecec63c61bf3fdf3fcdbc124e55686bea7d6c4eabaff5a89939712310fb1f9a3f2b20e416252df4df4ab8013ca170aff1c2e03cf3e1999b5b42e7560d5e675974e5f65223dc792bebffd5a014fe93592073bd8b41a63a3220fd0b4');
INSERT INTO dry_runs (seq, cluster, digest, resource_version, sealed) VALUES (1, 'cluster-1', 'digest-1', '7', X'01db6fef50e5986c21ac8f220401b55dbefbab0591e54b8177870c27cdea3d1b51963d841c251e50247eb7c7ae49e33d30d1b57593a077556f9b8a3a0feb6ff116c5b64549d40574b32cd143ac630e8248cb0ba85ec904918846f1e86c53dda3c316ded743319fb9a833a1b01ae1c32ce31a647d49c46570a159dda908854d5f58cd5ede1f67c9bb13cd7af469229dbc35f23b9aa7e3086c9079879d9f9616ef8567b60a01c4bd334028e5f1c568be07008477131978ff6a3fa8b17a63ce2adfa986f984149853be5fa02e2297f52ea38a6c49cad65f8928123356328706d30306b156b6a013f598f7a5665e5f40b98a868101895ee6');
INSERT INTO accesses (kind, name, sealed) VALUES ('repository', 'https://git.example.com/a', X'01c5393123347330436c5c73c9cab762a75d5eefe7c09663a338b831cc7eee27e81a27e7b7af66477f83338e005f08609c9711');
CREATE INDEX inventory_by_uid ON inventory (uid) WHERE uid IS NOT NULL;
CREATE INDEX plans_by_app ON plans (app, at);
CREATE UNIQUE INDEX runs_open ON runs (app) WHERE outcome IS NULL;
CREATE INDEX runs_by_plan ON runs (plan);
CREATE INDEX history_by_plan ON history (plan);
CREATE INDEX trash_by_app ON trash (app);
CREATE INDEX trash_by_plan ON trash (plan);
COMMIT;
