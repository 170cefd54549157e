// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_limits.h"
#include "app/common/http_message.h"
#include "models/base/error.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <list>
#include <memory>
#include <unordered_map>

namespace counterfoil {

class HttpConnection;
using HttpConnectionList = std::list<std::shared_ptr<HttpConnection>>;

/// The inside of HttpServer: the listening socket, all connections and their limits. Private to app/common. Outlives the
/// server while answers are outstanding. Everything but stop(), io() and statistics() belongs to the server's thread.
class HttpCore : public std::enable_shared_from_this<HttpCore> {
public:
    HttpCore(HttpLimits limits, HttpHandler handler);
    ~HttpCore();

    Result<quint16> listen(const QString& address, quint16 port);
    void run();
    void stop();
    HttpStatistics statistics() const;

    boost::asio::io_context& io() { return m_io; }
    const HttpLimits& limits() const { return m_limits; }
    bool isStopping() const { return m_isStopping; }

    void count(HttpRefusal refusal) { ++m_refused.at(static_cast<size_t>(refusal)); }
    /// Hands a complete request to the handler.
    void dispatch(HttpRequest request, HttpRespond respond);
    /// Files the connection under those waiting for a head (last in the queue for eviction), or under the others.
    void setInHeaderPhase(HttpConnection& connection, bool inHeaderPhase);
    /// Accounts for received body bytes; may close connections, also the given one.
    void addBodyBytes(qint64 bytes);
    void removeBodyBytes(qint64 bytes) { m_bodyBytes -= bytes; }
    /// Forgets a closed connection.
    void ended(HttpConnection& connection);

private:
    void accept();
    void handleAccepted(boost::asio::ip::tcp::socket socket);
    bool makeRoom(const std::string& addressKey);
    void sweep();
    void finishIfIdle();
    bool isTrusted(const boost::asio::ip::address& address) const;
    Result<void> readTrustedProxies();

    const HttpLimits m_limits;
    HttpHandler m_handler;
    std::vector<boost::asio::ip::network_v4> m_trusted4;
    std::vector<boost::asio::ip::network_v6> m_trusted6;
    std::unordered_map<std::string, int> m_perAddress;
    qint64 m_bodyBytes = 0;
    bool m_isStopping = false;
    std::chrono::steady_clock::time_point m_stopDeadline;
    std::atomic<quint64> m_accepted = 0;
    std::atomic<quint64> m_active = 0;
    std::atomic<quint64> m_requests = 0;
    std::array<std::atomic<quint64>, httpRefusalCount> m_refused{};

    boost::asio::io_context m_io{1};
    boost::asio::ip::tcp::acceptor m_acceptor{m_io};
    boost::asio::steady_timer m_sweepTimer{m_io};
    boost::asio::steady_timer m_acceptTimer{m_io};
    HttpConnectionList m_inHeaderPhase;
    HttpConnectionList m_others;
};

} // namespace counterfoil
