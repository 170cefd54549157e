// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/database_error.h"
#include "models/store/driver.h"
#include "models/store/postgresql_values.h"

#include <QHash>
#include <QSocketNotifier>

#include <libpq-fe.h>

#include <charconv>

namespace counterfoil {

namespace {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

class PostgresqlRow final : public Row {
public:
    PostgresqlRow(const PGresult* result, int row) : m_result(result), m_row(row) {}
    bool isNull(int column) const override { return PQgetisnull(m_result, m_row, column) != 0; }
    qint64 integer(int column) const override
    {
        const char* const text = PQgetvalue(m_result, m_row, column);
        // A boolean counts as 0 or 1.
        qint64 value = *text == 't' ? 1 : 0;
        std::from_chars(text, text + PQgetlength(m_result, m_row, column), value);
        return value;
    }
    QString text(int column) const override { return QString::fromUtf8(bytes(column)); }
    QByteArrayView bytes(int column) const override { return {PQgetvalue(m_result, m_row, column), PQgetlength(m_result, m_row, column)}; }

private:
    const PGresult* m_result;
    const int m_row;
};

struct Prepared {
    QByteArray name;
    int values = 0;
};

class PostgresqlDriver final : public Driver {
public:
    ~PostgresqlDriver() override
    {
        m_notifier.reset();
        PQfinish(m_connection);
    }

    Result<void> open(const DatabaseUrl& url, ConnectionRole) override
    {
        const auto quoted = [](QString value) {
            value.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
            return QString(u'\'' + value + u'\'');
        };
        QString info = QStringLiteral("connect_timeout=10 application_name=counterfoil client_encoding=UTF8 port=%1").arg(url.port);
        for (const auto& [key, value] : {std::pair("host", url.host), std::pair("user", url.user), std::pair("dbname", url.name)}) {
            if (!value.isEmpty()) {
                info += QStringLiteral(" %1=%2").arg(QLatin1String(key), quoted(value));
            }
        }
        info += u' ' + QString(url.options).replace(u';', u' ');
        m_connection = PQconnectdb(info.toUtf8().constData());
        // What the server has to say besides would end up among our own words.
        PQsetNoticeProcessor(m_connection, [](void*, const char*) {}, nullptr);
        return PQstatus(m_connection) == CONNECTION_OK ? Result<void>() : Result<void>(failed(nullptr, QStringLiteral("open")));
    }

    Result<int> execute(const QString& sql, const QVariantList& values) override
    {
        CF_ASSIGN(const Prepared statement, preparedFor(sql, values));
        const Answer answer = run(statement);
        CF_TRY(checked(answer.get(), sql));
        return changedRows(answer.get());
    }

    Result<void> query(const QString& sql, const QVariantList& values, const RowReader& each) override
    {
        CF_ASSIGN(const Prepared statement, preparedFor(sql, values));
        if (PQsendQueryPrepared(m_connection, statement.name.constData(), statement.values, m_values.pointers(), m_values.lengths(), nullptr, 0) == 0
            || PQsetSingleRowMode(m_connection) == 0) {
            return failed(nullptr, sql);
        }
        Result<void> outcome;
        // To its end in any case: the connection has to be free again.
        while (const Answer answer{PQgetResult(m_connection)}) {
            const bool isRow = PQresultStatus(answer.get()) == PGRES_SINGLE_TUPLE;
            if (outcome) {
                outcome = isRow ? each(PostgresqlRow(answer.get(), 0)) : checked(answer.get(), sql);
            }
        }
        deliverLater();
        return outcome;
    }

    Result<void> queryAll(const QString& sql, const QVariantList& values, const RowReader& each) override
    {
        CF_ASSIGN(const Prepared statement, preparedFor(sql, values));
        const Answer answer = run(statement);
        CF_TRY(checked(answer.get(), sql));
        for (int row = 0; row < PQntuples(answer.get()); ++row) {
            CF_TRY(each(PostgresqlRow(answer.get(), row)));
        }
        return {};
    }

    Result<void> queryEach(const QString& sql, std::span<const qint64> values, const RowReader& each) override
    {
        for (const qint64 value : values) {
            CF_TRY(queryAll(sql, {value}, each));
        }
        return {};
    }

    Result<void> runPlain(const QString& sql) override
    {
        const Answer answer(PQexec(m_connection, sql.toUtf8().constData()));
        deliverLater();
        return checked(answer.get(), sql);
    }

