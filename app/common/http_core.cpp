// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/http_core.h"

#include "app/common/http_connection.h"

#include <boost/asio/post.hpp>

#include <sys/resource.h>

namespace counterfoil {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto sweepEvery = std::chrono::milliseconds(250);
constexpr auto acceptPause = std::chrono::milliseconds(100);
constexpr auto stopWithin = std::chrono::seconds(2);

asio::ip::address unmapped(const asio::ip::address& address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    return address;
}

/// One customer of an IPv6 provider owns a whole /64, so that is what counts as an address.
std::string keyOf(const asio::ip::address& address)
{
    if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        return std::string(bytes.begin(), bytes.end());
    }
    const auto bytes = address.to_v6().to_bytes();
    return std::string(bytes.begin(), bytes.begin() + 8);
}

void allowOpenFiles(int count)
{
    rlimit limit{};
    const auto wanted = static_cast<rlim_t>(count) + 256;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min(wanted, limit.rlim_max);
        // If it fails, accept() reports it and the server pauses.
        static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
    }
}

Error bindError(const boost::system::error_code& error, const QString& address, quint16 port)
{
    const auto code = error == asio::error::address_in_use ? ErrorCode::AddressInUse : ErrorCode::ConfigurationInvalid;
    return Error{code, QStringLiteral("%1 port %2: %3").arg(address).arg(port).arg(QString::fromStdString(error.message()))};
}

} // namespace

HttpCore::HttpCore(HttpLimits limits, HttpHandler handler) : m_limits(std::move(limits)), m_handler(std::move(handler)) {}

HttpCore::~HttpCore() = default;

Result<void> HttpCore::readTrustedProxies()
{
    for (const QString& text : m_limits.trustedProxies) {
        const bool isV6 = text.contains(u':');
        const QString network = text.contains(u'/') ? text : text + (isV6 ? QStringLiteral("/128") : QStringLiteral("/32"));
        boost::system::error_code error;
        if (isV6) {
            m_trusted6.push_back(asio::ip::make_network_v6(network.toStdString(), error));
        } else {
            m_trusted4.push_back(asio::ip::make_network_v4(network.toStdString(), error));
        }
        if (error) {
            return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("trusted proxy %1").arg(text));
        }
    }
    return {};
}

bool HttpCore::isTrusted(const asio::ip::address& address) const
{
    if (address.is_v4()) {
        return std::ranges::any_of(m_trusted4, [&](const asio::ip::network_v4& network) {
            return asio::ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network.canonical();
        });
    }
    return std::ranges::any_of(m_trusted6, [&](const asio::ip::network_v6& network) {
        return asio::ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network.canonical();
    });
}

Result<quint16> HttpCore::listen(const QString& address, quint16 port)
{
    CF_TRY(readTrustedProxies());
    boost::system::error_code error;
    const auto literal = asio::ip::make_address(address.toStdString(), error);
    if (error) {
        return std::unexpected(bindError(error, address, port));
    }
    const tcp::endpoint endpoint(literal, port);
    m_acceptor.open(endpoint.protocol(), error);
    if (!error) {
        m_acceptor.set_option(asio::socket_base::reuse_address(true), error);
    }
    if (!error) {
        m_acceptor.bind(endpoint, error);
    }
    if (!error) {
        m_acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return std::unexpected(bindError(error, address, port));
    }
    allowOpenFiles(m_limits.connectionsMax);
    const quint16 bound = m_acceptor.local_endpoint(error).port();
    accept();
    sweep();
    return bound;
}

void HttpCore::run()
{
    m_io.run();
    // Connections refer to the core, so none may be left to its destructor's order.
    while (!m_inHeaderPhase.empty()) {
        m_inHeaderPhase.front()->close();
    }
    while (!m_others.empty()) {
        m_others.front()->close();
    }
}

void HttpCore::stop()
{
    asio::post(m_io, [this] {
        m_isStopping = true;
        m_stopDeadline = std::chrono::steady_clock::now() + stopWithin;
        boost::system::error_code ignored;
        m_acceptor.close(ignored);
        m_acceptTimer.cancel();
        while (!m_inHeaderPhase.empty()) {
            m_inHeaderPhase.front()->close();
        }
        finishIfIdle();
    });
}

void HttpCore::finishIfIdle()
{
    const bool isIdle = m_inHeaderPhase.empty() && m_others.empty();
    if (m_isStopping && (isIdle || std::chrono::steady_clock::now() >= m_stopDeadline)) {
        m_io.stop();
    }
}

