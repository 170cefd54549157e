// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace counterfoil {

/// Raises this process's limit of open files as far as it may.
void raiseFileLimit();

/// One connection to 127.0.0.1, from an address of the loopback network; never blocks longer than it is told.
class RawClient {
public:
    /// `address` counts from 127.0.1.1 on: 0 is the first.
    RawClient(quint16 port, int address);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&&) = delete;

    bool isOpen() const { return m_socket >= 0; }
    /// What the system takes at once; -1 if the other side is gone.
    qint64 send(const QByteArray& bytes);
    /// All of it, waiting for the other side to read; false if it is gone or took longer.
    bool sendAll(const QByteArray& bytes, int waitMs);
    /// Everything until the server closes, or until it holds `until`, or the time is up.
    QByteArray receive(int waitMs, const QByteArray& until = {});
    /// The server has closed; what it sent before is thrown away.
    bool isClosed();
    /// Nothing more comes from us.
    void finishSending();
    /// Closes at once, with RST.
    void reset();

private:
    int m_socket = -1;
};

/// Many of them, `perAddress` from each address.
class Crowd {
public:
    Crowd(quint16 port, int count, int perAddress, int firstAddress);

    /// How many could connect.
    int connected() const;
    /// Each sends, if it still can.
    void send(const QByteArray& bytes);
    void finishSending();
    /// RST from each.
    void resetAll();
    /// All of them anew.
    void connectAll();
    /// Those that the server hasn't closed.
    int alive();
    std::vector<RawClient>& clients() { return m_clients; }

private:
    const quint16 m_port;
    const int m_count;
    const int m_perAddress;
    const int m_firstAddress;
    std::vector<RawClient> m_clients;
};

} // namespace counterfoil
