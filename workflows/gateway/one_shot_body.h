// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIODevice>

namespace counterfoil {

/// A request body that can be read once. QNetworkAccessManager sends a request again by itself when the server hangs up
/// without answering; a sequential device that refuses to rewind is what stops it (30-gateway).
class OneShotBody : public QIODevice {
    Q_OBJECT

public:
    explicit OneShotBody(QByteArray bytes);

    bool isSequential() const override { return true; }
    /// Always false.
    bool reset() override { return false; }
    qint64 bytesAvailable() const override { return m_bytes.size() - m_taken + QIODevice::bytesAvailable(); }
    qint64 size() const override { return m_bytes.size(); }
    bool atEnd() const override { return m_taken == m_bytes.size() && QIODevice::atEnd(); }
    /// How much was handed to the network. With 0 the server can't have read a request.
    qint64 bytesTaken() const { return m_taken; }

protected:
    qint64 readData(char* data, qint64 maxSize) override;
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    const QByteArray m_bytes;
    qint64 m_taken = 0;
};

} // namespace counterfoil
