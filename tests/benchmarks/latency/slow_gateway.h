// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/workflows/gateway/scripted_server.h"

#include <map>

namespace counterfoil {

/// A gateway whose payments stay `processing` until the bench says otherwise: only a callback brings the end.
class SlowGateway : public QObject {
    Q_OBJECT

public:
    SlowGateway();

    QString url() const { return m_server.url(); }
    /// The event that says that this payment has succeeded.
    QByteArray succeeded(const QByteArray& intent) const;
    QByteArray orderOf(const QByteArray& intent) const { return m_intents.at(intent).order; }

Q_SIGNALS:
    /// The gateway has said `processing` to a confirmation.
    void processing(const QByteArray& intent);

private:
    struct Intent {
        QByteArray id;
        QByteArray amount;
        QByteArray currency;
        QByteArray order;
        QByteArray transaction;
    };

    void answer(QTcpSocket& socket, const ReceivedRequest& request);
    static QByteArray json(const Intent& intent, const QByteArray& status);

    ScriptedServer m_server;
    std::map<QByteArray, Intent> m_intents;
    std::map<QByteArray, QByteArray> m_byKey;
    std::map<QByteArray, bool> m_confirmed;
};

} // namespace counterfoil
