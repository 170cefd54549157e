// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStringList>

namespace counterfoil {

/// What psql said: its output, or the first SQLSTATE.
struct PsqlAnswer {
    QString text;
    QString sqlState;

    /// `ok` or the SQLSTATE.
    QString outcome() const { return sqlState.isEmpty() ? QStringLiteral("ok") : sqlState; }
};

/// PostgreSQL's own client, as somebody would use it who doesn't care for our programs.
class Psql {
public:
    explicit Psql(const DatabaseUrl& url, const QString& login = {})
    {
        DatabaseUrl as = url;
        as.user = login.isEmpty() ? url.user : login;
        m_process.start(QStringLiteral("psql"), {QStringLiteral("-XqAtw"), QStringLiteral("-v"), QStringLiteral("VERBOSITY=sqlstate"), as.toText()});
    }
    ~Psql()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(patienceMs)) {
            m_process.kill();
            m_process.waitForFinished(patienceMs);
        }
    }
    Q_DISABLE_COPY_MOVE(Psql)

    /// Sends statements and doesn't wait.
    void send(const QString& sql)
    {
        m_process.write((sql + QStringLiteral("\n;\n\\echo %1\n\\warn %1\n").arg(QLatin1StringView(endMark))).toUtf8());
        // Without an event loop nothing goes out by itself.
        m_process.waitForBytesWritten(patienceMs);
    }

    /// The answer to everything that was sent by one send(). One that doesn't come is the outcome `none`, and a refused connection too.
    PsqlAnswer answer()
    {
        while ((!m_output.contains(endMark) || !m_errors.contains(endMark)) && m_process.waitForReadyRead(patienceMs)) {
            collect();
        }
        collect();
        const qsizetype end = m_output.indexOf(endMark);
        const qsizetype errorsEnd = m_errors.indexOf(endMark);
        if (end < 0 || errorsEnd < 0) {
            return {QString::fromUtf8(m_errors), QStringLiteral("none")};
        }
        const QString errors = QString::fromUtf8(m_errors.left(errorsEnd));
        PsqlAnswer answer{QString::fromUtf8(m_output.left(end)).trimmed(), {}};
        m_output.remove(0, end + qsizetype(sizeof endMark));
        m_errors.remove(0, errorsEnd + qsizetype(sizeof endMark));
        static const QRegularExpression state(QStringLiteral("(?:ERROR|FATAL):  ([0-9A-Z]{5})\\b"));
        answer.sqlState = state.match(errors).captured(1);
        return answer;
    }

    PsqlAnswer run(const QString& sql)
    {
        send(sql);
        return answer();
    }

private:
    static constexpr int patienceMs = 30'000;
    static constexpr char endMark[] = "-- that was all --";

    void collect()
    {
        m_output += m_process.readAllStandardOutput();
        m_errors += m_process.readAllStandardError();
        // Reading from one channel is told of one channel only.
        m_process.setReadChannel(m_output.contains(endMark) ? QProcess::StandardError : QProcess::StandardOutput);
    }

    QProcess m_process;
    QByteArray m_output;
    QByteArray m_errors;
};

} // namespace counterfoil
