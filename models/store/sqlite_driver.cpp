// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/database_error.h"
#include "models/store/driver.h"

#include <QHash>
#include <QStringEncoder>

#include <sqlite3.h>

namespace counterfoil {

namespace {

constexpr int busyTimeoutMs = 5000;

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : m_statement(statement) {}
    bool isNull(int column) const override { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
    qint64 integer(int column) const override { return sqlite3_column_int64(m_statement, column); }
    QString text(int column) const override { return QString::fromUtf8(bytes(column)); }
    QByteArrayView bytes(int column) const override
    {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
        return {text, sqlite3_column_bytes(m_statement, column)};
    }

private:
    sqlite3_stmt* m_statement;
};

/// Binds values from left to right. Texts lie in one buffer until the statement has run.
class SqliteSink final : public ValueSink {
public:
    void begin(sqlite3_stmt* statement)
    {
        m_statement = statement;
        m_index = 0;
        m_used = 0;
        m_texts.clear();
        hasNul = false;
    }

    void integer(qint64 value) override { note(sqlite3_bind_int64(m_statement, ++m_index, value)); }
    void none() override { note(sqlite3_bind_null(m_statement, ++m_index)); }
    void word(const char* ascii) override { note(sqlite3_bind_text(m_statement, ++m_index, ascii, -1, SQLITE_STATIC)); }
    void text(QStringView value) override
    {
        const qsizetype most = m_used + value.size() * 3;
        if (most > m_buffer.size()) {
            m_buffer.resize(std::max(most, m_buffer.size() * 2));
        }
        char* const from = m_buffer.data() + m_used;
        const qsizetype length = m_encoder.appendToBuffer(from, value) - from;
        hasNul = hasNul || std::memchr(from, 0, static_cast<std::size_t>(length)) != nullptr;
        m_texts.push_back({++m_index, m_used, length});
        m_used += length;
    }

    /// Only now the buffer stays where it is.
    int end()
    {
        for (const Text& text : m_texts) {
            note(sqlite3_bind_text64(m_statement, text.index, m_buffer.constData() + text.from, static_cast<sqlite3_uint64>(text.length), SQLITE_STATIC, SQLITE_UTF8));
        }
        if (m_outcome == SQLITE_OK && m_index != sqlite3_bind_parameter_count(m_statement)) {
            m_outcome = SQLITE_RANGE;
        }
        return std::exchange(m_outcome, SQLITE_OK);
    }

    bool hasNul = false;

private:
    struct Text {
        int index;
        qsizetype from;
        qsizetype length;
    };

    void note(int outcome)
    {
        if (m_outcome == SQLITE_OK) {
            m_outcome = outcome;
        }
    }

    sqlite3_stmt* m_statement = nullptr;
    int m_index = 0;
    int m_outcome = SQLITE_OK;
    std::vector<Text> m_texts;
    QByteArray m_buffer = QByteArray(4096, Qt::Uninitialized);
    qsizetype m_used = 0;
    QStringEncoder m_encoder{QStringConverter::Utf8, QStringConverter::Flag::Stateless};
};

class SqliteDriver final : public Driver {
public:
    ~SqliteDriver() override
    {
        for (sqlite3_stmt* statement : std::as_const(m_statements)) {
            sqlite3_finalize(statement);
        }
        sqlite3_close(m_database);
    }

    Result<void> open(const DatabaseUrl& url, ConnectionRole) override
    {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | (url.path.startsWith(u"file:") ? SQLITE_OPEN_URI : 0);
        const int opened = sqlite3_open_v2(url.path.toUtf8().constData(), &m_database, flags, nullptr);
        if (opened != SQLITE_OK) {
            return sqliteError(opened, m_database ? QString::fromUtf8(sqlite3_errmsg(m_database)) : QString(), QStringLiteral("open"));
        }
        sqlite3_extended_result_codes(m_database, 1);
        sqlite3_busy_timeout(m_database, busyTimeoutMs);
        return {};
    }

    Result<int> execute(const QString& sql, const QVariantList& values) override
    {
        CF_TRY(query(sql, values, [](const Row&) -> Result<void> { return {}; }));
        return sqlite3_changes(m_database);
    }

