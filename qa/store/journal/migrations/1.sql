CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- One row for each question, however often it was asked; `revision` counts what the staff changed, `changed` has
-- the ids of the articles that changed since it was decided: it needs a new check.
CREATE TABLE reviews (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, question TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'edited', 'withheld')),
    revision INTEGER NOT NULL DEFAULT 0, latest TEXT NOT NULL, asks INTEGER NOT NULL DEFAULT 1, doubt REAL NOT NULL,
    first_at TEXT NOT NULL, last_at TEXT NOT NULL, standing TEXT, who TEXT, at TEXT, note TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', changed TEXT NOT NULL DEFAULT ''
);
CREATE INDEX review_state ON reviews (state, last_at);
-- The same reply to the same question is kept once; its text is taken out where an article it quotes is erased.
CREATE TABLE replies (digest TEXT PRIMARY KEY, answered INTEGER NOT NULL, reply TEXT);
CREATE TABLE records (
    number INTEGER PRIMARY KEY AUTOINCREMENT, answer_id TEXT NOT NULL UNIQUE,
    review INTEGER NOT NULL REFERENCES reviews (number) ON DELETE CASCADE, at TEXT NOT NULL, channel TEXT NOT NULL,
    question TEXT NOT NULL, reply TEXT NOT NULL REFERENCES replies (digest), making TEXT NOT NULL,
    seconds REAL NOT NULL
);
CREATE INDEX record_review ON records (review);
CREATE INDEX record_reply ON records (reply);
CREATE INDEX record_at ON records (at);
CREATE TABLE cited (
    record INTEGER NOT NULL REFERENCES records (number) ON DELETE CASCADE, place INTEGER NOT NULL,
    article_id TEXT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (record, place)
) WITHOUT ROWID;
CREATE INDEX cited_article ON cited (article_id);
CREATE TABLE judgements (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    review INTEGER NOT NULL REFERENCES reviews (number) ON DELETE CASCADE, answer_id TEXT NOT NULL,
    statement INTEGER NOT NULL, judgement TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX judgement_answer ON judgements (answer_id);
-- What is not to be quoted in answer to a question again.
CREATE TABLE rejected (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    review INTEGER NOT NULL REFERENCES reviews (number) ON DELETE CASCADE, answer_id TEXT NOT NULL,
    question TEXT NOT NULL, article_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    sentence TEXT NOT NULL
);
CREATE INDEX rejected_review ON rejected (review);
CREATE TABLE reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    review INTEGER NOT NULL REFERENCES reviews (number) ON DELETE CASCADE, answer_id TEXT NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL, closed_at TEXT, closed_by TEXT
);
CREATE INDEX report_review ON reports (review) WHERE closed_at IS NULL;
-- Only ever added to: each row holds the digest of itself and of all before it.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY, who TEXT NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, chained TEXT NOT NULL
);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- A password is argon2id, with its salt and parameters; empty for those who sign in elsewhere. `identity` is who
-- the provider of OpenID Connect says it is: its `sub`, or an e-mail address that it has verified.
CREATE TABLE accounts (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, identity TEXT UNIQUE,
    active INTEGER NOT NULL DEFAULT 1, made_at TEXT NOT NULL
);
-- Of sessions and tokens only digests are kept: who reads this file can't sign in by it.
CREATE TABLE sessions (
    digest TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    form_key TEXT NOT NULL, until TEXT NOT NULL
);
CREATE TABLE tokens (
    digest TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, label TEXT NOT NULL,
    made_at TEXT NOT NULL, UNIQUE (name, label)
);
CREATE TABLE imports (
    number INTEGER PRIMARY KEY AUTOINCREMENT, begun_at TEXT NOT NULL, ended_at TEXT,
    added INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
);
-- Stays until the file is read without it or somebody dismisses it.
CREATE TABLE failures (
    path TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (path, line)
) WITHOUT ROWID;
