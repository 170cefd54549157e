// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include <deque>
#include <map>

namespace counterfoil {

/// A shop that places orders over HTTP and doesn't give up: every order has one idempotency key, and as long as there is no final
/// answer the same request is sent again, in turn to every address.
class OrderPoster : public QObject {
    Q_OBJECT

public:
    OrderPoster(QStringList addresses, QByteArray token);

    /// Sends orders `WEB-<first>` to `WEB-<last>`; every tenth has a card that is declined.
    void post(int first, int last);
    /// Sends order `WEB-<number>`, to this address first.
    void postTo(int address, int number);
    static QString numberOf(int number);
    bool isDone() const { return m_underWay == 0; }
    /// Order number to the id in the answer.
    const std::map<QString, QString>& ids() const { return m_ids; }
    /// Answers that nobody should get, and ids that changed when an order was sent again.
    const QStringList& complaints() const { return m_complaints; }
    qint64 repetitions() const { return m_repetitions; }

private:
    struct Attempt {
        int number = 0;
        int count = 0;
        int address = 0;
    };

    void sendWaiting();
    void send(const Attempt& attempt);
    void handleAnswer(const Attempt& attempt, int status, const QByteArray& bytes);

    const QStringList m_addresses;
    const QByteArray m_token;
    std::map<QString, QString> m_ids;
    QStringList m_complaints;
    std::deque<Attempt> m_waiting;
    int m_connections = 0;
    qint64 m_underWay = 0;
    qint64 m_repetitions = 0;
};

} // namespace counterfoil