    Result<void> query(const QString& sql, const QVariantList& values, const RowReader& each) override
    {
        CF_ASSIGN(sqlite3_stmt* const statement, prepared(sql));
        m_sink.begin(statement);
        putValues(values, m_sink);
        CF_TRY(bound(sql));
        return rows(statement, sql, each);
    }

    Result<void> queryEach(const QString& sql, std::span<const qint64> values, const RowReader& each) override
    {
        CF_ASSIGN(sqlite3_stmt* const statement, prepared(sql));
        for (const qint64 value : values) {
            m_sink.begin(statement);
            m_sink.integer(value);
            CF_TRY(bound(sql));
            CF_TRY(rows(statement, sql, each));
        }
        return {};
    }

    Result<void> queryAll(const QString& sql, const QVariantList& values, const RowReader& each) override { return query(sql, values, each); }

    Result<void> runPlain(const QString& sql) override
    {
        const int outcome = sqlite3_exec(m_database, sql.toUtf8().constData(), nullptr, nullptr, nullptr);
        return outcome == SQLITE_OK ? Result<void>() : Result<void>(failed(sql));
    }

    Result<int> write(const SetStatement& set, std::size_t rows, const RowWriter& each) override
    {
        CF_ASSIGN(sqlite3_stmt* const statement, prepared(set.row));
        int changed = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            m_sink.begin(statement);
            each(i, m_sink);
            CF_TRY(bound(set.row));
            CF_TRY(finished(statement, sqlite3_step(statement), set.row));
            changed += sqlite3_changes(m_database);
        }
        return changed;
    }

    void notify(const QString&, const QString&) override {}
    Result<void> listen(const QString&, std::function<void(QString)>) override { return {}; }

private:
    std::unexpected<Error> failed(const QString& sql) const
    {
        return sqliteError(sqlite3_extended_errcode(m_database), QString::fromUtf8(sqlite3_errmsg(m_database)), sql);
    }

    Result<sqlite3_stmt*> prepared(const QString& sql)
    {
        if (sqlite3_stmt* known = m_statements.value(sql)) {
            return known;
        }
        const QByteArray text = sql.toUtf8();
        sqlite3_stmt* statement = nullptr;
        const char* rest = nullptr;
        if (sqlite3_prepare_v3(m_database, text.constData(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement, &rest) != SQLITE_OK) {
            return failed(sql);
        }
        if (!statement || !QByteArrayView(rest).trimmed().isEmpty()) {
            sqlite3_finalize(statement);
            return fail(ErrorCode::Internal, QStringLiteral("not one statement: %1").arg(sql.simplified().left(160)));
        }
        m_statements.insert(sql, statement);
        return statement;
    }

    Result<void> bound(const QString& sql)
    {
        const int outcome = m_sink.end();
        if (m_sink.hasNul) {
            return nulInText(sql);
        }
        return outcome == SQLITE_OK ? Result<void>() : sqliteError(outcome, QString::fromUtf8(sqlite3_errstr(outcome)), sql);
    }

    Result<void> rows(sqlite3_stmt* statement, const QString& sql, const RowReader& each)
    {
        const SqliteRow row(statement);
        int stepped = SQLITE_OK;
        while ((stepped = sqlite3_step(statement)) == SQLITE_ROW) {
            if (Result<void> outcome = each(row); !outcome) {
                sqlite3_reset(statement);
                return outcome;
            }
        }
        return finished(statement, stepped, sql);
    }

    /// A statement that isn't reset makes a later COMMIT fail.
    Result<void> finished(sqlite3_stmt* statement, int stepped, const QString& sql)
    {
        if (stepped == SQLITE_DONE) {
            sqlite3_reset(statement);
            return {};
        }
        Result<void> outcome = failed(sql);
        sqlite3_reset(statement);
        return outcome;
    }

    sqlite3* m_database = nullptr;
    QHash<QString, sqlite3_stmt*> m_statements;
    SqliteSink m_sink;
};

} // namespace

std::unique_ptr<Driver> makeSqliteDriver()
{
    // Nobody asks how much memory SQLite uses; to count it costs a lock with every piece of it. Too late is no harm.
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)configured;
    return std::make_unique<SqliteDriver>();
}

} // namespace counterfoil
