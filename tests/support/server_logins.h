// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test_database.h"

#include <QStringList>
#include <QTest>

namespace counterfoil {

/// Logins of a PostgreSQL server that a test makes: they outlive its database, and go with this.
class ServerLogins {
public:
    explicit ServerLogins(TestDatabase& database) : m_database(database) {}
    ~ServerLogins()
    {
        for (const QString& login : std::as_const(m_logins)) {
            for (const char* statement : {"DROP OWNED BY \"%1\"", "DROP ROLE \"%1\""}) {
                const auto dropped = m_database.writer().executeScript(QString::fromLatin1(statement).arg(login));
                if (!dropped) {
                    qWarning("%s stays: %s", qPrintable(login), qPrintable(dropped.error().text()));
                }
            }
        }
    }
    Q_DISABLE_COPY_MOVE(ServerLogins)

    /// One that is there already.
    void adopt(const QString& login) { m_logins << login; }
    /// One that is in a group.
    Result<void> make(const QString& login, const QString& group)
    {
        adopt(login);
        return m_database.writer().executeScript(QStringLiteral("CREATE ROLE \"%1\" LOGIN IN ROLE %2").arg(login, group));
    }

private:
    TestDatabase& m_database;
    QStringList m_logins;
};

} // namespace counterfoil