void HttpCore::accept()
{
    m_acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
        if (m_isStopping) {
            return;
        }
        if (!error) {
            handleAccepted(std::move(socket));
            accept();
            return;
        }
        // Out of file descriptors, most likely: the client waits in the backlog until some are free.
        m_acceptTimer.expires_after(acceptPause);
        m_acceptTimer.async_wait([this](boost::system::error_code cancelled) {
            if (!cancelled) {
                accept();
            }
        });
    });
}

void HttpCore::handleAccepted(tcp::socket socket)
{
    boost::system::error_code error;
    const auto remote = unmapped(socket.remote_endpoint(error).address());
    if (error) {
        return;
    }
    ++m_accepted;
    const std::string key = isTrusted(remote) ? std::string() : keyOf(remote);
    if (!makeRoom(key)) {
        return;
    }
    if (!key.empty()) {
        ++m_perAddress[key];
    }
    ++m_active;
    auto connection = std::make_shared<HttpConnection>(std::move(socket), *this, key,
                                                       QString::fromStdString(remote.to_string()));
    connection->position = m_inHeaderPhase.insert(m_inHeaderPhase.end(), connection);
    connection->start();
}

bool HttpCore::makeRoom(const std::string& addressKey)
{
    const auto found = m_perAddress.find(addressKey);
    if (!addressKey.empty() && found != m_perAddress.end() && found->second >= m_limits.connectionsPerAddressMax) {
        count(HttpRefusal::TooManyFromAddress);
        const auto oldest = std::ranges::find_if(
            m_inHeaderPhase, [&](const auto& connection) { return connection->addressKey() == addressKey; });
        if (oldest == m_inHeaderPhase.end()) {
            return false;
        }
        std::shared_ptr(*oldest)->close();
    }
    if (m_inHeaderPhase.size() + m_others.size() >= static_cast<size_t>(m_limits.connectionsMax)) {
        count(HttpRefusal::TooManyConnections);
        if (m_inHeaderPhase.empty()) {
            return false;
        }
        std::shared_ptr(m_inHeaderPhase.front())->close();
    }
    return true;
}

void HttpCore::sweep()
{
    m_sweepTimer.expires_after(sweepEvery);
    m_sweepTimer.async_wait([this](boost::system::error_code error) {
        if (error) {
            return;
        }
        const auto now = std::chrono::steady_clock::now();
        for (auto* list : {&m_inHeaderPhase, &m_others}) {
            for (auto next = list->begin(); next != list->end();) {
                // Closing takes the connection out of the list.
                const auto connection = *next++;
                connection->closeIfOverdue(now);
            }
        }
        finishIfIdle();
        sweep();
    });
}

void HttpCore::dispatch(HttpRequest request, HttpRespond respond)
{
    ++m_requests;
    m_handler(std::move(request), std::move(respond));
}

void HttpCore::setInHeaderPhase(HttpConnection& connection, bool inHeaderPhase)
{
    auto& from = connection.isInHeaderPhase ? m_inHeaderPhase : m_others;
    auto& to = inHeaderPhase ? m_inHeaderPhase : m_others;
    to.splice(to.end(), from, connection.position);
    connection.isInHeaderPhase = inHeaderPhase;
}

void HttpCore::addBodyBytes(qint64 bytes)
{
    m_bodyBytes += bytes;
    while (m_bodyBytes > m_limits.bodyBytesTotalMax) {
        const auto largest = std::ranges::max_element(
            m_others, {}, [](const auto& connection) { return connection->bodyBytes(); });
        if (largest == m_others.end() || (*largest)->bodyBytes() == 0) {
            return;
        }
        count(HttpRefusal::BodiesTooLarge);
        std::shared_ptr(*largest)->close();
    }
}

void HttpCore::ended(HttpConnection& connection)
{
    if (!connection.addressKey().empty()) {
        const auto found = m_perAddress.find(connection.addressKey());
        if (found != m_perAddress.end() && --found->second == 0) {
            m_perAddress.erase(found);
        }
    }
    --m_active;
    (connection.isInHeaderPhase ? m_inHeaderPhase : m_others).erase(connection.position);
    finishIfIdle();
}

HttpStatistics HttpCore::statistics() const
{
    HttpStatistics result;
    result.accepted = m_accepted;
    result.active = m_active;
    result.requests = m_requests;
    for (size_t i = 0; i < m_refused.size(); ++i) {
        result.refused.at(i) = m_refused.at(i);
    }
    return result;
}

} // namespace counterfoil
