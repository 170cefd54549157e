// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/database_error.h"
#include "models/store/driver.h"
#include "models/store/postgresql_values.h"

#include <QHash>
#include <QSocketNotifier>

#include <libpq-fe.h>

#include <charconv>
#include <deque>

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

/// Up to here it costs more to take arrays apart than to run a statement for each row.
constexpr std::size_t rowsOneByOne = 3;

/// What was sent and isn't answered yet.
struct Posted {
    QString sql;
    RowReader each;
    RowCounter counted;
    bool isPreparation = false;
    bool isSync = false;
    /// Nobody asks what came of it.
    bool isForgotten = false;
};

/// Everything but what comes row by row goes through a pipeline: statements that nobody waits for yet, and then one round trip for all of them.
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
        int changed = 0;
        CF_TRY(post(sql, values, {sql, {}, [&changed](int rows) -> Result<void> {
                                      changed = rows;
                                      return {};
                                  }}));
        CF_TRY(settle());
        return changed;
    }

    Result<void> query(const QString& sql, const QVariantList& values, const RowReader& each) override
    {
        m_values.begin();
        putValues(values, m_values);
        CF_ASSIGN(const Prepared statement, prepared(sql, values.size()));
        CF_TRY(settle());
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
        CF_TRY(post(sql, values, {sql, each, {}}));
        return settle();
    }

    Result<void> queryEach(const QString& sql, std::span<const qint64> values, const RowReader& each) override
    {
        for (const qint64 value : values) {
            CF_TRY(post(sql, {value}, {sql, each, {}}));
        }
        return settle();
    }

    Result<void> runPlain(const QString& sql) override
    {
        CF_TRY(settle());
        const Answer answer(PQexec(m_connection, sql.toUtf8().constData()));
        deliverLater();
        return checked(answer.get(), sql);
    }

    Result<int> write(const SetStatement& set, std::size_t rows, const RowWriter& each) override
    {
        int changed = 0;
        CF_TRY(postWrite(set, rows, each, [&changed](int count) -> Result<void> {
            changed = count;
            return {};
        }));
        CF_TRY(settle());
        return changed;
    }

    Result<void> postQuery(const QString& sql, const QVariantList& values, RowReader each) override { return post(sql, values, {sql, std::move(each), {}}); }

    Result<void> postWrite(const SetStatement& set, std::size_t rows, const RowWriter& each, RowCounter counted) override
    {
        if (rows <= rowsOneByOne) {
            return postRows(set, rows, each, std::move(counted));
        }
        if (!m_statements.contains(set.set)) {
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
        CF_TRY(enterPipeline(set.set));
        const int sent = PQsendQueryPrepared(m_connection, statement.name.constData(), statement.values, m_arrays.pointers(), m_arrays.lengths(), m_arrays.formats(), 0);
        return sentOr(sent, {set.set, {}, std::move(counted)});
    }

    Result<void> postPlain(const QString& sql) override
    {
        CF_TRY(enterPipeline(sql));
        return sentOr(PQsendQueryParams(m_connection, sql.toUtf8().constData(), 0, nullptr, nullptr, nullptr, nullptr, 0), {sql, {}, {}});
    }

    Result<void> settle() override
    {
        if (m_posted.empty()) {
            return {};
        }
        Result<void> outcome = sync();
        const bool isSent = outcome.has_value();
        while (!m_posted.empty()) {
            Posted posted = std::move(m_posted.front());
            m_posted.pop_front();
            const Result<void> taken = isSent ? take(posted) : Result<void>();
            if (outcome && !posted.isForgotten) {
                outcome = taken;
            }
        }
        PQexitPipelineMode(m_connection);
        deliverLater();
        return outcome;
    }

    void notify(const QString& channel, const QString& payload) override
    {
        const QString sql = QStringLiteral("SELECT pg_notify(?, ?)");
        // A failure shows with the next statement, if it is one of the connection.
        if (post(sql, {channel, payload}, {.sql = sql, .isForgotten = true})) {
            (void)sync();
            m_posted.back().isForgotten = true;
        }
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
        const bool isRefusal = QLatin1StringView(state).startsWith(QLatin1StringView("CF"));
        const char* const message = isRefusal ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : result ? PQresultErrorMessage(result) : PQerrorMessage(m_connection);
        return postgresqlError(QString::fromLatin1(state), QString::fromUtf8(message), sql);
    }

    Result<void> checked(const PGresult* result, const QString& sql) const
    {
        const ExecStatusType status = PQresultStatus(result);
        // Behind query() the first statement of a pipeline is answered row by row too: libpq forgets that mode only with the second.
        const bool isGood = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE || status == PGRES_EMPTY_QUERY;
        return isGood ? Result<void>() : Result<void>(failed(result, sql));
    }

    static int changedRows(PGresult* result) { return QByteArrayView(PQcmdTuples(result)).toInt(); }

    /// For the values that were put.
    Result<Prepared> prepared(const QString& sql, qsizetype values)
    {
        m_values.end();
        if (m_values.hasNul()) {
            return nulInText(sql);
        }
        if (!m_statements.contains(sql)) {
            CF_TRY(prepare(sql, m_values.types()));
        }
        const Prepared statement = m_statements.value(sql);
        if (statement.values != values) {
            return fail(ErrorCode::Internal, QStringLiteral("%1 values for: %2").arg(values).arg(sql.simplified().left(160)));
        }
        return statement;
    }

    /// Sends a statement with its values.
    Result<void> post(const QString& sql, const QVariantList& values, Posted posted)
    {
        m_values.begin();
        putValues(values, m_values);
        return postValues(sql, values.size(), std::move(posted));
    }

    Result<void> postRows(const SetStatement& set, std::size_t rows, const RowWriter& each, RowCounter counted)
    {
        const auto sum = std::make_shared<int>(0);
        for (std::size_t i = 0; i < rows; ++i) {
            const bool isLast = i + 1 == rows;
            m_values.begin();
            each(i, m_values);
            const auto add = [sum, isLast, counted](int changed) -> Result<void> {
                *sum += changed;
                return isLast && counted ? counted(*sum) : Result<void>();
            };
            CF_TRY(postValues(set.row, set.types.size(), {set.row, {}, add}));
        }
        return {};
    }

    Result<void> postValues(const QString& sql, qsizetype values, Posted posted)
    {
        CF_ASSIGN(const Prepared statement, prepared(sql, values));
        CF_TRY(enterPipeline(sql));
        return sentOr(PQsendQueryPrepared(m_connection, statement.name.constData(), statement.values, m_values.pointers(), m_values.lengths(), nullptr, 0), std::move(posted));
    }

    Result<void> prepare(const QString& sql, const std::vector<Oid>& types)
    {
        int values = 0;
        const QByteArray text = numberedPlaceholders(sql, values);
        const QByteArray name = "counterfoil_" + QByteArray::number(++m_prepared);
        CF_TRY(enterPipeline(sql));
        CF_TRY(sentOr(PQsendPrepare(m_connection, name.constData(), text.constData(), static_cast<int>(types.size()), types.data()), {.sql = sql, .isPreparation = true}));
        m_statements.insert(sql, {name, values});
        return {};
    }

    Result<void> enterPipeline(const QString& sql)
    {
        return PQpipelineStatus(m_connection) != PQ_PIPELINE_OFF || PQenterPipelineMode(m_connection) == 1 ? Result<void>() : Result<void>(failed(nullptr, sql));
    }

    Result<void> sentOr(int sent, Posted posted)
    {
        if (sent == 0) {
            return failed(nullptr, posted.sql);
        }
        m_posted.push_back(std::move(posted));
        return {};
    }

    /// Ends what fails together, and sends all of it.
    Result<void> sync()
    {
        return sentOr(PQpipelineSync(m_connection), {.sql = QStringLiteral("sync"), .isSync = true});
    }

    /// Takes the answer of what was sent first.
    Result<void> take(const Posted& posted)
    {
        Result<void> outcome;
        // A synchronisation is one answer; a statement's answer has an end of its own.
        while (const Answer answer{PQgetResult(m_connection)}) {
            if (posted.isSync) {
                return PQresultStatus(answer.get()) == PGRES_PIPELINE_SYNC ? Result<void>() : Result<void>(failed(answer.get(), posted.sql));
            }
            if (outcome) {
                outcome = read(answer.get(), posted);
            }
        }
        if (!outcome && posted.isPreparation) {
            m_statements.remove(posted.sql);
        }
        // Without an answer the connection is gone.
        return outcome && PQstatus(m_connection) == CONNECTION_BAD ? Result<void>(failed(nullptr, posted.sql)) : outcome;
    }

    Result<void> read(PGresult* answer, const Posted& posted) const
    {
        CF_TRY(checked(answer, posted.sql));
        const bool isRow = PQresultStatus(answer) == PGRES_SINGLE_TUPLE;
        for (int row = 0; posted.each && row < PQntuples(answer); ++row) {
            CF_TRY(posted.each(PostgresqlRow(answer, row)));
        }
        return posted.counted && !isRow ? posted.counted(changedRows(answer)) : Result<void>();
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
    int m_prepared = 0;
    std::deque<Posted> m_posted;
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
