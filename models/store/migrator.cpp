// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/migrator.h"

#include "models/base/text.h"
#include "resources/resources.h"

#include <QFile>

namespace counterfoil {

namespace {

struct Migration {
    int version;
    const char* name;
};

constexpr std::array migrations{
    Migration{1, "0001_core"},
    Migration{2, "0002_refunds"},
    Migration{3, "0003_hot_indexes"},
    Migration{4, "0004_operators"},
    Migration{5, "0005_audit_chain"},
    Migration{6, "0006_page_indexes"},
    Migration{7, "0007_case_indexes"},
    Migration{8, "0008_roles"},
};

Result<QString> resourceText(const QString& name)
{
    QFile file(QStringLiteral(":/counterfoil/migrations/") + name);
    if (!file.open(QFile::ReadOnly)) {
        return fail(ErrorCode::Internal, QStringLiteral("the program was built without %1").arg(name));
    }
    return QString::fromUtf8(file.readAll());
}

/// The common text with the dialect's words filled in, then the dialect's own part.
Result<QStringList> scriptsOf(const Migration& migration, DatabaseKind kind)
{
    const QString dialect = kind == DatabaseKind::Sqlite ? QStringLiteral("sqlite") : QStringLiteral("postgresql");
    const QString name = QString::fromLatin1(migration.name);
    CF_ASSIGN(QString common, resourceText(name + QStringLiteral(".sql")));
    CF_ASSIGN(const QString words, resourceText(dialect + QStringLiteral(".dialect")));
    for (const QString& line : words.split(u'\n', Qt::SkipEmptyParts)) {
        if (const qsizetype at = line.indexOf(u'='); at > 0 && !line.startsWith(u'#')) {
            common.replace(u'@' + line.left(at) + u'@', line.mid(at + 1));
        }
    }
    CF_ASSIGN(const QString own, resourceText(name + u'.' + dialect + QStringLiteral(".sql")));
    return QStringList{common, own};
}

} // namespace

Result<QList<std::pair<int, QString>>> Migrator::applied()
{
    QList<std::pair<int, QString>> list;
    const QString exists = m_connection.kind() == DatabaseKind::Sqlite
        ? QStringLiteral("SELECT count(*) FROM sqlite_master WHERE name = 'schema_migration'")
        : QStringLiteral("SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_migration')");
    qint64 tables = 0;
    CF_TRY(m_connection.query(exists, {}, [&](const Row& row) -> Result<void> {
        tables = row.integer(0);
        return {};
    }));
    if (tables == 0) {
        return list;
    }
    CF_TRY(m_connection.query(QStringLiteral("SELECT version, checksum FROM schema_migration ORDER BY version"), {}, [&](const Row& row) -> Result<void> {
        list.append({static_cast<int>(row.integer(0)), row.text(1)});
        return {};
    }));
    return list;
}

Result<SchemaState> Migrator::inspect()
{
    initResources();
    CF_ASSIGN(const auto done, applied());
    if (done.isEmpty()) {
        return SchemaState::Empty;
    }
    const int newest = migrations.back().version;
    if (done.back().first > newest) {
        return fail(ErrorCode::DatabaseTooNew, QStringLiteral("the database has schema %1, this program knows up to %2").arg(done.back().first).arg(newest));
    }
    for (const auto& [version, checksum] : done) {
        if (version < 1) {
            return fail(ErrorCode::Integrity, QStringLiteral("schema_migration names a version %1").arg(version));
        }
        CF_ASSIGN(const QStringList scripts, scriptsOf(migrations[static_cast<std::size_t>(version - 1)], m_connection.kind()));
        if (sha256Hex(scripts.join(u'\n').toUtf8()) != checksum) {
            return fail(ErrorCode::Integrity, QStringLiteral("migration %1 was applied with another text than this program's").arg(version));
        }
    }
    return done.back().first == newest ? SchemaState::Current : SchemaState::Old;
}

Result<int> Migrator::migrate()
{
    CF_ASSIGN(const SchemaState state, inspect());
    if (state == SchemaState::Current) {
        return 0;
    }
    int count = 0;
    for (const Migration& migration : migrations) {
        CF_ASSIGN(const QStringList scripts, scriptsOf(migration, m_connection.kind()));
        CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(m_connection));
        if (m_connection.kind() == DatabaseKind::Postgresql) {
            // Any number that every version of this program agrees on.
            CF_TRY(m_connection.executeScript(QStringLiteral("SELECT pg_advisory_xact_lock(20240501)")));
        }
        // Somebody else may have come first: it counts what is there under the lock.
        CF_ASSIGN(const auto done, applied());
        if (!done.isEmpty() && done.back().first >= migration.version) {
            continue;
        }
        if (migration.version == 1) {
            CF_TRY(m_connection.executeScript(QStringLiteral(
                "CREATE TABLE schema_migration (version integer NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at %1 NOT NULL);\n")
                                                  .arg(m_connection.kind() == DatabaseKind::Sqlite ? QStringLiteral("integer") : QStringLiteral("bigint"))));
        }
        for (const QString& script : scripts) {
            CF_TRY(m_connection.executeScript(script));
        }
        CF_TRY(m_connection.execute(QStringLiteral("INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)"),
                                    {bound(migration.version), QString::fromLatin1(migration.name), sha256Hex(scripts.join(u'\n').toUtf8()),
                                     bound(m_clock.now())}));
        CF_TRY(transaction.commit());
        ++count;
    }
    return count;
}

Result<std::unique_ptr<Connection>> openCurrent(const DatabaseUrl& url, ConnectionRole role, const Clock& clock)
{
    CF_ASSIGN(std::unique_ptr<Connection> connection, Connection::open(url, role));
    CF_ASSIGN(const SchemaState state, Migrator(*connection, clock).inspect());
    if (state == SchemaState::Empty) {
        return fail(ErrorCode::DatabaseTooOld, QStringLiteral("%1 is empty: run counterfoilctl init").arg(url.toText()));
    }
    if (state == SchemaState::Old) {
        return fail(ErrorCode::DatabaseTooOld, QStringLiteral("%1 is older than this program: run counterfoilctl migrate").arg(url.toText()));
    }
    return connection;
}

} // namespace counterfoil