    Result<int> write(const SetStatement& set, std::size_t rows, const RowWriter& each) override
    {
        const auto known = m_statements.constFind(set.set);
        if (known == m_statements.constEnd()) {
            std::vector<Oid> types;
            for (const ColumnType type : set.types) {
                types.push_back(arrayType(type));
            }
            CF_TRY(prepare(set.set, types));
        }
        m_arrays.begin(set.types);
        for (std::size_t i = 0; i < rows; ++i) {
            each(i, m_arrays);
        }
        m_arrays.end();
        if (m_arrays.hasNul()) {
            return nulInText(set.set);
        }
        const Prepared statement = m_statements.value(set.set);
        const Answer answer(PQexecPrepared(m_connection, statement.name.constData(), statement.values, m_arrays.pointers(), m_arrays.lengths(), m_arrays.formats(), 0));
        deliverLater();
        CF_TRY(checked(answer.get(), set.set));
        return changedRows(answer.get());
    }

    Result<void> listen(const QString& channel, std::function<void(QString)> notified) override
    {
        CF_TRY(runPlain(QStringLiteral("LISTEN \"%1\"").arg(QString(channel).replace(u'"', QStringLiteral("\"\"")))));
        m_listeners.emplace_back(channel.toUtf8(), std::move(notified));
        if (m_notifier) {
            return {};
        }
        m_notifier = std::make_unique<QSocketNotifier>(PQsocket(m_connection), QSocketNotifier::Read);
        QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] { deliver(); });
        return {};
    }

private:
    std::unexpected<Error> failed(const PGresult* result, const QString& sql) const
    {
        const char* const state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
        const char* const message = result ? PQresultErrorMessage(result) : PQerrorMessage(m_connection);
        return postgresqlError(QString::fromLatin1(state), QString::fromUtf8(message), sql);
    }

    Result<void> checked(const PGresult* result, const QString& sql) const
    {
        const ExecStatusType status = PQresultStatus(result);
        const bool isGood = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
        return isGood ? Result<void>() : Result<void>(failed(result, sql));
    }

    static int changedRows(PGresult* result) { return QByteArrayView(PQcmdTuples(result)).toInt(); }

    /// Values lie in m_values afterwards.
    Result<Prepared> preparedFor(const QString& sql, const QVariantList& values)
    {
        m_values.begin();
        putValues(values, m_values);
        m_values.end();
        if (m_values.hasNul()) {
            return nulInText(sql);
        }
        if (!m_statements.contains(sql)) {
            CF_TRY(prepare(sql, m_values.types()));
        }
        const Prepared statement = m_statements.value(sql);
        if (statement.values != values.size()) {
            return fail(ErrorCode::Internal, QStringLiteral("%1 values for: %2").arg(values.size()).arg(sql.simplified().left(160)));
        }
        return statement;
    }

    Answer run(const Prepared& statement)
    {
        Answer answer(PQexecPrepared(m_connection, statement.name.constData(), statement.values, m_values.pointers(), m_values.lengths(), nullptr, 0));
        deliverLater();
        return answer;
    }

    Result<void> prepare(const QString& sql, const std::vector<Oid>& types)
    {
        int values = 0;
        const QByteArray text = numberedPlaceholders(sql, values);
        const QByteArray name = "counterfoil_" + QByteArray::number(m_statements.size());
        const Answer answer(PQprepare(m_connection, name.constData(), text.constData(), static_cast<int>(types.size()), types.data()));
        CF_TRY(checked(answer.get(), sql));
        m_statements.insert(sql, {name, values});
        return {};
    }

    void deliver()
    {
        if (PQconsumeInput(m_connection) == 0) {
            // The connection is lost; its next statement says so.
            m_notifier->setEnabled(false);
        }
        while (PGnotify* const notification = PQnotifies(m_connection)) {
            const QByteArray channel = notification->relname;
            const QString payload = QString::fromUtf8(notification->extra);
            PQfreemem(notification);
            for (const auto& [wanted, notified] : m_listeners) {
                if (wanted == channel) {
                    notified(payload);
                }
            }
        }
    }

    /// A statement may have read notifications along with its answer: the socket won't tell of them any more.
    void deliverLater()
    {
        if (m_notifier) {
            QMetaObject::invokeMethod(m_notifier.get(), [this] { deliver(); }, Qt::QueuedConnection);
        }
    }

    PGconn* m_connection = nullptr;
    QHash<QString, Prepared> m_statements;
    PlainValues m_values;
    ArrayValues m_arrays;
    std::vector<std::pair<QByteArray, std::function<void(QString)>>> m_listeners;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace

std::unique_ptr<Driver> makePostgresqlDriver()
{
    return std::make_unique<PostgresqlDriver>();
}

} // namespace counterfoil
