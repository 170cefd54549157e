// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_core.h"
#include "app/common/http_head.h"

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/parser.hpp>

namespace counterfoil {

/// A body for Beast's parser that grows as bytes come. Beast's own string body reserves what Content-Length announces,
/// which lets a client allocate memory with one header.
struct GrowingBody {
    using value_type = QByteArray;

    class reader {
    public:
        template<bool isRequest, class Fields>
        reader(boost::beast::http::header<isRequest, Fields>&, value_type& body) : m_body(body)
        {
        }

        void init(const boost::optional<std::uint64_t>&, boost::beast::error_code& error) { error = {}; }

        template<class Buffers>
        std::size_t put(const Buffers& buffers, boost::beast::error_code& error)
        {
            error = {};
            std::size_t taken = 0;
            for (const auto buffer : boost::beast::buffers_range_ref(buffers)) {
                m_body.append(static_cast<const char*>(buffer.data()), static_cast<qsizetype>(buffer.size()));
                taken += buffer.size();
            }
            return taken;
        }

        void finish(boost::beast::error_code& error) { error = {}; }

    private:
        value_type& m_body;
    };
};

/// One client's connection: reads a request, waits for its answer, writes it, and so on. Private to app/common; on the
/// server's thread.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    HttpConnection(boost::asio::ip::tcp::socket socket, HttpCore& core, std::string addressKey, QString peer);

    void start();
    /// Closes at once and leaves the core's lists.
    void close();
    /// Closes what is overdue, and says so in the statistics.
    void closeIfOverdue(TimePoint now);

    /// What the limit per address counts by; empty if exempt.
    const std::string& addressKey() const { return m_addressKey; }
    qint64 bodyBytes() const { return m_bodyBytes; }

    /// Where the core filed it.
    HttpConnectionList::iterator position;
    bool isInHeaderPhase = true;

private:
    enum class Phase { Waiting, Head, Body, Handling, Writing, Lingering };

    void awaitRequest();
    void read();
    void handleRead(size_t bytes);
    void readHead();
    void beginBody(size_t headBytes);
    void readBody();
    void sendContinue();
    void dispatch();
    void answer(quint64 request, HttpResponse response);
    void refuse(HttpRefusal refusal);
    void write(QByteArray bytes, bool keepAlive);
    void linger();
    std::string_view received() const { return {m_in.data(), m_in.size()}; }
    void consume(size_t bytes);
    void enter(Phase phase, int deadlineMs);
    void forgetBody();

    HttpCore& m_core;
    boost::asio::ip::tcp::socket m_socket;
    const std::string m_addressKey;
    const QString m_peer;
    Phase m_phase = Phase::Waiting;
    TimePoint m_deadline;
    // Not Beast's flat_buffer, which doubles: a slow client then holds twice what it sent.
    std::vector<char> m_in;
    size_t m_readBytes = 0;
    QByteArray m_rawHead; ///< while the rest of a body is awaited; parsed headers take many times its size
    std::optional<boost::beast::http::request_parser<GrowingBody>> m_parser;
    HttpHead m_head;
    QByteArray m_out;
    size_t m_scanned = 0;
    qint64 m_bodyBytes = 0;
    qint64 m_lingered = 0;
    quint64 m_request = 0;
    bool m_isHeadRequest = false;
    bool m_keepAlive = true;
    bool m_isClosed = false;
};

} // namespace counterfoil
