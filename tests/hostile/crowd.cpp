// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/crowd.h"

#include <QElapsedTimer>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace counterfoil {

namespace {

constexpr quint32 loopback = 0x7f000001U;
constexpr quint32 firstOfCrowd = 0x7f000101U;

sockaddr_in addressOf(quint32 ip, quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(ip);
    address.sin_port = htons(port);
    return address;
}

bool waitFor(int socket, short events, qint64 waitMs)
{
    pollfd one{socket, events, 0};
    return ::poll(&one, 1, static_cast<int>(std::max<qint64>(0, waitMs))) > 0;
}

} // namespace

void raiseFileLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

RawClient::RawClient(quint16 port, int address) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const sockaddr_in from = addressOf(firstOfCrowd + static_cast<quint32>(address), 0);
    const sockaddr_in to = addressOf(loopback, port);
    // Bound without a port, so that the same port may serve several addresses.
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    // So that an answer that nobody reads blocks the server soon.
    const int receiveBytes = 8 * 1024;
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &receiveBytes, sizeof receiveBytes);
    const bool connected = m_socket >= 0 && ::bind(m_socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0
        && ::connect(m_socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 && ::fcntl(m_socket, F_SETFL, O_NONBLOCK) == 0;
    if (!connected && m_socket >= 0) {
        ::close(std::exchange(m_socket, -1));
    }
}

RawClient::~RawClient()
{
    if (m_socket >= 0) {
        ::close(m_socket);
    }
}

RawClient::RawClient(RawClient&& other) noexcept : m_socket(std::exchange(other.m_socket, -1)) {}

qint64 RawClient::send(const QByteArray& bytes)
{
    if (m_socket < 0) {
        return -1;
    }
    const ssize_t sent = ::send(m_socket, bytes.constData(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent >= 0 ? sent : errno == EAGAIN ? 0 : -1;
}

bool RawClient::sendAll(const QByteArray& bytes, int waitMs)
{
    QElapsedTimer timer;
    timer.start();
    for (qsizetype done = 0; done < bytes.size();) {
        const qint64 sent = send(bytes.mid(done, 64 * 1024));
        if (sent < 0 || (sent == 0 && !waitFor(m_socket, POLLOUT, waitMs - timer.elapsed()))) {
            return false;
        }
        done += sent;
    }
    return true;
}

QByteArray RawClient::receive(int waitMs, const QByteArray& until)
{
    QByteArray all;
    QByteArray part(64 * 1024, Qt::Uninitialized);
    QElapsedTimer timer;
    timer.start();
    while ((until.isEmpty() || !all.contains(until)) && m_socket >= 0 && waitFor(m_socket, POLLIN, waitMs - timer.elapsed())) {
        const ssize_t got = ::recv(m_socket, part.data(), static_cast<size_t>(part.size()), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            break;
        }
        all.append(part.constData(), std::max<ssize_t>(0, got));
    }
    return all;
}

bool RawClient::isClosed()
{
    std::array<char, 4096> part{};
    while (m_socket >= 0) {
        const ssize_t got = ::recv(m_socket, part.data(), part.size(), MSG_DONTWAIT);
        if (got <= 0) {
            return got == 0 || errno != EAGAIN;
        }
    }
    return true;
}

void RawClient::finishSending()
{
    ::shutdown(m_socket, SHUT_WR);
}

void RawClient::reset()
{
    const linger now{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(m_socket, -1));
}

Crowd::Crowd(quint16 port, int count, int perAddress, int firstAddress)
    : m_port(port), m_count(count), m_perAddress(perAddress), m_firstAddress(firstAddress)
{
    connectAll();
}

void Crowd::connectAll()
{
    m_clients.clear();
    m_clients.reserve(static_cast<size_t>(m_count));
    for (int i = 0; i < m_count; ++i) {
        m_clients.emplace_back(m_port, m_firstAddress + i / m_perAddress);
    }
}

int Crowd::connected() const
{
    return static_cast<int>(std::ranges::count_if(m_clients, &RawClient::isOpen));
}

void Crowd::send(const QByteArray& bytes)
{
    for (RawClient& client : m_clients) {
        client.send(bytes);
    }
}

void Crowd::finishSending()
{
    std::ranges::for_each(m_clients, &RawClient::finishSending);
}

void Crowd::resetAll()
{
    std::ranges::for_each(m_clients, &RawClient::reset);
}

int Crowd::alive()
{
    return static_cast<int>(std::ranges::count_if(m_clients, [](RawClient& client) { return !client.isClosed(); }));
}

} // namespace counterfoil
